import { quote } from '../id/quote';
import { DEFAULT_MIN_VERSION, type MinVersion } from './profile';
import { TlsError } from './tls-error';

/** How TLS is spoken. */
export interface ProtocolOptions {
  /** The oldest version of TLS. @default 'TLSv1.2' */
  readonly minVersion?: MinVersion;
  /** How long a peer may take until it is verified, in milliseconds. @default 10000 */
  readonly handshakeTimeoutMs?: number;
}

/** How long a connection may live. Rotation and removal of bundles are looked after in any case. */
export interface LifetimeOptions {
  /**
   * The age at which a connection is ended, in milliseconds, give or take a tenth so that not all end at once.
   *
   * @default unlimited
   */
  readonly maxConnectionAgeMs?: number;
  /**
   * Whether a connection is ended when the SVID of the peer, as it was presented in the handshake, expires.
   *
   * @default true where it can be done without losing a request (HTTP servers and agents, HTTP/2), else false
   */
  readonly endOnPeerExpiry?: boolean;
  /**
   * How long a connection that is to end may go on with what it has begun, in milliseconds; then it is destroyed.
   *
   * @default 30000
   */
  readonly drainMs?: number;
}

const DEFAULT_HANDSHAKE_TIMEOUT_MS = 10_000;
const DEFAULT_DRAIN_MS = 30_000;

/**
 * The options that were given, and nothing that they inherit: a property that some other code put on `Object.prototype`
 * must not decide about security.
 *
 * @param options the options of a user
 */
export function ownOptions<T extends object>(options: T): T {
  return Object.assign(Object.create(null), options);
}

/**
 * Whether the one side has to present an SVID to the other. Any other word than the two is refused, and not taken for
 * either.
 *
 * @param word the value of the option `clientAuthentication`
 */
export function requireAuthentication(word: unknown): boolean {
  if (word !== 'required' && word !== 'none') {
    throw new TlsError('option-invalid', `clientAuthentication ${quote(word)}: is unknown; use 'required' or 'none'`);
  }
  return word === 'required';
}

/** {@link ProtocolOptions} with every value. */
export function readProtocol(options: ProtocolOptions): Required<ProtocolOptions> {
  const { minVersion = DEFAULT_MIN_VERSION } = options;
  if (minVersion !== 'TLSv1.2' && minVersion !== 'TLSv1.3') {
    throw new TlsError('option-invalid', `minVersion ${quote(minVersion)}: is not spoken; use 'TLSv1.2' or 'TLSv1.3'`);
  }
  return {
    minVersion,
    handshakeTimeoutMs: milliseconds('handshakeTimeoutMs', options.handshakeTimeoutMs ?? DEFAULT_HANDSHAKE_TIMEOUT_MS),
  };
}

/** {@link LifetimeOptions} with every value; no greatest age is infinite. */
export function readLifetime(options: LifetimeOptions, endOnPeerExpiry: boolean): Required<LifetimeOptions> {
  return {
    maxConnectionAgeMs:
      options.maxConnectionAgeMs === undefined
        ? Number.POSITIVE_INFINITY
        : milliseconds('maxConnectionAgeMs', options.maxConnectionAgeMs),
    endOnPeerExpiry: options.endOnPeerExpiry ?? endOnPeerExpiry,
    drainMs: milliseconds('drainMs', options.drainMs ?? DEFAULT_DRAIN_MS),
  };
}

function milliseconds(name: string, value: number): number {
  if (typeof value !== 'number' || !(value > 0 && Number.isFinite(value))) {
    throw new TlsError('option-invalid', `${name} ${quote(value)}: is no time; give milliseconds, more than 0`);
  }
  return value;
}

/**
 * Refuses what is no source, where it is given and not at the first handshake.
 *
 * @param source what untyped code may have passed for one
 * @param presents whether an SVID of it is to be presented
 */
export function requireSource(source: unknown, presents: boolean): void {
  const { x509Svid, x509BundleFor } = (typeof source === 'object' ? (source ?? {}) : {}) as Record<string, unknown>;
  if (typeof x509BundleFor !== 'function' || (presents && typeof x509Svid !== 'function')) {
    throw new TlsError('option-invalid', `source ${quote(source)}: is none; pass one, such as an X509Source`);
  }
}
