import type { Server } from 'node:tls';
import type { ContextOptions } from './profile';

/** What a server of Node.js keeps of the options of its context. */
const KEPT = ['key', 'cert', 'pfx', 'passphrase'] as const;

/**
 * Has a server present an identity from the next handshake on. The key goes into OpenSSL and nowhere else: Node.js keeps
 * it as text too, in a member of the server, from where it would get into whatever shows a server, a socket or a request.
 *
 * @param server the server, which was made without a key
 * @param options the profile with certificates and key
 * @throws `Error` of Node.js when OpenSSL does not take them; then the server goes on with what it has
 * @internal
 */
export function presentOn(server: Server, options: ContextOptions): void {
  try {
    server.setSecureContext(options);
  } finally {
    for (const name of KEPT) {
      // Writable, since Node.js writes it; it stays hidden when a user sets a context of his own.
      Object.defineProperty(server, name, { value: undefined, writable: true, enumerable: false, configurable: true });
    }
  }
}
