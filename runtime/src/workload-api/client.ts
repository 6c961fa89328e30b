import type { BundleSet } from '../bundle';
import { SpiffeId } from '../id';
import { quote } from '../id/quote';
import type { JwtSvid } from '../jwt';
import { readJwtBundles, readX509Bundles } from './answers/bundles';
import { readJwtSvids, readValidatedJwtSvid, type ValidatedJwtSvid } from './answers/jwt-svids';
import { readWitBundles, readWitSvids, type WitBundles, type WitSvid } from './answers/wit';
import { readX509Context, type X509Context } from './answers/x509-context';
import { type CallOptions, Channel } from './channel';
import type { WorkloadApiClientOptions } from './client-options';
import type { Watch, WatchOptions } from './watch';
import { WorkloadApiError } from './workload-api-error';

/** Which JWT-SVIDs are wanted. */
export interface JwtSvidRequest extends CallOptions {
  /** Whom the token is for, one or several. At least one. */
  readonly audience: string | readonly string[];

  /**
   * The identity that the token is to name.
   *
   * @default all that the workload has
   */
  readonly id?: SpiffeId | string;
}

/** Which JWT-SVID is to be validated. */
export interface ValidateJwtSvidRequest extends CallOptions {
  /** The token in compact form. */
  readonly token: string;
  /** The audience that it has to be for. */
  readonly audience: string;
}

/**
 * Asks the SPIFFE Workload API, such as the one of the SPIRE agent on this machine, for identities and bundles.
 *
 * What it sends is validated before it is handed out; a message that breaks a rule is discarded as a whole.
 *
 * - `fetch…` asks once and rejects with a {@link WorkloadApiError} when that fails; nothing is tried again. An awaited
 *   call keeps the process alive.
 * - `watch…` keeps a stream open, tries again by itself, and tells every state. It does not keep the process alive.
 *
 * All calls share one connection, which is open while there are any. The sources of this package, such as `X509Source`,
 * stand upon it and are what most programs want.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md
 */
export class WorkloadApiClient implements Disposable {
  readonly #channel: Channel;

  /**
   * Connects to nothing yet.
   *
   * @param options how it works
   * @throws {@link WorkloadApiError} `no-address` or `bad-address`
   */
  constructor(options: WorkloadApiClientOptions = {}) {
    this.#channel = new Channel(options);
  }

  /** Where the Workload API listens, as it was given. */
  get address(): string {
    return this.#channel.address;
  }

  /**
   * The X.509-SVIDs of this workload, and the bundles to verify peers by.
   *
   * @param options when to stop waiting
   */
  fetchX509Context(options?: CallOptions): Promise<X509Context> {
    return this.#channel.fetch('FetchX509SVID', {}, readX509Context, options);
  }

  /**
   * Keeps up with the X.509-SVIDs of this workload and the bundles to verify peers by.
   *
   * @param options who is told
   * @throws {@link WorkloadApiError} `closed`
   */
  watchX509Context(options: WatchOptions<X509Context>): Watch {
    return this.#channel.watch('FetchX509SVID', {}, readX509Context, options);
  }

  /**
   * The X.509 bundles alone, for those who have no identity but verify others.
   *
   * @param options when to stop waiting
   */
  fetchX509Bundles(options?: CallOptions): Promise<BundleSet> {
    return this.#channel.fetch('FetchX509Bundles', {}, readX509Bundles, options);
  }

  /**
   * Keeps up with the X.509 bundles alone.
   *
   * @param options who is told
   * @throws {@link WorkloadApiError} `closed`
   */
  watchX509Bundles(options: WatchOptions<BundleSet>): Watch {
    return this.#channel.watch('FetchX509Bundles', {}, readX509Bundles, options);
  }

  /**
   * A JWT-SVID of this workload: the first of {@link WorkloadApiClient.fetchJwtSvids}, which is the default identity.
   *
   * @param request whom the token is for
   */
  async fetchJwtSvid(request: JwtSvidRequest): Promise<JwtSvid> {
    const [svid] = await this.fetchJwtSvids(request);
    return svid as JwtSvid;
  }

  /**
   * JWT-SVIDs of this workload, at least one. Each is for all the audiences that were asked for.
   *
   * @param request whom the tokens are for
   */
  async fetchJwtSvids(request: JwtSvidRequest): Promise<JwtSvid[]> {
    const audience = typeof request.audience === 'string' ? [request.audience] : [...request.audience];
    if (audience.length === 0 || audience.includes('')) {
      throw new WorkloadApiError('invalid-argument', `audience of a JWT-SVID: is empty; say whom the token is for`);
    }
    const spiffeId = request.id === undefined ? '' : SpiffeId.parse(String(request.id)).toString();
    const asked = { audience, spiffeId };
    return this.#channel.fetch('FetchJWTSVID', asked, (answer, limits) => readJwtSvids(answer, asked, limits), request);
  }

  /**
   * The keys that JWT-SVIDs are signed by.
   *
   * @param options when to stop waiting
   */
  fetchJwtBundles(options?: CallOptions): Promise<BundleSet> {
    return this.#channel.fetch('FetchJWTBundles', {}, readJwtBundles, options);
  }

  /**
   * Keeps up with the keys that JWT-SVIDs are signed by.
   *
   * @param options who is told
   * @throws {@link WorkloadApiError} `closed`
   */
  watchJwtBundles(options: WatchOptions<BundleSet>): Watch {
    return this.#channel.watch('FetchJWTBundles', {}, readJwtBundles, options);
  }

  /**
   * Has the Workload API validate a JWT-SVID. `validateJwtSvid()` does the same here, without a call.
   *
   * @param request the token and its audience
   */
  async validateJwtSvid({ token, audience, ...options }: ValidateJwtSvidRequest): Promise<ValidatedJwtSvid> {
    for (const [name, value] of Object.entries({ token, audience })) {
      if (typeof value !== 'string' || value === '') {
        throw new WorkloadApiError('invalid-argument', `${name} of a validation: is empty; pass the ${name} as text`);
      }
    }
    return this.#channel.fetch('ValidateJWTSVID', { svid: token, audience }, readValidatedJwtSvid, options);
  }

  /**
   * The WIT-SVIDs of this workload, as they are sent. Incubating: few servers have this call, and it may change.
   *
   * @param options when to stop waiting, and the identity that is wanted
   */
  async fetchWitSvids(options: CallOptions & { readonly id?: SpiffeId | string } = {}): Promise<readonly WitSvid[]> {
    return this.#channel.fetch('FetchWITSVID', witRequest(options), readWitSvids, options);
  }

  /**
   * Keeps up with the WIT-SVIDs of this workload. Incubating: few servers have this call, and it may change.
   *
   * @param options who is told, and the identity that is wanted
   * @throws {@link WorkloadApiError} `closed`
   */
  watchWitSvids(options: WatchOptions<readonly WitSvid[]> & { readonly id?: SpiffeId | string }): Watch {
    return this.#channel.watch('FetchWITSVID', witRequest(options), readWitSvids, options);
  }

  /**
   * The keys that WIT-SVIDs are signed by. Incubating: few servers have this call, and it may change.
   *
   * @param options when to stop waiting
   */
  fetchWitBundles(options?: CallOptions): Promise<WitBundles> {
    return this.#channel.fetch('FetchWITBundles', {}, readWitBundles, options);
  }

  /**
   * Keeps up with the keys that WIT-SVIDs are signed by. Incubating: few servers have this call, and it may change.
   *
   * @param options who is told
   * @throws {@link WorkloadApiError} `closed`
   */
  watchWitBundles(options: WatchOptions<WitBundles>): Watch {
    return this.#channel.watch('FetchWITBundles', {}, readWitBundles, options);
  }

  /** Ends all watches, rejects all calls with the code `closed`, and takes no more. */
  close(): void {
    this.#channel.close();
  }

  /** Closes the client, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** The address only. */
  toString(): string {
    return `WorkloadApiClient ${quote(this.address)}`;
  }
}

function witRequest({ id }: { readonly id?: SpiffeId | string }): { spiffeId: string } {
  return { spiffeId: id === undefined ? '' : SpiffeId.parse(String(id)).toString() };
}
