/**
 * TLS with SPIFFE identities: connections whose peers are verified and authorized before a byte of the application is
 * exchanged, by SVIDs that rotate without anyone noticing.
 *
 * @packageDocumentation
 */
export type {
  ClientIdentityOptions,
  CommonClientOptions,
  MutualClientOptions,
  OpenClientOptions,
} from './client-options';
export { type ConnectOptions, connect } from './connect';
export type { IdentitySource, TrustSource } from './identity-source';
export type { LifetimeOptions, ProtocolOptions } from './options';
export { type PeerCarrier, type PeerIdentity, peer, peerId } from './peer';
export type { MinVersion } from './profile';
export { createServer, type ServerOptions } from './server';
export type {
  CommonServerOptions,
  MutualServerOptions,
  OpenServerOptions,
  ServerIdentityOptions,
  WebCertificate,
} from './server-options';
export { PeerError, type PeerErrorCode, TlsError, type TlsErrorCode } from './tls-error';
