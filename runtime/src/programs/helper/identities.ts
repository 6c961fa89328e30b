import { JwtSource, type SourceEvent, type SourceOptions, X509Source } from '../../source';
import { WorkloadApiClient } from '../../workload-api';
import { pickerFor } from '../client-options';
import type { Snapshot } from './file-set';
import { HelperError } from './helper-error';
import type { HelperOptions } from './helper-options';
import { Tokens } from './tokens';

/** Told what happens between the helper and the Workload API. */
export interface IdentitiesListener {
  /** There may be another snapshot. */
  changed(): void;
  /** Something failed. Without a time there will be no update any more. */
  failed(error: unknown, retryInMs: number | undefined): void;
}

/** What of the helper's options decides about the identities. */
export type IdentitiesOptions = Pick<HelperOptions, 'socket' | 'hint' | 'jwtSvid' | 'jwtBundles' | 'onRedaction'>;

/** Everything that the helper writes into files, kept up to date. Does not keep the process alive once it is open. */
export class Identities {
  /**
   * Waits until the Workload API has given the X.509-SVID, and the keys of JWT-SVIDs if it is asked for anything of
   * theirs.
   *
   * @param options what is wanted
   * @param listener told of what happens
   * @param signal stops waiting
   * @throws {@link WorkloadApiError}
   */
  static async open(
    options: IdentitiesOptions,
    listener: IdentitiesListener,
    signal: AbortSignal,
  ): Promise<Identities> {
    const client = new WorkloadApiClient({ address: options.socket });
    // One that fails ends the wait for the other.
    const failing = new AbortController();
    const settings: SourceOptions = {
      client,
      signal: AbortSignal.any([signal, failing.signal]),
      initialTimeoutMs: 0,
      onRedaction: options.onRedaction === 'keep' ? 'keep-until-expiry' : undefined,
      observe: (event) => report(event, listener),
    };
    const picker = pickerFor(options.hint);
    const opening = [
      X509Source.create({ ...settings, picker }),
      options.jwtBundles || options.jwtSvid.size > 0 ? JwtSource.create({ ...settings, picker }) : undefined,
    ] as const;
    try {
      const [x509, jwt] = await Promise.all(opening);
      return new Identities(client, x509, jwt, options, listener);
    } catch (error) {
      failing.abort();
      client.close();
      await Promise.allSettled(opening);
      throw error;
    }
  }

  readonly #client: WorkloadApiClient;
  readonly #x509: X509Source;
  readonly #jwt: JwtSource | undefined;
  readonly #wantsJwtBundles: boolean;
  readonly #tokens: Tokens | undefined;

  private constructor(
    client: WorkloadApiClient,
    x509: X509Source,
    jwt: JwtSource | undefined,
    options: IdentitiesOptions,
    listener: IdentitiesListener,
  ) {
    this.#client = client;
    this.#x509 = x509;
    this.#jwt = jwt;
    this.#wantsJwtBundles = options.jwtBundles;
    this.#tokens = jwt && new Tokens(jwt, options.jwtSvid, listener);
    x509.onUpdate(() => listener.changed());
    jwt?.onUpdate(() => listener.changed());
  }

  /** Whether the Workload API has taken the identity away. */
  get redacted(): boolean {
    return this.#x509.svids.length === 0;
  }

  /**
   * All that there is now.
   *
   * @throws {@link HelperError} `incomplete` when something is missing
   * @throws {@link WorkloadApiError} when the Workload API does not give the identity that is wanted
   */
  snapshot(): Snapshot {
    const svid = this.#x509.x509Svid();
    const { trustDomains } = this.#x509;
    const missing = this.#tokens?.missing ?? [];
    if (missing.length > 0) {
      throw new HelperError(
        'incomplete',
        `JWT-SVIDs: the Workload API has not given those for ${missing.join(', ')} yet`,
      );
    }
    const jwt = this.#wantsJwtBundles ? this.#jwt : undefined;
    return {
      svid,
      x509Bundles: trustDomains.flatMap((each) => this.#x509.x509BundleFor(each) ?? []),
      jwtBundles: jwt ? jwt.trustDomains.flatMap((each) => jwt.jwtBundleFor(each) ?? []) : [],
      tokens: this.#tokens?.current ?? new Map(),
    };
  }

  /** Asks no more. */
  async close(): Promise<void> {
    this.#tokens?.close();
    await Promise.all([this.#x509.close(), this.#jwt?.close()]);
    this.#client.close();
  }
}

function report(event: SourceEvent, listener: IdentitiesListener): void {
  if (event.type === 'error') {
    listener.failed(event.error, event.retryInMs);
  }
}
