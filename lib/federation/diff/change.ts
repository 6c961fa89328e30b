import { sha256 } from '../../core';

/**
 * What a change asks of people. `forbidden`: SPIRE or the platform refuses it, or breaks by it. `approval`: somebody is believed,
 * or can do harm, who could not before, so that somebody has to decide about it. `no-effect`: an edit that does nothing.
 * `note`: there is nothing to decide.
 */
export type ChangeEffect = 'forbidden' | 'approval' | 'no-effect' | 'note';

/** The effects, the most urgent first. */
export const EFFECTS: readonly ChangeEffect[] = ['forbidden', 'approval', 'no-effect', 'note'];

/** What has changed, in a word that stays. */
export type ChangeKind =
  | 'member-added'
  | 'member-removed'
  | 'member-renamed'
  | 'trust-domain-changed'
  | 'platform-changed'
  | 'operator-immutable'
  | 'edge-added'
  | 'edges-added'
  | 'edge-made-mutual'
  | 'edge-removed'
  | 'edges-removed'
  | 'profile-downgraded'
  | 'profile-upgraded'
  | 'endpoint-added'
  | 'endpoint-removed'
  | 'endpoint-moved'
  | 'endpoint-url-changed'
  | 'endpoint-id-changed'
  | 'endpoint-hosted'
  | 'endpoint-self-served'
  | 'endpoint-exposure-changed'
  | 'endpoint-details-changed'
  | 'tls-ended-by-router'
  | 'tls-passed-through'
  | 'web-trust-widened'
  | 'web-trust-narrowed'
  | 'certificate-source-changed'
  | 'web-roots-added'
  | 'web-roots-removed'
  | 'bundle-alone'
  | 'bundle-imposed'
  | 'bundle-removed'
  | 'first-bundle-changed'
  | 'static-relationships-changed'
  | 'upstream-added'
  | 'upstream-removed'
  | 'upstream-roots-changed'
  | 'refresh-hint-changed'
  | 'ca-ttl-changed'
  | 'key-type-changed'
  | 'keys-in-memory'
  | 'keys-kept'
  | 'servers-changed'
  | 'agents-changed'
  | 'version-changed'
  | 'server-place-changed'
  | 'class-changed'
  | 'proxy-changed'
  | 'fetching-changed'
  | 'roots-pooled'
  | 'exporter-added'
  | 'exporter-removed'
  | 'identity-added'
  | 'identity-added-with-peers'
  | 'identity-removed'
  | 'identity-peers-added'
  | 'identity-peers-removed'
  | 'identity-accepts-more'
  | 'identity-accepts-less'
  | 'identity-covers-more'
  | 'identity-covers-less'
  | 'catch-all-federates'
  | 'blast-radius-grown'
  | 'shared-roots-accepted'
  | 'shared-roots-refused'
  | 'budget-loosened'
  | 'budget-tightened'
  | 'shelf-life-changed'
  | 'rule-accepted'
  | 'rule-acceptance-removed';

/** Something that is otherwise than it was when the federation was deployed last. */
export interface MeshChange {
  /** Its kind, and the beginning of a digest of all that it says has changed: no other change has the same. */
  readonly id: string;
  readonly kind: ChangeKind;
  readonly effect: ChangeEffect;
  /** Name of the member that it concerns; empty when it concerns the mesh as a whole. */
  readonly member: string;
  /** The other end of an edge: name of a member, or a trust domain that no member has. @default - none is concerned */
  readonly peer?: string;
  /** The identity of the member that has changed; of several that changed alike, `is` says them. @default - none has */
  readonly identity?: string;
  /** What was. @default - there was nothing */
  readonly was?: string;
  /** What is. @default - there is nothing any more */
  readonly is?: string;
  /** What it means: a sentence without its subject, which is the member. */
  readonly message: string;
  /** What to do about it. @default - there is nothing to do */
  readonly remedy?: string;
}

/** A change before it has its id. */
export type ChangeInput = Omit<MeshChange, 'id'>;

/** Digits that tell changes apart. */
const DIGITS = 8;

/** A change with its id. What it means may be said better in another version, and is no part of it. */
export function changeOf({ kind, effect, member, peer, identity, was, is, message, remedy }: ChangeInput): MeshChange {
  const facts = JSON.stringify([kind, member, peer ?? null, identity ?? null, was ?? null, is ?? null]);
  return {
    id: `${kind}-${sha256(facts).slice(0, DIGITS)}`,
    kind,
    effect,
    member,
    ...(peer !== undefined && { peer }),
    ...(identity !== undefined && { identity }),
    ...(was !== undefined && { was }),
    ...(is !== undefined && { is }),
    message,
    ...(remedy !== undefined && { remedy }),
  };
}
