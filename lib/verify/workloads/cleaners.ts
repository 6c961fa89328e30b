import type { ClusterChanges } from '../kube';
import type { ClusterObjects } from '../observe/cluster-objects';
import { type Remains, removeLeftovers, removeRun } from './cleanup';
import type { RunNames } from './names';
import type { Say } from './stage';
import { REMOVAL } from './waits';

/** What is left in each cluster; undefined where nothing is. A cluster that does not answer is missing. */
export type RemainsOf = ReadonlyMap<ClusterObjects, Remains | undefined>;

/** Sees to it that nothing stays behind in any cluster: neither of this run, nor of earlier ones that were killed. */
export class Cleaners {
  private readonly clusters = new Map<
    ClusterObjects,
    { readonly changes: ClusterChanges; readonly before?: Remains }
  >();
  private ended: Promise<RemainsOf> | undefined;

  constructor(
    private readonly names: RunNames,
    private readonly say: Say,
  ) {}

  /** Removes what earlier runs have left. */
  async begin(clusters: readonly ClusterObjects[], all: boolean, now: number): Promise<void> {
    await Promise.all(
      [...new Set(clusters)].map(async (objects) => {
        try {
          await objects.version();
        } catch {
          // Nothing is made in a cluster that does not answer, of which others tell.
          return;
        }
        // A signal of its own, which nobody aborts: what is on its way to the server when the test is broken off could be made
        // after all else was removed.
        const changes = objects.access.changes(new AbortController().signal);
        const before = await removeLeftovers(changes, all, now);
        this.clusters.set(objects, { changes, ...(before && { before }) });
      }),
    );
  }

  /**
   * What changes a cluster.
   *
   * @throws the reason why the cluster does not answer
   */
  async changesOf(objects: ClusterObjects): Promise<ClusterChanges> {
    await objects.version();
    const known = this.clusters.get(objects);
    if (!known) throw new Error('the cluster was not looked at');
    return known.changes;
  }

  /** Removes what this run has made, once. What cannot be removed is said, with the command that does it. */
  end(): Promise<RemainsOf> {
    this.ended ??= this.removeAll();
    return this.ended;
  }

  private async removeAll(): Promise<RemainsOf> {
    if (this.clusters.size > 0) this.say(`removes what was made, for ${REMOVAL} s at most`);
    const all = await Promise.all(
      [...this.clusters].map(async ([objects, { changes, before }]) => {
        const left = await removeRun(changes, this.names);
        if (left)
          this.say(
            `${objects.access.context}: ${leftText(left)}; ${removalCommand(objects.access.context, this.names.selector)}`,
          );
        return [objects, left ?? before] as const;
      }),
    );
    return new Map(all);
  }
}

/** What is left, and why, in one line. */
export const leftText = ({ objects, reason }: Remains): string =>
  `not everything was removed (${objects.join(', ') || 'it is not known what is left'}): ${reason}`;

/** The command that removes what a selector finds. */
const removalCommand = (context: string, selector: string): string =>
  `kubectl --context ${context} delete namespaces,clusterspiffeids -l ${selector}`;
