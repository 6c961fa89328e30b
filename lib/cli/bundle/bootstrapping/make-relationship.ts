import { type BootstrapRelationship, bundleDigest, canonicalBundle } from '../../../federation';
import { type ClusterAccess, type ClusterChanges, RESOURCES } from '../../../verify';
import type { FetchedBundle } from '../fetching';
import { isRekeyed, requireUsable } from './bundle-judgement';
import { Refusal } from './refusal';
import { findRelationship, relationshipObject, saysTheSame } from './relationship-object';
import { Replacement, removeRelationship } from './replacement';

/** What it takes to make a relationship. */
export interface MakingMeans {
  readonly access: ClusterAccess;
  readonly changes: ClusterChanges;
  /** Gets the bundle to begin with. */
  fetch(): Promise<FetchedBundle>;
  /** Waits so many seconds. */
  pause(seconds: number): Promise<void>;
  /** Tells what is done, while it goes on. */
  say(text: string): void;
  now(): Date;
  /** Digests of bundles that may be replaced by others, beside that of the program. */
  readonly replaceable: ReadonlySet<string>;
}

/**
 * Makes a relationship with a bundle whose origin is proven; one that is there as it shall be is left alone, and nothing is fetched.
 *
 * Where it is there otherwise, it is deleted and made anew, because a change of the bundle alone is not acted on. Meanwhile nothing is lost
 * but the fetches of some seconds: the server keeps the bundle that it has, and workloads their identities.
 *
 * @returns what was done, as a clause
 * @throws NotMadeAnew if it is deleted and not made anew: whoever catches it is to go on with what it holds
 * @throws Refusal if keys that are believed would be replaced by others, and nobody has decided so
 */
export async function makeRelationship(wanted: BootstrapRelationship, means: MakingMeans): Promise<string> {
  const { name, earlier } = wanted;
  const [own, other] = await Promise.all([
    findRelationship(name, means.access),
    findRelationship(earlier, means.access),
  ]);
  for (const object of [own, other]) {
    if (object?.metadata.deletionTimestamp === undefined) continue;
    throw new Error(`ClusterFederatedTrustDomain ${object.metadata.name} is being deleted`);
  }
  const held = (own ?? other)?.spec?.trustDomainBundle;
  const digest = held === undefined ? undefined : bundleDigest(held);
  const mayReplace = digest !== undefined && (wanted.replaces === digest || means.replaceable.has(digest));
  const isThere = own !== undefined && held !== undefined && saysTheSame(own, wanted.spec);
  if (isThere && !mayReplace) {
    if (other) await removeRelationship(earlier, means);
    return `ClusterFederatedTrustDomain ${name} is there as declared, and is left alone`;
  }
  const fetched = await means.fetch();
  requireUsable(fetched.bundle, means.now());
  const text = canonicalBundle(fetched.bundle);
  if (held !== undefined && !mayReplace && isRekeyed(held, fetched.bundle, means.now())) {
    throw new Refusal(
      `the bundle from ${fetched.from} has none of the keys that are believed now and have not ended: the peer has new keys altogether, or it is not the peer; ` +
        `ask those who run it, and write replaces: '${digest}' if it is`,
    );
  }
  if (isThere && bundleDigest(text) === digest) {
    return `ClusterFederatedTrustDomain ${name} has these very keys already, and is left alone`;
  }
  const from = `${fetched.from}; proven by ${fetched.provenBy}`;
  const object = relationshipObject(wanted, { text, from });
  const outcome = `ClusterFederatedTrustDomain ${name} is made, with the bundle from ${from} (${bundleDigest(text)})`;
  const there = [own, other].flatMap((each) => (each ? [each.metadata.name] : []));
  if (there.length > 0) return new Replacement(there, { object, outcome }).finish(means);
  await means.changes.create(RESOURCES.federatedTrustDomains, object);
  return outcome;
}
