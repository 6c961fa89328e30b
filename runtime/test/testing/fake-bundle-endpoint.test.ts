import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { verifyX509Svid } from '../../src/svid';
import { FakeBundleEndpoint, type FakeBundleEndpointOptions, TestAuthority } from '../../src/testing';

const authority = new TestAuthority('partner.example');

async function ask(fake: FakeBundleEndpoint, options: RequestOptions = {}): Promise<[IncomingMessage, Buffer, Buffer]> {
  const asked = request(fake.url, { ca: fake.roots, agent: false, ...options }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const socket = response.socket as unknown as { getPeerCertificate(): { raw: Buffer } };
  const { raw } = socket.getPeerCertificate();
  return [response, Buffer.concat(await response.toArray()), raw];
}

const started = (options: Partial<FakeBundleEndpointOptions> = {}) =>
  FakeBundleEndpoint.start({ authority, ...options });

test('https_web: has a certificate of its own authority, and serves the bundle as it is now', async () => {
  const changing = new TestAuthority('partner.example');
  await using fake = await started({ authority: changing, profile: 'https_web' });
  const [{ statusCode, headers }, body] = await ask(fake);
  expect([statusCode, headers['content-type'], body.toString()]).toEqual([
    200,
    'application/json',
    String(changing.bundle()),
  ]);
  changing.rotate();
  expect((await ask(fake))[1].toString()).toBe(String(changing.bundle()));
});

test('https_spiffe: has the SVID of the endpoint ID', async () => {
  await using fake = await started({ path: '/endpoint' });
  const [, , raw] = await ask(fake, { rejectUnauthorized: false });
  expect(verifyX509Svid([raw], authority.x509Bundle()).id.equals(fake.endpointId)).toBe(true);
  expect(String(fake.endpointId)).toBe('spiffe://partner.example/endpoint');
});

test('presents another certificate from the next connection on', async () => {
  await using fake = await started();
  fake.present(authority.issue('/other'));
  const [, , raw] = await ask(fake, { rejectUnauthorized: false });
  expect(String(verifyX509Svid([raw], authority.x509Bundle()).id)).toBe('spiffe://partner.example/other');
});

test('gives the answers that it is told, in their order', async () => {
  await using fake = await started({ profile: 'https_web' });
  fake.always({ body: 'usual' });
  fake.next({ status: 302, headers: { location: '/a' } }, { gzip: true, body: [Buffer.from('a'), Buffer.from('b')] });
  const [redirect] = await ask(fake);
  expect([redirect.statusCode, redirect.headers.location]).toEqual([302, '/a']);
  const [zipped, body] = await ask(fake);
  expect([zipped.headers['content-encoding'], gunzipSync(body).toString()]).toEqual(['gzip', 'ab']);
  expect((await ask(fake))[1].toString()).toBe('usual');
});

test('records requests, and whether a certificate came with them', async () => {
  await using fake = await started({ profile: 'https_web' });
  const { chain, key } = authority.issue('/client');
  const pem = chain.map((der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`);
  await ask(fake, { path: '/a?b', method: 'POST' });
  await ask(fake, { cert: pem.join(''), key: key.export({ type: 'pkcs8', format: 'pem' }) });
  await fake.requested(2);
  expect(
    fake.requests.map(({ method, url, clientCertificate, servername }) => [method, url, clientCertificate, servername]),
  ).toEqual([
    ['POST', '/a?b', false, 'localhost'],
    ['GET', '/', true, 'localhost'],
  ]);
});

test('close() ends what hangs', async () => {
  const fake = await started({ profile: 'https_web' });
  fake.always({ hang: 'answer' });
  const asked = request(fake.url, { ca: fake.roots, agent: false }).end();
  await fake.requested(1);
  const error = new Promise<Error>((resolve) => asked.once('error', resolve));
  await fake.close();
  await fake.close();
  expect((await error).message).toBe('socket hang up');
});
