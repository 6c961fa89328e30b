/**
 * HTTPS with SPIFFE identities: a server and an agent for `node:https`, a dispatcher for undici, and `fetch`.
 *
 * @packageDocumentation
 */
export { PeerError, type PeerErrorCode, type PeerIdentity, peer, peerId, TlsError, type TlsErrorCode } from '../tls';
export { Agent, type AgentOptions } from './agent';
export { type DispatcherOptions, dispatcher } from './dispatcher';
export { type FetchOptions, fetch } from './fetch';
export { createServer, type ServerOptions } from './server';
