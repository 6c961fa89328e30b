import { constants } from 'node:crypto';
import type { SecureVersion } from 'node:tls';

/**
 * The TLS of every connection: what Mozilla calls the intermediate profile, without the suites of finite-field
 * Diffie-Hellman, for which Node.js needs parameters.
 *
 * @see https://wiki.mozilla.org/Security/Server_Side_TLS#Intermediate_compatibility_(recommended)
 */
export const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** The oldest version of TLS that is spoken. */
export type MinVersion = 'TLSv1.2' | 'TLSv1.3';

/** The oldest version unless an option says otherwise. */
export const DEFAULT_MIN_VERSION: MinVersion = 'TLSv1.2';

/**
 * Without tickets no session is resumed, in which the peer would be taken on trust. Without renegotiation no peer can
 * change its certificate after it was verified.
 */
const SECURE_OPTIONS = constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION;

/** What goes into every secure context. */
export interface ContextOptions {
  readonly ca: [];
  readonly ciphers: string;
  readonly minVersion: SecureVersion;
  readonly secureOptions: number;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * The options of a secure context.
 *
 * @param minVersion the oldest version of TLS
 * @param identity certificates and key as PEM; whatever else it holds is left out
 */
export function contextOptions(minVersion: MinVersion, identity?: { cert: string; key: string }): ContextOptions {
  // `ca: undefined` would mean the public roots of Node.js: nothing but our own verification may accept a peer.
  const profile = { ca: [] as [], ciphers: CIPHERS, minVersion, secureOptions: SECURE_OPTIONS };
  return identity === undefined ? profile : { cert: identity.cert, key: identity.key, ...profile };
}
