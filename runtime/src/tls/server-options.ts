import type { TLSSocket } from 'node:tls';
import type { AuthorizeOption } from '../authorize';
import type { IdentitySource } from './identity-source';
import type { LifetimeOptions, ProtocolOptions } from './options';
import type { PeerError, TlsError } from './tls-error';

/** A certificate for servers whose clients know web PKI only, though they present SVIDs themselves. */
export interface WebCertificate {
  /** The certificate chain as PEM. */
  readonly cert: string;
  /** The private key as PEM. */
  readonly key: string;
}

/** What servers of all protocols have in common. */
export interface CommonServerOptions extends ProtocolOptions, LifetimeOptions {
  /** Where SVID and bundles come from, such as an `X509Source`. */
  readonly source: IdentitySource;
  /**
   * Hears who was refused and why. (The event `tlsClientError` says the same, along with failed handshakes.)
   *
   * @param error why
   * @param socket the connection, which is destroyed already
   */
  readonly onRefused?: (error: PeerError | TlsError, socket: TLSSocket) => void;
  /**
   * Hears of an SVID of the source that TLS cannot use. The server goes on presenting the one before.
   *
   * @default a warning of the process
   */
  readonly onIdentityError?: (error: TlsError) => void;
  /**
   * A certificate to present in place of the SVID. It is not rotated.
   *
   * @default the SVID of the source
   */
  readonly webCertificate?: WebCertificate;
}

/** A server that demands SVIDs of its clients: mutual TLS. */
export interface MutualServerOptions extends CommonServerOptions {
  /** Who is accepted. */
  readonly authorize: AuthorizeOption;
  /** @default 'required' */
  readonly clientAuthentication?: 'required';
}

/** A server for anyone, which presents its SVID and asks for none, as bundle endpoints do. */
export interface OpenServerOptions extends CommonServerOptions {
  /** Accepts clients without asking who they are. `peerId()` has no answer on their connections. */
  readonly clientAuthentication: 'none';
  readonly authorize?: undefined;
}

/** What a server is made of. */
export type ServerIdentityOptions = MutualServerOptions | OpenServerOptions;
