import { once } from 'node:events';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from '../http';
import type { IdentitySource } from '../tls';
import { type BundleHandlerOptions, bundleHandler } from './bundle-handler';

/** Settings of {@link serveBundle}. */
export interface ServeBundleOptions extends BundleHandlerOptions {
  /** Where the SVID of the server comes from, such as an `X509Source`. Its ID is the endpoint ID. */
  readonly source: IdentitySource;

  /**
   * The port; 0 for one that is free.
   *
   * @default 8443
   */
  readonly port?: number;

  /**
   * The address to listen at.
   *
   * @default - all addresses
   */
  readonly host?: string;
}

const PORT = 8443;

/** How long requests that have begun may take after `close()`, in milliseconds. */
const DRAIN_MS = 5_000;

/** A server that publishes a bundle. Made by {@link serveBundle}. */
export class BundleServer implements AsyncDisposable {
  readonly #server: Server;

  /** @internal */
  constructor(server: Server) {
    this.#server = server;
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends the server: requests that have begun are answered. */
  async close(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    const timer = setTimeout(() => this.#server.closeAllConnections(), DRAIN_MS);
    this.#server.closeIdleConnections();
    await closed;
    clearTimeout(timer);
  }

  /** Ends the server, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Publishes the bundle of a trust domain as `https_spiffe`: the server presents an X.509-SVID, which rotates, and asks
 * for none.
 *
 * ```ts
 * const bundles = await BundleSource.create(); // an X509Source alone has no keys of JWT-SVIDs
 * const bundle = () =>
 *   SpiffeBundle.of({ trustDomain, x509: bundles.x509BundleFor(trustDomain), jwt: bundles.jwtBundleFor(trustDomain) });
 * await using server = await serveBundle({ source, bundle });
 * ```
 *
 * TLS has to reach this server: what ends it in between cannot present the SVID.
 *
 * @param options what to publish, and where
 * @throws {@link FederationError} `bad-option`
 * @throws {@link TlsError} when the source has no SVID
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#522-spiffe-authentication-https_spiffe
 */
export async function serveBundle(options: ServeBundleOptions): Promise<BundleServer> {
  const { source, port = PORT, host } = options;
  const server = createServer({ source, clientAuthentication: 'none' }, bundleHandler(options));
  server.listen({ port, host });
  await once(server, 'listening');
  return new BundleServer(server);
}
