import {
  AccessError,
  type AccessProblem,
  type ClusterAccess,
  type ClusterChanges,
  type KubeObject,
  type Resource,
} from '../kube';
import { REMOVAL } from './waits';

/**
 * Answers that come again until somebody changes something. That credentials are not accepted is none of them: those that a
 * program makes are asked for again within a minute.
 */
const LASTING: readonly AccessProblem[] = ['no-context', 'forbidden', 'too-large'];

/** Nobody who knows anything of the cluster has answered. */
const AWAY: readonly AccessProblem[] = ['unreachable', 'untrusted'];

const isLasting = (error: AccessError | undefined): boolean => AccessError.is(error, ...LASTING);

/** The objects of one kind that have to go from a cluster: which are left, and what is in their way. */
export class KindRemoval {
  private left: readonly KubeObject[] = [];
  /** Why it is not known what is left. */
  private unlisted: AccessError | undefined;
  /** Why objects were not deleted, by their names. */
  private readonly refusals = new Map<string, AccessError>();

  /**
   * @param kind such as `Namespace`
   * @param isMeant whether an object that is found has to go
   */
  constructor(
    private readonly kind: string,
    private readonly resource: Resource,
    private readonly isMeant: (object: KubeObject) => boolean,
  ) {}

  /** Looks what is left. */
  async look(access: ClusterAccess, labelSelector: string): Promise<void> {
    try {
      const objects = await access.list(this.resource, { labelSelector });
      this.left = objects.filter(this.isMeant);
      this.unlisted = undefined;
    } catch (error) {
      if (!AccessError.is(error)) throw error;
      this.left = [];
      // Of a kind that the server does not know there is nothing.
      this.unlisted = error.problem === 'not-installed' ? undefined : error;
    }
  }

  /** Deletes what was found, all at once: the access has a bound on how much is asked at a time. */
  async delete(changes: ClusterChanges, over: AbortSignal): Promise<void> {
    await Promise.all(
      this.left
        .filter((object) => !isGoing(object) && !this.isRefused(object))
        .map(async ({ metadata: { name } }) => {
          try {
            await changes.delete(this.resource, name);
            this.refusals.delete(name);
          } catch (error) {
            // What was cut off says nothing of the object.
            if (over.aborted) return;
            if (!AccessError.is(error)) throw error;
            this.refusals.set(name, error);
          }
        }),
    );
  }

  /** Whether it is known that nothing is left. */
  get isGone(): boolean {
    return this.isKnown && this.left.length === 0;
  }

  /** Whether it is known what is left. */
  get isKnown(): boolean {
    return this.unlisted === undefined;
  }

  /** Whether the cluster was not there when it was asked last. */
  get isAway(): boolean {
    return AccessError.is(this.unlisted, ...AWAY);
  }

  /** Whether trying again cannot help: nothing is left but what is refused, and will be. */
  get isSettled(): boolean {
    if (this.unlisted) return isLasting(this.unlisted);
    return this.left.every((object) => !isGoing(object) && this.isRefused(object));
  }

  /** What is left, in the words of a finding. */
  get remains(): readonly string[] {
    if (!this.isKnown) return [`perhaps ${this.kind}s`];
    return this.left.map(({ metadata }) => `${this.kind} ${metadata.name}`);
  }

  /** Why something is left; undefined when nothing is. */
  get reason(): string | undefined {
    if (this.isGone) return undefined;
    const refused = this.left.filter((object) => !isGoing(object));
    const errors = [this.unlisted, ...refused.map(({ metadata }) => this.refusals.get(metadata.name))];
    return errors.findLast((error) => error !== undefined)?.message ?? `they are still there after ${REMOVAL} s`;
  }

  /** Whether it is refused for good, so that nobody asks again. */
  private isRefused({ metadata }: KubeObject): boolean {
    return isLasting(this.refusals.get(metadata.name));
  }
}

/** Whether the server has begun to remove it. */
const isGoing = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
