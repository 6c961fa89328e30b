import { createServer } from 'node:net';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import { certificateAt, coversHost, hostsOf } from '../../../lib/verify/endpoint/tls-look';

const signal = new AbortController().signal;

test('the certificate that is shown, believed or not', async () => {
  const authority = new TestAuthority('west.example.com');
  await using fake = await FakeBundleEndpoint.start({ authority });
  fake.present(authority.issue({ path: '/spire/server', lifetimeSeconds: -1 }));
  const shown = await certificateAt({ host: '127.0.0.1', port: Number(new URL(fake.url).port) }, signal);
  expect(shown).toMatchObject({
    uris: ['spiffe://west.example.com/spire/server'],
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(shown.notAfter.getTime()).toBeLessThan(Date.now());
});

test('who speaks no TLS shows none, and who is ended waits no longer', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const silent = createServer(() => undefined);
  const listen = (each: typeof server) =>
    new Promise<number>((resolve) =>
      each.listen(0, '127.0.0.1', () => resolve((each.address() as { port: number }).port)),
    );
  const [port, silentPort] = [await listen(server), await listen(silent)];
  await expect(certificateAt({ host: '127.0.0.1', port }, signal)).rejects.toThrow();
  const abort = new AbortController();
  const waiting = certificateAt({ host: '127.0.0.1', port: silentPort }, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  server.close();
  silent.close();
});

test.each([
  [['federation.example.com'], 'federation.example.com', true],
  [['Federation.Example.com.'], 'federation.example.com', true],
  [['*.example.com'], 'federation.example.com', true],
  [['*.example.com'], 'a.federation.example.com', false],
  [['*.example.com'], 'example.com', false],
  [['example.com'], 'federation.example.com', false],
  [[], 'federation.example.com', false],
  [['10.0.0.1'], '10.0.0.1', true],
  [['fd00::1'], 'fd00::1', true],
])('%j covers %s: %s', (names, host, covers) => {
  expect(coversHost(names, host)).toBe(covers);
});

test('the hosts of a certificate, addresses as they stand in URLs', () => {
  const subjectAltName =
    'DNS:*.example.com, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1, URI:spiffe://west.example.com/a';
  expect(hostsOf({ subjectAltName })).toEqual(['*.example.com', '10.0.0.1', 'fd00::1']);
  expect(hostsOf({ subjectAltName: undefined })).toEqual([]);
});
