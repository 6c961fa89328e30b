import type { AgentOptions as NodeAgentOptions, RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ClientIdentityOptions } from '../tls';
import { type ClientSettings, clientSettings } from '../tls/client-options';
import { openConnection, type Target } from '../tls/open-connection';
import { AsyncAgent } from './async-agent';

/** The options of an agent of `node:http` that have a meaning here. */
type PoolOptions = Pick<
  NodeAgentOptions,
  'keepAliveMsecs' | 'maxSockets' | 'maxFreeSockets' | 'maxTotalSockets' | 'scheduling' | 'timeout'
>;

/** Who an agent is and which servers it accepts, and how it pools connections. */
export type AgentOptions = ClientIdentityOptions &
  PoolOptions & {
    /** Whether connections are used again. @default true */
    readonly keepAlive?: boolean;
  };

/**
 * An agent for `node:https` and whatever takes one (`https.get(url, { agent })`): presents the SVID of the source and
 * sends requests only to servers that the authorizer accepts. A server is verified once for each connection.
 *
 * What a request says about certificates (`ca`, `rejectUnauthorized`, `servername` and so on) is ignored. A URL of
 * `http:` cannot be used with it.
 */
export class Agent extends AsyncAgent {
  readonly #settings: ClientSettings;
  readonly #retired = new WeakSet<Duplex>();

  /**
   * @param options who the client is and which servers it accepts
   * @throws {@link TlsError} when an option is wrong
   * @throws {@link AuthorizeError} when there is no authorizer
   */
  constructor(options: AgentOptions) {
    const settings = clientSettings(options, true);
    const {
      keepAlive = true,
      keepAliveMsecs,
      maxSockets,
      maxFreeSockets,
      maxTotalSockets,
      scheduling,
      timeout,
    } = options;
    // No session is kept: the server would be taken on trust in a resumed one.
    super({
      keepAlive,
      maxCachedSessions: 0,
      ...defined({ keepAliveMsecs, maxSockets, maxFreeSockets, maxTotalSockets, scheduling, timeout }),
    });
    this.#settings = settings;
    // Before Node.js gives the connection to a request that is queued, for which it does not ask keepSocketAlive().
    this.prependListener('free', (socket: Duplex) => {
      if (this.#retired.has(socket)) {
        socket.destroy();
      }
    });
  }

  /**
   * Opens a connection and verifies the server.
   *
   * @param options where to, as `node:http` says it
   * @param callback gets the verified connection or the error
   * @internal
   */
  override createConnection(
    options: RequestOptions,
    callback: (error: Error | null, socket: Duplex) => void = () => {},
  ): undefined {
    const done = callback as (error: Error | null, socket?: Duplex) => void;
    openConnection(targetOf(options), this.#settings, done, (socket) => this.#retire(socket));
  }

  /**
   * Whether a connection is used again after a request.
   *
   * @param socket the connection
   * @internal
   */
  override keepSocketAlive(socket: Duplex): boolean {
    // @ts-expect-error It is documented to answer, which the types forget.
    return !this.#retired.has(socket) && super.keepSocketAlive(socket);
  }

  /** Ends a connection when the request on it is done, or now when there is none. */
  #retire(socket: TLSSocket): void {
    this.#retired.add(socket);
    const idle = Object.values(this.freeSockets).some((sockets) => sockets?.includes(socket));
    if (idle) {
      socket.destroy();
    }
  }
}

/** Where a request leads to. Its `path` is that of the URL, or of a Unix socket, which then is `socketPath` too. */
function targetOf({ host, port, localAddress, socketPath }: RequestOptions): Target {
  const ALPNProtocols = ['http/1.1'];
  return socketPath
    ? { path: socketPath, ALPNProtocols }
    : { host: host ?? undefined, port: Number(port), localAddress, ALPNProtocols };
}

function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
