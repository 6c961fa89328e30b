import type { BundleSource } from '../model';
import { type Fields, listOf, type Misfit, objectOf, optional, required, text, word } from '../plain-data';

/** What the Job is told, in a file. */
export interface BootstrapConfig {
  readonly schema: string;
  readonly relationships: readonly BootstrapRelationship[];
}

/** A relationship that the Job makes, and where it gets the bundle for it. */
export interface BootstrapRelationship {
  /** Name of the ClusterFederatedTrustDomain. */
  readonly name: string;
  /** Name of the one that the program itself would make, and may have made before: this one takes its place. */
  readonly earlier: string;
  /** As the object has it, without the bundle. */
  readonly spec: RelationshipSpec;
  readonly from: BootstrapSource;
  /** Digest of the bundle that may be replaced by one of other keys. @default - none */
  readonly replaces?: string;
}

/** The terms of a ClusterFederatedTrustDomain. */
export interface RelationshipSpec {
  readonly trustDomain: string;
  readonly bundleEndpointURL: string;
  readonly bundleEndpointProfile: { readonly type: 'https_web' | 'https_spiffe'; readonly endpointSPIFFEID?: string };
  readonly className?: string;
}

/** Where the bundle comes from. */
export interface BootstrapSource {
  readonly by: BundleSource;
  /** Of `web`: where it is. */
  readonly url?: string;
  /** Of `web`: root certificates (PEM) that alone are believed. @default - the public ones */
  readonly roots?: string;
  /** Of `pin`: SHA-256 in 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Of `cluster`: file of the kubeconfig. */
  readonly kubeconfig?: string;
  /** Of `cluster`. @default - the current one of the kubeconfig */
  readonly context?: string;
  /** Of `cluster`: the ConfigMap. */
  readonly configMap?: { readonly namespace: string; readonly name: string; readonly key: string };
}

/** Which edition of the file this is. */
export const BOOTSTRAP_SCHEMA = 'spirekit/bundle-bootstrap/v1';

const configMap: Fields<NonNullable<BootstrapSource['configMap']>> = {
  namespace: required(text),
  name: required(text),
  key: required(text),
};

const source: Fields<BootstrapSource> = {
  by: required(word('web', 'pin', 'cluster')),
  url: optional(text),
  roots: optional(text),
  sha256: optional(text),
  kubeconfig: optional(text),
  context: optional(text),
  configMap: optional(objectOf(configMap)),
};

const profile: Fields<RelationshipSpec['bundleEndpointProfile']> = {
  type: required(word('https_web', 'https_spiffe')),
  endpointSPIFFEID: optional(text),
};

const spec: Fields<RelationshipSpec> = {
  trustDomain: required(text),
  bundleEndpointURL: required(text),
  bundleEndpointProfile: required(objectOf(profile)),
  className: optional(text),
};

const relationship: Fields<BootstrapRelationship> = {
  name: required(text),
  earlier: required(text),
  spec: required(objectOf(spec)),
  from: required(objectOf(source)),
  replaces: optional(text),
};

const config = objectOf<BootstrapConfig>({
  schema: required(word(BOOTSTRAP_SCHEMA)),
  relationships: required(listOf(objectOf(relationship))),
});

/** What each source cannot do without. */
const NEEDED: Readonly<Record<BundleSource, readonly (keyof BootstrapSource)[]>> = {
  web: ['url'],
  pin: ['sha256'],
  cluster: ['kubeconfig', 'configMap'],
};

/** The file as text; the same relationships give the same text. */
export const writeBootstrapConfig = (relationships: readonly BootstrapRelationship[]): string =>
  `${JSON.stringify({ schema: BOOTSTRAP_SCHEMA, relationships }, null, 2)}\n`;

/**
 * Reads the file. Never throws.
 *
 * @returns what is wrong with it, a clause for each fault, if it cannot be gone by
 */
export function readBootstrapConfig(given: string): BootstrapConfig | readonly string[] {
  let data: unknown;
  try {
    data = JSON.parse(given);
  } catch (error) {
    return [`is no JSON: ${(error as Error).message}`];
  }
  const misfits: Misfit[] = [];
  const read = config(data, misfits);
  if (!read || misfits.length > 0) {
    return misfits.map(({ at, message, remedy }) => `${at.replace(/^\./, '') || 'the whole'} ${message}; ${remedy}`);
  }
  const missing = read.relationships.flatMap(({ from }, index) =>
    NEEDED[from.by]
      .filter((name) => from[name] === undefined)
      .map((name) => `relationships[${index}].from.${name} is missing; set it`),
  );
  return missing.length > 0 ? missing : read;
}
