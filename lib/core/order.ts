import type { IConstruct } from 'constructs';
import { pushTo } from './multimap';
import type { TreeObject } from './tree';
import { compareWaves, type Wave } from './wave';

/** A dependency that no order can satisfy. */
export class OrderError extends Error {
  constructor(
    message: string,
    /** Paths of the constructs concerned. */
    readonly paths: readonly string[],
  ) {
    super(message);
    this.name = 'OrderError';
  }
}

/**
 * Sorts objects by wave, then by the dependencies between constructs (`node.addDependency`), then in construct order.
 *
 * cdk8s expands a dependency between two groups into all pairs and walks them without a memory, which takes exponential
 * time; here a group is one node of the graph, so the cost grows with objects and dependencies.
 *
 * @throws OrderError if dependencies form a cycle, or an object depends on one of a later wave
 */
export function inOrder(objects: readonly TreeObject[]): TreeObject[] {
  const sorted = objects
    .map((entry, index) => ({ entry, index }))
    .sort((a, b) => compareWaves(a.entry.wave, b.entry.wave) || a.index - b.index)
    .map(({ entry }) => entry);
  const graph = new Graph(sorted);
  return graph.isEmpty ? sorted : graph.sort();
}

/** Nodes 0…n−1 are the objects in their wanted order; further nodes stand for the begin or the end of a group. */
class Graph {
  private readonly successors: number[][] = [];
  private readonly predecessors: number[] = [];
  private readonly members = new Map<IConstruct, number[]>();
  private readonly ends = new Map<IConstruct, number>();
  readonly isEmpty: boolean;

  constructor(private readonly objects: readonly TreeObject[]) {
    for (let i = 0; i < objects.length; i++) this.addNode();
    const sources = new Set<IConstruct>();
    const seen = new Set<IConstruct>();
    for (const { object } of objects) {
      // Most trees have no dependencies at all: look at each construct once.
      for (let scope: IConstruct | undefined = object; scope && !seen.has(scope); scope = scope.node.scope) {
        seen.add(scope);
        if (scope.node.dependencies.length > 0) sources.add(scope);
      }
    }
    this.isEmpty = sources.size === 0;
    if (this.isEmpty) return;
    const groups = new Set<IConstruct>(sources);
    for (const source of sources) for (const target of source.node.dependencies) groups.add(target);
    objects.forEach(({ object }, position) => {
      for (const scope of object.node.scopes) {
        if (!groups.has(scope)) continue;
        pushTo(this.members, scope, position);
      }
    });
    for (const source of sources) this.addSource(source);
  }

  sort(): TreeObject[] {
    const result: TreeObject[] = [];
    const ready = new MinHeap();
    // A group's node goes before all objects: whom it sets free then competes with them by wave and position.
    const rank = (node: number): number => (node < this.objects.length ? node : -node);
    this.predecessors.forEach((count, node) => {
      if (count === 0) ready.push(rank(node));
    });
    let wave: Wave | undefined;
    for (let first = ready.pop(); first !== undefined; first = ready.pop()) {
      const entry = this.objects[first];
      if (entry) {
        if (wave && compareWaves(entry.wave, wave) < 0) throw this.againstWaves(entry, result);
        wave = entry.wave;
        result.push(entry);
      }
      for (const next of this.successors[Math.abs(first)] ?? []) {
        const left = (this.predecessors[next] ?? 0) - 1;
        this.predecessors[next] = left;
        if (left === 0) ready.push(rank(next));
      }
    }
    if (result.length < this.objects.length) throw this.cycle();
    return result;
  }

  private addSource(source: IConstruct): void {
    const own = this.members.get(source) ?? [];
    let begin: number | undefined;
    for (const target of source.node.dependencies) {
      const before = this.members.get(target) ?? [];
      if (target.node.scopes.includes(source)) {
        // A group that waits for a part of itself: the part comes first, the rest after it.
        const part = new Set(before);
        this.connect(
          before,
          own.filter((position) => !part.has(position)),
        );
      } else if (source.node.scopes.includes(target)) {
        const part = new Set(own);
        this.connect(
          before.filter((position) => !part.has(position)),
          own,
        );
      } else {
        begin ??= this.connect([], own);
        this.addEdge(this.endOf(target), begin);
      }
    }
  }

  private endOf(group: IConstruct): number {
    const known = this.ends.get(group);
    if (known !== undefined) return known;
    const end = this.connect(this.members.get(group) ?? [], []);
    this.ends.set(group, end);
    return end;
  }

  /** Adds a node between two groups. */
  private connect(before: readonly number[], after: readonly number[]): number {
    const middle = this.addNode();
    for (const position of before) this.addEdge(position, middle);
    for (const position of after) this.addEdge(middle, position);
    return middle;
  }

  private addNode(): number {
    this.successors.push([]);
    return this.predecessors.push(0) - 1;
  }

  private addEdge(from: number, to: number): void {
    this.successors[from]?.push(to);
    this.predecessors[to] = (this.predecessors[to] ?? 0) + 1;
  }

  private againstWaves(entry: TreeObject, done: readonly TreeObject[]): OrderError {
    const last = done[done.length - 1] as TreeObject;
    return new OrderError(
      `is in wave '${entry.wave.name}' but depends, directly or through others, on objects of the later wave ` +
        `'${last.wave.name}' (such as ${last.object.node.path}); remove the dependency, or move it with setWave()`,
      [entry.object.node.path, last.object.node.path],
    );
  }

  /** Finds one cycle among the nodes that are left: whoever goes back from one of them along its dependencies meets it. */
  private cycle(): OrderError {
    const waitsFor = new Map<number, number>();
    this.successors.forEach((successors, node) => {
      if ((this.predecessors[node] ?? 0) === 0) return;
      for (const next of successors) if (!waitsFor.has(next)) waitsFor.set(next, node);
    });
    const trail: number[] = [];
    const places = new Map<number, number>();
    let node = this.predecessors.findIndex((count) => count > 0);
    while (!places.has(node)) {
      places.set(node, trail.push(node) - 1);
      node = waitsFor.get(node) as number;
    }
    const circle = trail.slice(places.get(node)).flatMap((at) => this.objects[at] ?? []);
    const paths = circle.map(({ object }) => object.node.path);
    const shown = paths.length > 6 ? [...paths.slice(0, 6), `… (${paths.length} objects)`] : paths;
    return new OrderError(
      `depend on each other in a cycle: ${shown.join(', ')}; remove one of the dependencies`,
      paths,
    );
  }
}

/** Smallest number first: objects that are free to go leave in their wanted order. */
class MinHeap {
  private readonly items: number[] = [];

  push(item: number): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((items[parent] as number) <= item) break;
      items[at] = items[parent] as number;
      at = parent;
    }
    items[at] = item;
  }

  pop(): number | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as number) < (items[child] as number)) child++;
      if ((items[child] as number) >= last) break;
      items[at] = items[child] as number;
      at = child;
    }
    items[at] = last;
    return first;
  }
}
