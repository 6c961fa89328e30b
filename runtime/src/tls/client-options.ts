import { type AuthorizeOption, type Authorizer, toAuthorizer } from '../authorize/authorizer';
import type { IdentitySource, TrustSource } from './identity-source';
import {
  type LifetimeOptions,
  ownOptions,
  type ProtocolOptions,
  readLifetime,
  readProtocol,
  requireAuthentication,
  requireSource,
} from './options';

/** What clients of all protocols have in common. */
export interface CommonClientOptions extends ProtocolOptions, LifetimeOptions {
  /** Which servers are accepted. */
  readonly authorize: AuthorizeOption;
  /**
   * The name to ask the server for in the clear (SNI). An SVID is not about host names, so none is sent.
   *
   * @default none
   */
  readonly servername?: string;
}

/** A client that presents its SVID: mutual TLS. */
export interface MutualClientOptions extends CommonClientOptions {
  /** Where SVID and bundles come from, such as an `X509Source`. */
  readonly source: IdentitySource;
  /** @default 'required' */
  readonly clientAuthentication?: 'required';
}

/**
 * A client that presents nothing and verifies the server all the same. Without an own trust domain the authorizer has to
 * name one, or to be `federated()`.
 */
export interface OpenClientOptions extends CommonClientOptions {
  /** Where the bundles come from. */
  readonly source: TrustSource;
  /** Presents no certificate, even if the server asks for one. */
  readonly clientAuthentication: 'none';
}

/** Who a client is and which servers it accepts. */
export type ClientIdentityOptions = MutualClientOptions | OpenClientOptions;

/** {@link ClientIdentityOptions} with every value. */
export interface ClientSettings {
  /** Whose SVID is presented; undefined to present nothing. */
  readonly identity: IdentitySource | undefined;
  /** Whose bundles the server is verified with. */
  readonly source: IdentitySource | TrustSource;
  readonly authorize: Authorizer;
  readonly servername: string;
  readonly protocol: Required<ProtocolOptions>;
  readonly lifetime: Required<LifetimeOptions>;
}

/**
 * Reads the options of a client. What is wrong with them is said here, before there is a connection.
 *
 * @param options who it is and which servers it accepts
 * @param endOnPeerExpiry the default of the protocol
 * @throws {@link TlsError} when an option is wrong
 * @throws {@link AuthorizeError} when there is no authorizer
 * @internal
 */
export function clientSettings(options: ClientIdentityOptions, endOnPeerExpiry: boolean): ClientSettings {
  const own = ownOptions(options);
  const { source, clientAuthentication = 'required', servername = '' } = own;
  const presents = requireAuthentication(clientAuthentication);
  requireSource(source, presents);
  return {
    identity: presents ? (source as IdentitySource) : undefined,
    source,
    authorize: toAuthorizer(own.authorize),
    servername,
    protocol: readProtocol(own),
    lifetime: readLifetime(own, endOnPeerExpiry),
  };
}
