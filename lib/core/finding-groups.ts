import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isCluster } from './cluster';
import { hasReport } from './report-section';

/** Name of the group of what belongs to the program as a whole. */
export const WHOLE = 'app';

/** Where a finding stands: its cluster or mesh, and the path in there. */
export interface Place {
  /** Path of the cluster or mesh; empty for the program as a whole. */
  readonly group: string;
  /** Path below it; empty for the group itself. */
  readonly path: string;
}

/**
 * Paths by which the findings of a tree are grouped, in construct order: clusters, plain charts that stand for one, and
 * what has a report of its own, as meshes do.
 */
export function groupsOf(root: IConstruct): string[] {
  const groups: string[] = [];
  const stack: { construct: IConstruct; inChart: boolean }[] = [{ construct: root, inChart: false }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { construct, inChart } = next;
    const isChart = Chart.isChart(construct);
    const { path } = construct.node;
    if (path !== '' && ((isChart && !inChart) || isCluster(construct) || hasReport(construct))) groups.push(path);
    const { children } = construct.node;
    for (let i = children.length - 1; i >= 0; i--) {
      stack.push({ construct: children[i] as IConstruct, inChart: inChart || isChart });
    }
  }
  return groups;
}

/** Parts of a path are set apart by a slash; behind a colon stands what has no construct, as members outside of the program. */
const SEPARATOR = /\/|: /g;

/**
 * The place of a path: the innermost of the groups that it lies in.
 *
 * @param groups undefined: nothing is known of the tree, and the first part of a path stands for its group
 */
export function placeOf(path: string, groups: ReadonlySet<string> | undefined): Place {
  const ends = [...path.matchAll(SEPARATOR)].map(
    ({ index, 0: separator }) => [index, index + separator.length] as const,
  );
  ends.push([path.length, path.length]);
  const isGroup = ([end]: readonly [number, number]) => !groups || groups.has(path.slice(0, end));
  const found = groups ? ends.findLast(isGroup) : ends[0];
  return found ? { group: path.slice(0, found[0]), path: path.slice(found[1]) } : { group: '', path };
}
