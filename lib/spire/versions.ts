import { type FindingInput, isLate, isObject, PLAIN_PROBLEM } from '../core';

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

/** Parts of a reference. @see https://github.com/distribution/reference/blob/main/reference.go */
const PARTS: Readonly<Record<keyof ImageSource, { readonly form: RegExp; readonly remedy: string }>> = {
  repository: {
    form: /^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?\/)?[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*$/,
    remedy: "write registry and repository without scheme, tag and digest, such as 'ghcr.io/spiffe/spire-server'",
  },
  tag: {
    form: /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    remedy: "write a tag such as '1.15.3'; a digest has a property of its own",
  },
  digest: {
    form: /^sha256:[0-9a-f]{64}$/,
    remedy: "write 'sha256:' and 64 hexadecimal digits in lower case",
  },
};

/** What is wrong with overrides of images: a reference that no container runtime reads, or a program that is not there. */
export function imageFindings(images: ImageOverrides): FindingInput[] {
  const rule = 'image-reference';
  if (!isObject(images)) {
    return [
      {
        rule,
        property: 'images',
        value: images,
        message: 'is not an object',
        remedy: "write { spireServer: { tag: '1.15.3' } }",
      },
    ];
  }
  const findings: FindingInput[] = [];
  const known = Object.keys(SPIRE_VERSIONS[DEFAULT_SPIRE_VERSION]);
  for (const [name, image] of Object.entries(images)) {
    const property = `images.${name}`;
    if (!known.includes(name)) {
      findings.push({ rule, property, message: 'is not an image', remedy: `write one of ${known.join(', ')}` });
    } else if (image !== undefined && !isObject(image)) {
      findings.push({ rule, property, value: image, message: 'is not an object', remedy: "write { tag: '1.15.3' }" });
    } else {
      findings.push(...Object.entries(image ?? {}).flatMap(([part, value]) => partFindings(property, part, value)));
    }
  }
  return findings;
}

function partFindings(image: string, part: string, value: unknown): FindingInput[] {
  const rule = 'image-reference';
  const property = `${image}.${part}`;
  if (value === undefined) return [];
  if (!Object.hasOwn(PARTS, part)) {
    return [{ rule, property, message: 'is not a part', remedy: `write one of ${Object.keys(PARTS).join(', ')}` }];
  }
  if (isLate(value)) return [{ rule, property, ...PLAIN_PROBLEM }];
  const { form, remedy } = PARTS[part as keyof ImageSource];
  if (typeof value === 'string' && form.test(value)) return [];
  return [{ rule, property, value, message: `is not the ${part} of an image`, remedy }];
}
