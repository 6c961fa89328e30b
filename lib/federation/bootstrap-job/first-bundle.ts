import type { WebTrust } from '../../cert-manager';

/** Settings of `FirstBundle.httpsWeb()`. */
export interface WebFirstBundleOptions {
  /** Who believes the certificate of the server. @default - everybody: it is that of a public authority */
  readonly trust?: WebTrust;
}

/** A ConfigMap that holds a bundle, as SPIRE's publishers write it. */
export interface PublishedBundle {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** Settings of `FirstBundle.ofCluster()`. */
export interface ClusterFirstBundleOptions {
  /**
   * Name of a Secret in the namespace of the consumer's SPIRE server, which holds a kubeconfig for the cluster of the peer. It is
   * the user's to make: it is a credential.
   */
  readonly kubeconfigSecret: string;
  /** Key of the kubeconfig in that Secret. @default 'kubeconfig' */
  readonly kubeconfigKey?: string;
  /** Context of the kubeconfig. @default - the current one */
  readonly context?: string;
  /**
   * Where the peer's server publishes its bundle.
   *
   * @default - as a cluster of this program publishes it; of others it has to be said
   */
  readonly configMap?: PublishedBundle;
}

/** How a source was given, before anything is known to be right about it. */
export interface GivenSource {
  readonly by: 'web' | 'pin' | 'cluster';
  readonly options: unknown;
}

const BRAND = Symbol.for('spirekit.FirstBundle');

/**
 * Where a cluster gets the bundle of a peer for the first time, and by what it knows that it is the peer's. There is no way without
 * authentication.
 */
export class FirstBundle {
  /**
   * A server with a certificate of the web, such as a bucket to which the peer publishes its bundle (`aws_s3`, `gcp_cloudstorage`).
   *
   * @param url of the bundle itself; `https` only
   */
  static httpsWeb(url: string, options: WebFirstBundleOptions = {}): FirstBundle {
    return new FirstBundle({ by: 'web', options: { ...options, url } });
  }

  /**
   * The peer's own endpoint of `https_spiffe`, whose certificate must be below one authority that is known by its fingerprint. For
   * roots that live long: one that SPIRE makes itself is another one tomorrow.
   *
   * @param fingerprint SHA-256 of the authority's certificate (DER) in 64 hexadecimal digits, as `spirekit bundle show` prints it;
   * what `openssl x509 -fingerprint -sha256` prints is taken too. The digest of all keys will not do: SPIRE makes JWT keys every day
   */
  static pinned(fingerprint: string): FirstBundle {
    return new FirstBundle({ by: 'pin', options: { fingerprint } });
  }

  /**
   * The ConfigMap in the peer's cluster by which its agents begin, read at its API server. A peer that is a cluster of this program
   * gets an account that may read that ConfigMap and nothing else: `spirekit-bundle-reader`.
   */
  static ofCluster(options: ClusterFirstBundleOptions): FirstBundle {
    return new FirstBundle({ by: 'cluster', options });
  }

  /** @internal */
  private constructor(
    /** @internal */
    readonly given: GivenSource,
  ) {
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is one, also one of another loaded copy of this library. */
  static is(value: unknown): value is FirstBundle {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
