import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { buildCertificate } from '@spirekit/runtime/testing';
import { networkReason } from '../../../lib/image-build/sources/network-reason';

const NOW = new Date('2026-11-29T10:36:11.123Z');
const HOUR = 3_600_000;

/** A server with a certificate that is valid from and until so many hours from now. */
async function serve(from: number, until: number) {
  const [notBefore, notAfter] = [Date.now() + from * HOUR, Date.now() + until * HOUR];
  const { der, key } = buildCertificate({
    subject: { CN: 'mirror' },
    subjectAltNames: [{ dns: 'localhost' }],
    notBefore,
    notAfter,
  });
  const cert = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  const server = createServer({ cert, key: key.export({ type: 'pkcs8', format: 'pem' }) }, (_, response) =>
    response.end(),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, cert, port: (server.address() as AddressInfo).port };
}

/** How `fetch()` reports what goes wrong with a connection. */
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('a certificate', () => {
  test.each([
    [1, 2, 'has a certificate that is not valid yet (CERT_NOT_YET_VALID; '],
    [-2, -1, 'has a certificate that has expired (CERT_HAS_EXPIRED; '],
  ])('from %i to %i hours from now is told of together with the clock', async (from, until, begins) => {
    const { server, cert, port } = await serve(from, until);
    try {
      const error = await new Promise((done) =>
        connect({ port, host: '127.0.0.1', servername: 'localhost', ca: cert }).on('error', done),
      );
      expect(networkReason(fetchFailed(error), NOW)).toEqual({
        reason: `${begins}this machine's clock shows 2026-11-29T10:36:11Z)`,
        again: false,
        clock: true,
      });
    } finally {
      server.close();
    }
  });

  test('of nobody who is known is not tried again', async () => {
    const { server, port } = await serve(-1, 1);
    try {
      const error = await fetch(`https://127.0.0.1:${port}/`).catch((thrown: unknown) => thrown);
      expect(networkReason(error)).toEqual({
        reason: 'has a certificate that is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT)',
        again: false,
        authority: true,
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

test.each([
  ['ECONNRESET', 'drops the connection (ECONNRESET)', true],
  ['ENOTFOUND', 'has a name that is not known here (ENOTFOUND)', false],
  ['EAI_AGAIN', 'has a name that cannot be looked up at the moment (EAI_AGAIN)', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'does not answer in time (UND_ERR_CONNECT_TIMEOUT)', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'has a certificate that is not trusted here (ERR_TLS_CERT_ALTNAME_INVALID)', false],
  ['ESTRANGE', 'fails: strange', true],
])('%s', (code, reason, again) => {
  expect(networkReason(fetchFailed(Object.assign(new Error('strange'), { code })))).toEqual({ reason, again });
});

test('of several addresses of a host, the first says why', () => {
  const each = (code: string) => Object.assign(new Error(code), { code });
  const all = new AggregateError([each('ECONNREFUSED'), each('ENETUNREACH')], '');
  expect(networkReason(fetchFailed(all)).reason).toBe('refuses connections (ECONNREFUSED)');
});

test('what is no error of a system is shown as it is', () => {
  expect(networkReason('odd')).toEqual({ reason: 'fails: odd', again: true });
  expect(networkReason(fetchFailed(new Error('bad port')))).toEqual({ reason: 'fails: bad port', again: true });
});
