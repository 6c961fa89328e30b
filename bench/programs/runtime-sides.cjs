// Mutual TLS on both sides of a comparison: the identities of this package, and what plain Node.js does with the same
// certificates, one list of authorities for all and no authorization.

const { constants, X509Certificate } = require('node:crypto');
const https = require('node:https');
const tls = require('node:tls');
const { memberOf } = require('@spirekit/runtime/authorize');
const http = require('@spirekit/runtime/http');
const { TestAuthority, TestSource } = require('@spirekit/runtime/testing');
const runtime = require('@spirekit/runtime/tls');

const TRUST_DOMAIN = 'example.org';

const authority = new TestAuthority(TRUST_DOMAIN);
const sources = { server: TestSource.of(authority, '/server'), client: TestSource.of(authority, '/client') };

/** The options of this package for one end of the connections. */
function identity(end) {
  return { source: sources[end], authorize: memberOf(TRUST_DOMAIN) };
}

/** The same for Node.js: it verifies the chain, and no host name, of which an SVID has none. */
function certificates(end) {
  const svid = sources[end].x509Svid();
  return {
    cert: svid.certificatesPem(),
    key: svid.privateKeyPem(),
    ca: new X509Certificate(authority.der).toString(),
    minVersion: 'TLSv1.2',
    // The suite that this package prefers: it is not the ciphers that are to be compared.
    ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256',
    // As this package does it: a session that is never resumed needs no ticket.
    secureOptions: constants.SSL_OP_NO_TICKET,
    requestCert: true,
    rejectUnauthorized: true,
    checkServerIdentity: () => undefined,
  };
}

/** The context is made once for each SVID, which is the fastest that plain Node.js can be. */
function plainClient() {
  const { rejectUnauthorized, checkServerIdentity, ...context } = certificates('client');
  return { secureContext: tls.createSecureContext(context), rejectUnauthorized, checkServerIdentity, servername: '' };
}

/** Makes another SVID, which the source of the clients is to have at some time. */
function anotherClient() {
  return authority.x509Svid('/client');
}

/** Each side: servers for sockets and for requests, a way to connect, an agent, and a way to rotate the clients. */
const sides = {
  ours: () => ({
    tlsServer: (listener) => runtime.createServer(identity('server'), listener),
    connect: (port) => runtime.connect({ ...identity('client'), host: '127.0.0.1', port }),
    httpsServer: (handler) => http.createServer(identity('server'), handler),
    agent: (maxSockets) => new http.Agent({ ...identity('client'), maxSockets }),
    present: (svid) => sources.client.set(svid),
  }),
  plain: () => {
    let client = plainClient();
    return {
      tlsServer: (listener) => tls.createServer(certificates('server'), listener),
      connect: (port) =>
        new Promise((resolve, reject) => {
          const socket = tls.connect({ ...client, host: '127.0.0.1', port });
          socket.once('error', reject).once('secureConnect', () => resolve(socket.off('error', reject)));
        }),
      httpsServer: (handler) => https.createServer(certificates('server'), handler),
      agent: (maxSockets) => new https.Agent({ ...client, keepAlive: true, maxCachedSessions: 0, maxSockets }),
      present: (svid) => {
        sources.client.set(svid);
        client = plainClient();
      },
    };
  },
};

/** Starts a server and resolves to its port. */
function listening(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

module.exports = { anotherClient, listening, sides };
