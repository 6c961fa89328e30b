import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { quote } from '../id/quote';
import { CIPHERS, DEFAULT_MIN_VERSION } from '../tls/profile';
import type { HttpsWebProfile } from './endpoint-profile';
import { FederationError } from './federation-error';
import { addressOf, type Request, unreachable } from './request';

/** Made once it is needed, for it takes a while to read all public authorities. */
let publicContext: SecureContext | undefined;

/** Those of profiles with roots of their own, which may be as many. */
const contexts = new WeakMap<HttpsWebProfile, SecureContext>();

/**
 * Connects to a server with a certificate of the Web PKI for the host name of the URL.
 *
 * Nothing is left to defaults that the environment can change: `NODE_TLS_REJECT_UNAUTHORIZED` would switch off the
 * verification, and `NODE_EXTRA_CA_CERTS` add authorities.
 *
 * @param tunnel a connection that leads there already
 * @throws {@link FederationError} `unreachable` or `untrusted-server`
 */
export function connectWeb(request: Request, profile: HttpsWebProfile, tunnel: Socket | undefined): Promise<TLSSocket> {
  const { signal } = request;
  const { host, port, servername } = addressOf(request.url);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      ...(tunnel && { socket: tunnel }),
      // Without one, it is the host that the certificate has to name.
      ...(servername !== '' && { servername }),
      secureContext: contextFor(profile),
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    });
    if (request.background) socket.unref();
    const abort = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', abort);
    const settle = (action: () => void) => {
      signal.removeEventListener('abort', abort);
      action();
    };
    socket.once('secureConnect', () => settle(() => resolve(socket)));
    socket.on('error', (error) =>
      settle(() => reject(signal.aborted ? signal.reason : failure(request, socket, error))),
    );
  });
}

function contextFor(profile: HttpsWebProfile): SecureContext {
  const options = { ciphers: CIPHERS, minVersion: DEFAULT_MIN_VERSION } as const;
  const { roots } = profile;
  if (roots !== undefined) {
    const context = contexts.get(profile) ?? createSecureContext({ ...options, ca: roots });
    contexts.set(profile, context);
    return context;
  }
  publicContext ??= createSecureContext({ ...options, ca: [...rootCertificates] });
  return publicContext;
}

function failure(request: Request, socket: TLSSocket, error: Error): FederationError {
  // Node.js notes here what its verification found; other failures are none of the certificate.
  if (!socket.authorizationError) {
    return unreachable(request, error);
  }
  return new FederationError(
    'untrusted-server',
    `${request.subject}: the certificate of the server is refused: ${quote(error.message)}; look whether the URL and ` +
      "the profile are right, and pass its authority as 'roots' if it is a private one",
    { cause: error },
  );
}
