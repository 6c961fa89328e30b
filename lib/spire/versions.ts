/** An image that a component runs. */
export interface ImageSource {
  /** Registry and repository without a tag, such as `ghcr.io/spiffe/spire-server`. */
  readonly repository: string;
  readonly tag: string;
  /**
   * Digest such as `sha256:…`: pins the image whatever becomes of the tag.
   *
   * @default - the tag decides
   */
  readonly digest?: string;
}

/** The programs of a SPIRE installation that come in images of their own. */
export type ImageName =
  | 'spireServer'
  | 'spireAgent'
  | 'oidcDiscoveryProvider'
  | 'controllerManager'
  | 'spiffeCsiDriver'
  | 'nodeDriverRegistrar'
  | 'spiffeHelper';

type Images = Readonly<Record<ImageName, ImageSource>>;

// Satellites released apart from SPIRE.
const SATELLITES = {
  // https://github.com/spiffe/spire-controller-manager/releases
  controllerManager: { repository: 'ghcr.io/spiffe/spire-controller-manager', tag: '0.7.0' },
  // https://github.com/spiffe/spiffe-csi/releases
  spiffeCsiDriver: { repository: 'ghcr.io/spiffe/spiffe-csi-driver', tag: '0.2.12' },
  // https://github.com/kubernetes-csi/node-driver-registrar/releases
  nodeDriverRegistrar: { repository: 'registry.k8s.io/sig-storage/csi-node-driver-registrar', tag: 'v2.15.0' },
  // https://github.com/spiffe/spiffe-helper/releases
  spiffeHelper: { repository: 'ghcr.io/spiffe/spiffe-helper', tag: '0.11.0' },
} as const;

/** SPIRE's own images carry its version without a `v`. @see https://github.com/spiffe/spire/releases */
function spire(tag: string): Images {
  return {
    spireServer: { repository: 'ghcr.io/spiffe/spire-server', tag },
    spireAgent: { repository: 'ghcr.io/spiffe/spire-agent', tag },
    oidcDiscoveryProvider: { repository: 'ghcr.io/spiffe/oidc-discovery-provider', tag },
    ...SATELLITES,
  };
}

/** The SPIRE versions that this library writes configuration for, with the images that go together. */
export const SPIRE_VERSIONS = { '1.15.3': spire('1.15.3') } as const satisfies Record<string, Images>;

/** A SPIRE version that this library knows. */
export type SpireVersion = keyof typeof SPIRE_VERSIONS;

/** Used when a program names no version. */
export const DEFAULT_SPIRE_VERSION: SpireVersion = '1.15.3';

/** Other images than the version table's, for a mirror, a rebuild or a pinned digest. */
export type ImageOverrides = { readonly [K in ImageName]?: Partial<ImageSource> };

/** The image reference as Kubernetes reads it. */
export function imageReference(version: SpireVersion, name: ImageName, overrides: ImageOverrides = {}): string {
  const { repository, tag, digest } = { ...SPIRE_VERSIONS[version][name], ...overrides[name] };
  return `${repository}:${tag}${digest ? `@${digest}` : ''}`;
}
