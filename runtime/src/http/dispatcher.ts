import type { Agent, buildConnector } from 'undici';
import { quote } from '../id/quote';
import { type ClientIdentityOptions, TlsError } from '../tls';
import { clientSettings } from '../tls/client-options';
import { HTTPS_PORT, requireHttps } from '../tls/https-url';
import { openConnection } from '../tls/open-connection';

/** Who a client is and which servers it accepts, and how its connections are pooled. */
export type DispatcherOptions = ClientIdentityOptions & {
  /**
   * Options of the `Agent` of undici, but for `connect` and `factory`, which decide about connections. A limit of
   * `connections` does not go with `maxConnectionAgeMs`.
   */
  readonly undici?: Omit<Agent.Options, 'connect' | 'factory' | 'clientTtl' | 'interceptors'>;
};

/**
 * A dispatcher for undici, and for the `fetch` of Node.js: `fetch(url, { dispatcher })`. It presents the SVID of the
 * source and sends requests only to servers that the authorizer accepts, those that a redirect leads to included. A URL
 * of `http:` is refused.
 *
 * (The types of Node.js may be of another version of undici, and those of browsers know no dispatcher:
 * `fetch(url, { dispatcher } as never)`.)
 *
 * Keep one and use it again, since it is what pools the connections. `fetch()` of this package does that by itself.
 *
 * The greatest age of a connection counts when the next request would be sent on it. A connection does not end because
 * the SVID of the server has expired, since undici has no way to end one between two requests at a given time: set
 * `maxConnectionAgeMs` to the lifetime of the SVIDs or less, and no connection outlives one by more than that.
 * (`endOnPeerExpiry` breaks it at that moment, whatever is going on.)
 *
 * @param options who the client is and which servers it accepts
 * @throws {@link TlsError} when an option is wrong
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function dispatcher(options: DispatcherOptions): Agent {
  const settings = clientSettings(options, false);
  const { maxConnectionAgeMs } = settings.lifetime;
  const { connections } = options.undici ?? {};
  if (Number.isFinite(maxConnectionAgeMs) && connections) {
    // With one connection undici forgets the age, with a few it waits for ever for those that it has just ended.
    throw new TlsError(
      'option-invalid',
      `undici.connections ${quote(connections)}: does not go with maxConnectionAgeMs; leave one of them out`,
    );
  }
  // undici ends a connection between two requests, we could only break it.
  const lifetime = { ...settings.lifetime, maxConnectionAgeMs: Number.POSITIVE_INFINITY };
  const ALPNProtocols = options.undici?.allowH2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  const connect = (target: buildConnector.Options, done: buildConnector.Callback): void => {
    const { protocol, hostname, port, httpSocket, localAddress } = target;
    try {
      requireHttps(protocol, hostname);
    } catch (error) {
      process.nextTick(done, error, null);
      return;
    }
    openConnection(
      {
        host: hostname,
        port: Number(port || HTTPS_PORT),
        ALPNProtocols,
        socket: httpSocket,
        localAddress: localAddress ?? undefined,
      },
      { ...settings, lifetime },
      (error, socket) => (socket === undefined ? done(error as Error, null) : done(null, socket)),
    );
  };
  // Loaded with the first dispatcher: servers and agents do without it.
  const { Agent } = require('undici') as typeof import('undici');
  return new Agent({
    ...options.undici,
    ...(Number.isFinite(maxConnectionAgeMs) && { clientTtl: maxConnectionAgeMs }),
    connect,
  });
}
