/**
 * HTTP/2 with SPIFFE identities: servers and sessions of `node:http2`.
 *
 * @packageDocumentation
 */
export { PeerError, type PeerErrorCode, type PeerIdentity, peer, peerId, TlsError, type TlsErrorCode } from '../tls';
export { type ConnectOptions, connect } from './connect';
export { createServer, type ServerOptions } from './server';
