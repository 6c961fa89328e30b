import { RECONCILE_INTERVAL } from '../../../core';
import { RESOURCES } from '../../../verify';
import { messageOf } from '../../failure';
import type { MakingMeans } from './make-relationship';
import { findRelationship, type RelationshipObject, type relationshipObject } from './relationship-object';

/**
 * So long an object stays away before it is made anew, in seconds: the controller manager compares what there is with what the server
 * has, and of an object that is there again when it looks only the bundle would be new, on which it does not act.
 */
export const AWAY = RECONCILE_INTERVAL + 2;

/** What it takes to replace a relationship. */
type Means = Pick<MakingMeans, 'changes' | 'pause' | 'say' | 'now'>;

/** A relationship is deleted, or may be, and is not made anew. What is to come must not be lost, for nothing in the cluster tells it. */
export class NotMadeAnew extends Error {
  constructor(
    readonly replacement: Replacement,
    name: string,
    cause: unknown,
  ) {
    super(`ClusterFederatedTrustDomain ${name} is not made anew: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Relationships that give way to another one. It can be gone on with where it stopped: with the bundle that was fetched and found good
 * when the old one, with the keys that were believed, was still there to compare it with.
 */
export class Replacement {
  readonly #going: string[];
  /** When the last one was deleted, in milliseconds. */
  #goneAt: number | undefined;

  /**
   * @param going names of what is to be deleted
   * @param coming what is to be made then, and what is told of it
   */
  constructor(
    going: readonly string[],
    private readonly coming: { readonly object: ReturnType<typeof relationshipObject>; readonly outcome: string },
  ) {
    this.#going = [...going];
  }

  /**
   * Does what is left to do.
   *
   * @returns what was done, as a clause
   * @throws NotMadeAnew if that is not all
   */
  async finish(means: Means): Promise<string> {
    const { object, outcome } = this.coming;
    const { name } = object.metadata;
    try {
      for (let [next] = this.#going; next !== undefined; [next] = this.#going) {
        await removeRelationship(next, means);
        this.#going.shift();
      }
      this.#goneAt ??= means.now().getTime();
      const left = AWAY - Math.floor((means.now().getTime() - this.#goneAt) / 1000);
      if (left > 0) await means.pause(left);
      await means.changes.create(RESOURCES.federatedTrustDomains, object);
      return outcome;
    } catch (error) {
      const there = this.#goneAt === undefined ? undefined : await made(name, means);
      if (there === undefined) throw new NotMadeAnew(this, name, error);
      if (there.spec?.trustDomainBundle === object.spec.trustDomainBundle) return outcome;
      // Somebody else was faster: theirs is judged as any other one is.
      throw error;
    }
  }
}

/** Deletes a relationship, and tells so. */
export async function removeRelationship(
  name: string,
  { changes, say }: Pick<Means, 'changes' | 'say'>,
): Promise<void> {
  await changes.delete(RESOURCES.federatedTrustDomains, name);
  say(`ClusterFederatedTrustDomain ${name} is deleted, to be made anew; the server keeps the bundle that it has`);
}

/** What is there after all: a request may be done that got no answer, or a wrong one. What is about to go does not count. */
async function made(name: string, { changes: { access } }: Means): Promise<RelationshipObject | undefined> {
  try {
    const object = await findRelationship(name, access);
    return object?.metadata.deletionTimestamp === undefined ? object : undefined;
  } catch {
    return undefined;
  }
}
