import { inNameOrder, sha256 } from '../../core';
import type { MeshData } from '../model';

/** What a lock file calls itself. A number for each form that older versions cannot read. */
export const LOCK_SCHEMA = 'spirekit/mesh-lock/v1';

/** A key of a bundle, by what tells it from others. */
export interface LockedKey {
  /** `x509-svid` or `jwt-svid`; whatever a broken bundle says. */
  readonly use?: string;
  /** Of a certificate: SHA-256 of its DER, as openssl prints it. */
  readonly fingerprint?: string;
  /** Of a key of JWT-SVIDs: its name. */
  readonly kid?: string;
  /** End of a certificate in ISO 8601. */
  readonly notAfter?: string;
}

/** A bundle without what it is made of. */
export interface LockedBundle {
  /** Whose it is said to be. */
  readonly trustDomains: readonly string[];
  /** When the first of its certificates ends, in ISO 8601. */
  readonly notAfter?: string;
  readonly keys: readonly LockedKey[];
}

/** A root certificate. */
export interface LockedRoot {
  readonly subject: string;
  /** SHA-256 of its DER, as openssl prints it. */
  readonly fingerprint: string;
  /** Its end in ISO 8601. */
  readonly notAfter: string;
}

/** What a lock file says. */
export interface LockContent {
  readonly schema: string;
  /** By the digest that stands for it in the meshes. */
  readonly bundles: Readonly<Record<string, LockedBundle>>;
  /** Roots of upstream and web authorities, by the digest that stands for them in the meshes. */
  readonly roots: Readonly<Record<string, readonly LockedRoot[]>>;
  /** By the path of the construct. */
  readonly meshes: Readonly<Record<string, MeshData>>;
}

/** How deep a lock's own content goes, with room: beyond that it is none. */
const DEEPEST = 32;

/**
 * Digest of a content: of its JSON without white space, names sorted.
 *
 * @throws RangeError if it is nested too deeply to be a lock
 */
export const digestOf = (content: object): string => `sha256:${sha256(JSON.stringify(inNameOrder(content, DEEPEST)))}`;
