import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { addTo, compareWaves, pushTo, type TreeObject, type Wave } from '../core';

/** So many dependencies of one object are nothing to spare. */
const FEW = 8;

/** Edges between objects and groups of objects. Every edge leads to the same or an earlier wave. */
export class DependencyGraph {
  readonly edges = new Map<ApiObject, Set<IConstruct>>();
  private readonly entries: ReadonlyMap<IConstruct, TreeObject>;
  private readonly positions = new Map<ApiObject, number>();
  private readonly members = new Map<IConstruct, readonly ApiObject[]>();

  /**
   * @param entries objects of each cluster in an order that respects waves and the user's dependencies
   * @param keystones objects that may stand between many others and what those wait for
   */
  constructor(
    entries: readonly TreeObject[],
    private readonly keystones: ReadonlySet<ApiObject>,
  ) {
    this.entries = new Map(entries.map((entry) => [entry.object, entry]));
    entries.forEach(({ object }, position) => {
      this.positions.set(object, position);
    });
  }

  add(from: ApiObject, to: IConstruct): void {
    addTo(this.edges, from, to);
  }

  /**
   * Makes all sources wait for all targets.
   *
   * Where that takes many edges, one source waits for the targets, and those after it wait for that one: an engine that
   * gets all pairs of two groups of five hundred needs seconds and hundreds of megabytes.
   *
   * @param sources objects of one cluster, in order
   */
  join(sources: readonly ApiObject[], targets: readonly IConstruct[]): void {
    const width = targets.reduce(
      (sum, target) => sum + (ApiObject.isApiObject(target) ? 1 : this.membersOf(target).length),
      0,
    );
    const many = width > FEW && sources.length > FEW;
    let keystone: ApiObject | undefined;
    for (const source of sources) {
      if (keystone) this.add(source, keystone);
      else for (const target of targets) this.add(source, target);
      if (many && !keystone && this.keystones.has(source)) keystone = source;
    }
  }

  addExplicit(source: IConstruct, target: IConstruct): void {
    const targets = this.membersOf(target);
    if (targets.length === 0) return;
    const sources = this.membersOf(source);
    if (source.node.scopes.includes(target)) {
      // A part that waits for its whole waits for the rest of it.
      const part = new Set(sources);
      this.joinAll(
        sources,
        targets.filter((object) => !part.has(object)),
      );
      return;
    }
    const part = new Set(target.node.scopes.includes(source) ? targets : []);
    this.joinAll(
      sources.filter((object) => !part.has(object)),
      // A resource does not stand for objects below it, as a component does.
      ApiObject.isApiObject(target) ? targets : [target],
    );
  }

  /** Joins sources of several clusters, whose objects have an order only among themselves. */
  private joinAll(sources: readonly ApiObject[], targets: readonly IConstruct[]): void {
    const clusters = new Map<IConstruct | undefined, ApiObject[]>();
    const ordered = [...sources].sort((a, b) => (this.positions.get(a) ?? 0) - (this.positions.get(b) ?? 0));
    for (const object of ordered) {
      const cluster = this.entries.get(object)?.cluster;
      pushTo(clusters, cluster, object);
    }
    for (const objects of clusters.values()) this.join(objects, targets);
  }

  /** Adds an edge unless it leads to a later wave or closes a cycle. */
  addSoft(from: ApiObject, to: ApiObject): void {
    const [source, target] = [this.entries.get(from)?.wave, this.entries.get(to)?.wave];
    if (from === to || !source || !target) return;
    const direction = compareWaves(target, source);
    if (direction > 0) return;
    if (direction === 0 && this.reaches(to, from, source)) return;
    this.add(from, to);
  }

  /** Adds an edge between objects of one wave, unless it closes a cycle. */
  addSibling(from: ApiObject, to: ApiObject): void {
    const [source, target] = [this.entries.get(from)?.wave, this.entries.get(to)?.wave];
    if (source && target && compareWaves(source, target) === 0) this.addSoft(from, to);
  }

  private reaches(start: ApiObject, goal: ApiObject, wave: Wave): boolean {
    const seen = new Set<IConstruct>([start]);
    const stack: IConstruct[] = [start];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (next === goal) return true;
      const onward = ApiObject.isApiObject(next) ? (this.edges.get(next) ?? []) : this.membersOf(next);
      for (const construct of onward) {
        // What is of an earlier wave leads no more to this one.
        const own = this.entries.get(construct)?.wave;
        if (seen.has(construct) || (own && compareWaves(own, wave) < 0)) continue;
        seen.add(construct);
        stack.push(construct);
      }
    }
    return false;
  }

  /** The objects at and below a construct. */
  private membersOf(construct: IConstruct): readonly ApiObject[] {
    let found = this.members.get(construct);
    if (!found) {
      found = construct.node.findAll().filter((part): part is ApiObject => ApiObject.isApiObject(part));
      this.members.set(construct, found);
    }
    return found;
  }
}
