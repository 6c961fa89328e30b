/**
 * gRPC with SPIFFE identities, for `@grpc/grpc-js`, which has to be installed.
 *
 * @packageDocumentation
 */
export { PeerError, type PeerErrorCode, type PeerIdentity, TlsError, type TlsErrorCode } from '../tls';
export { clientCredentials } from './client-credentials';
export { type Call, callPeer as peer, createServer, peerId } from './server';
