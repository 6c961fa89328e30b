import { addTo } from '../../core';
/** Two nodes, by their numbers, with a line between them. */
export interface Link {
  readonly a: number;
  readonly b: number;
}

/** Those that a node has a line to. */
export function neighboursOf(links: readonly Link[]): Map<number, Set<number>> {
  const neighbours = new Map<number, Set<number>>();
  const add = (from: number, to: number): void => {
    addTo(neighbours, from, to);
  };
  for (const { a, b } of links) {
    add(a, b);
    add(b, a);
  }
  return neighbours;
}

/** The parts of a graph that are connected, by their first nodes; each in the order of its numbers. */
export function componentsOf(count: number, links: readonly Link[]): number[][] {
  const neighbours = neighboursOf(links);
  const seen = new Set<number>();
  const components: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (seen.has(start)) continue;
    seen.add(start);
    const component = [start];
    // It grows while it is read.
    for (const node of component) {
      for (const next of neighbours.get(node) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        component.push(next);
      }
    }
    components.push(component.sort((a, b) => a - b));
  }
  return components;
}
