import type { Server } from 'node:tls';
import { isolate } from '../core';
import { quote } from '../id/quote';
import type { X509Svid } from '../svid/x509-svid';
import type { IdentitySource } from './identity-source';
import { presentOn } from './present';
import { contextOptions, type MinVersion } from './profile';
import { TlsError } from './tls-error';
import { noIdentity } from './verify-peer';

/**
 * What a server presents. The source is asked before each handshake, and the context of the server is made anew when
 * the SVID is another one: so there is nothing to subscribe to, and a server that nobody connects to does nothing.
 */
export class ServerContext {
  readonly #source: IdentitySource;
  readonly #minVersion: MinVersion;
  readonly #onIdentityError: (error: TlsError) => void;
  #presented: X509Svid;
  /** The SVID that was tried last, so that one that is of no use is tried and reported once. */
  #tried: X509Svid;

  /**
   * @param source where the SVID comes from
   * @param minVersion the oldest version of TLS
   * @param onIdentityError hears of an SVID that TLS cannot use
   * @throws {@link TlsError} when there is no SVID yet
   */
  constructor(source: IdentitySource, minVersion: MinVersion, onIdentityError: (error: TlsError) => void) {
    this.#source = source;
    this.#minVersion = minVersion;
    this.#onIdentityError = onIdentityError;
    this.#presented = this.#read();
    this.#tried = this.#presented;
  }

  /**
   * Has a server present the SVID that the source had when this was made.
   *
   * @param server the server, which presents nothing yet
   * @throws {@link TlsError} `identity-unusable`
   */
  start(server: Server): void {
    try {
      this.#present(server, this.#presented);
    } catch (cause) {
      throw unusable(this.#presented, cause);
    }
  }

  /**
   * Sees to it that the next handshake presents the SVID that the source has now.
   *
   * @param server the server
   * @throws {@link TlsError} `no-identity` when the source has none any more: then nothing is to be presented
   */
  refresh(server: Server): void {
    const svid = this.#read();
    if (svid === this.#tried) {
      return;
    }
    this.#tried = svid;
    if (svid.equals(this.#presented)) {
      return;
    }
    try {
      this.#present(server, svid);
      this.#presented = svid;
    } catch (cause) {
      // Node.js keeps the context that it has: the one before goes on being presented.
      isolate('onIdentityError', () => this.#onIdentityError(unusable(svid, cause)));
    }
  }

  #present(server: Server, svid: X509Svid): void {
    const identity = { cert: svid.certificatesPem(), key: svid.privateKeyPem() };
    presentOn(server, contextOptions(this.#minVersion, identity));
  }

  #read(): X509Svid {
    try {
      return this.#source.x509Svid();
    } catch (cause) {
      throw noIdentity(cause);
    }
  }
}

/**
 * The error for an SVID that OpenSSL does not take.
 *
 * @param svid the SVID
 * @param cause what OpenSSL said, which is about the kind of the fault and never about the key itself
 * @internal
 */
export function unusable(svid: X509Svid, cause: unknown): TlsError {
  const reason = cause instanceof Error ? cause.message : quote(cause);
  return new TlsError(
    'identity-unusable',
    `X.509-SVID ${quote(svid.id.toString())}: TLS cannot use it: ${reason}; have another one issued`,
    { cause },
  );
}
