import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createPlainServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageReference } from '../../../lib/image';
import { pushImage, type RegistryOptions } from '../../../lib/image-build/registry';
import { webCertificate } from './certificates';
import { FakeRegistry } from './fake-registry';
import { MemoryImage } from './images';
import { withoutLogins } from './without-logins';

const QUICK: RegistryOptions = { pause: 1, tries: 2 };
const image = new MemoryImage([]);
const ends: (() => Promise<unknown>)[] = [];

withoutLogins();
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function secure(certificate = webCertificate()) {
  const { cert, key } = certificate;
  const registry = await FakeRegistry.start({ tls: { cert, key } });
  ends.push(() => registry.end());
  return registry;
}

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return `localhost:${(server.address() as AddressInfo).port}`;
}

const push = (host: string, options: RegistryOptions = {}) =>
  pushImage(image, ImageReference.parse(`${host}/app:1`), { ...QUICK, ...options });

/** The text of the error, with the time left out. */
async function failure(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => new Error('it went well'),
    (thrown: Error) => thrown,
  );
  return `${error.name}: ${error.message}`.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME');
}

describe('certificates', () => {
  test('of the option are trusted', async () => {
    const certificate = webCertificate();
    const registry = await secure(certificate);
    await push(registry.host, { ca: certificate.ca });
    expect(registry.manifests.has('1')).toBe(true);
  });

  test("of Docker's folder are trusted, for their host alone", async () => {
    const certificate = webCertificate();
    const registry = await secure(certificate);
    const folder = mkdtempSync(join(tmpdir(), 'spirekit-test-'));
    ends.push(async () => rmSync(folder, { recursive: true }));
    const refused = `ImageError: registry '${registry.host}' has a certificate of an authority that is not known here; if it is a private one, pass its certificate as 'ca', or put it into '/etc/docker/certs.d/${registry.host}/ca.crt'`;
    mkdirSync(join(folder, 'localhost'));
    writeFileSync(join(folder, 'localhost', 'ca.crt'), certificate.ca);
    expect(await failure(push(registry.host, { certificatesFolder: folder }))).toBe(refused);
    mkdirSync(join(folder, registry.host));
    writeFileSync(join(folder, registry.host, 'ca.key'), 'no certificate, and not asked for');
    expect(await failure(push(registry.host, { certificatesFolder: folder }))).toBe(refused);
    writeFileSync(join(folder, registry.host, 'any.crt'), certificate.ca);
    await push(registry.host, { certificatesFolder: folder });
    expect(registry.manifests.has('1')).toBe(true);
    writeFileSync(join(folder, registry.host, 'any.crt'), 'nothing');
    expect(await failure(push(registry.host, { certificatesFolder: folder }))).toBe(
      `ImageError: '${join(folder, registry.host, 'any.crt')}' holds no certificate in PEM; give it the certificate of the authority, '-----BEGIN CERTIFICATE-----' and what follows`,
    );
  });

  test('are verified, whatever the environment says', async () => {
    const registry = await secure();
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await failure(push(registry.host))).toMatch(/has a certificate of an authority that is not known here/);
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(registry.log).toEqual([]);
  });

  test.each([
    [
      webCertificate({ days: -1 }),
      'has a certificate that has expired, while the clock of this machine shows TIME; set the clock if it is wrong, else renew the certificate',
    ],
    [
      webCertificate({ from: 4, days: 9 }),
      'has a certificate that is not valid yet, while the clock of this machine shows TIME; set the clock if it is wrong, else renew the certificate',
    ],
    [
      webCertificate({ host: 'other.example' }),
      'has a certificate for another name; write the name that is in it, or issue it for this one',
    ],
  ])('that do not hold are refused: %#', async (certificate, text) => {
    const registry = await secure(certificate);
    expect(await failure(push(registry.host, { ca: certificate.ca }))).toBe(
      `ImageError: registry '${registry.host}' ${text}`,
    );
  });

  test.each(['', 'text', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])('%j is none', async (ca) => {
    expect(await failure(push('localhost:1', { ca }))).toBe(
      "ImageError: option 'ca' holds no certificate in PEM; give it the certificate of the authority, '-----BEGIN CERTIFICATE-----' and what follows",
    );
  });
});

describe('without TLS', () => {
  test('this machine alone is spoken to, unless it is said', async () => {
    const registry = await FakeRegistry.start();
    ends.push(() => registry.end());
    for (const host of ['localhost', '127.0.0.1']) await push(`${host}:${registry.port}`);
    expect(await failure(push(registry.host, { plainHttp: false }))).toBe(
      `ImageError: registry '${registry.host}' does not speak TLS; check the port, or pass 'plainHttp: true' if everyone on the way may read and alter the image`,
    );
    await push(registry.host, { plainHttp: true });
  });

  test('a server with TLS is not asked for', async () => {
    const registry = await secure();
    expect(await failure(push(registry.host, { plainHttp: true }))).toMatch(/^ImageError: registry 'localhost:\d+' /);
  });

  test('a server that hangs up at the first word of TLS is tried', async () => {
    const host = await listening(
      createServer((_, response) => void response.writeHead(404).end()).on('clientError', (__, socket) =>
        socket.destroy(),
      ),
    );
    expect(await failure(push(host))).toBe(
      `ImageError: '${host}' answers 404 to GET /v2/, so it is no registry; check host and port`,
    );
  });
});

describe('what is no registry', () => {
  test.each([
    [200, { 'Content-Type': 'text/html; charset=utf-8' }, 'answers 200 with a page for people to GET /v2/'],
    [404, { 'Content-Type': 'text/html' }, 'answers 404 with a page for people to GET /v2/'],
    [403, { 'Content-Type': 'text/html' }, 'answers 403 with a page for people to GET /v2/'],
    [404, {}, 'answers 404 to GET /v2/'],
    [400, {}, 'answers 400 to GET /v2/'],
    [302, { Location: 'https://example.com/login' }, "leads to 'https://example.com'"],
  ])('%d %j', async (status, headers, text) => {
    const host = await listening(createServer((_, response) => void response.writeHead(status, headers).end('<html>')));
    expect(await failure(push(host))).toBe(`ImageError: '${host}' ${text}, so it is no registry; check host and port`);
  });

  test('speaks another protocol', async () => {
    const host = await listening(
      createPlainServer((socket) => socket.on('error', () => undefined).end('220 mail ready\r\n')),
    );
    expect(await failure(push(host))).toMatch(
      /^ImageError: registry 'localhost:\d+' answers with something else than HTTP; check host and port$/,
    );
  });

  test('says nothing', async () => {
    const host = await listening(createPlainServer((socket) => socket.on('error', () => undefined)));
    expect(await failure(push(host, { plainHttp: true, timeout: 50 }))).toBe(
      `ImageError: registry '${host}' does not answer (ETIMEDOUT), 2 times; check the network, and try again`,
    );
  });

  test('is not there', async () => {
    const server = createPlainServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `localhost:${(server.address() as AddressInfo).port}`;
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(push(host))).toBe(
      `ImageError: registry '${host}' refuses connections; check host and port, and that it runs`,
    );
  });

  test('has no address', async () => {
    expect(await failure(push('registry.invalid'))).toMatch(
      /^ImageError: registry 'registry\.invalid' cannot be found in DNS \((ENOTFOUND|EAI_AGAIN)\)(, 2 times)?; check the name, and that this machine has a name server/,
    );
  });
});

test('an upload that is led out of TLS is not begun', async () => {
  const certificate = webCertificate();
  const registry = await secure(certificate);
  registry.fault = (method) =>
    method === 'POST'
      ? { status: 202, headers: { Location: `http://${registry.host}/v2/app/blobs/uploads/1?secret` } }
      : undefined;
  expect(await failure(push(registry.host, { ca: certificate.ca }))).toBe(
    `ImageError: registry '${registry.host}' leads from 'https://${registry.host}/v2/app/blobs/uploads/' to 'http://${registry.host}/v2/app/blobs/uploads/1', where the image could be altered on the way; have the proxy before it send 'X-Forwarded-Proto: https'`,
  );
});

test.each([
  [{ tries: 0 }, "option 'tries' is 0; write a whole number from 1 on"],
  [{ tries: 1.5 }, "option 'tries' is 1.5; write a whole number from 1 on"],
  [{ pause: -1 }, "option 'pause' is -1; write a whole number from 0 on"],
  [{ timeout: Number.NaN }, "option 'timeout' is NaN; write a whole number from 1 on"],
])('options that cannot be kept to: %j', async (options, text) => {
  expect(await failure(push('localhost:1', options))).toBe(`ImageError: ${text}`);
});
