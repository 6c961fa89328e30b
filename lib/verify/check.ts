import type { Member, Mesh } from '../federation';
import type { Bounds } from './bounds';
import type { EndpointSight } from './endpoint/sight';
import type { SpireView } from './observe/spire-view';
import type { Right } from './rights';
import type { Outcome } from './verdict';

/** What a check says of itself, as plain data. */
export interface CheckText {
  /** Stable id, such as `V07`. */
  readonly id: string;
  /** What holds when it passes. */
  readonly title: string;
  /** A cluster, a bundle endpoint (also one of an external member), or a directed edge. */
  readonly about: 'cluster' | 'endpoint' | 'edge';
  /** What a pass proves, and what it is concluded from. */
  readonly proves: string;
  /** Why it may fail, the likeliest first. */
  readonly causes: readonly string[];
  /**
   * The command that shows more. `{context}`, `{namespace}`, `{pod}`, `{container}`, `{server}` (the program in it), `{trustDomain}`,
   * `{peer}` (the trust domain that is believed), `{url}` (of its endpoint) and `{folder}` (of the member's manifests) stand for what the
   * check is about.
   */
  readonly next: string;
}

/** Everything that is verified. */
export interface World {
  /** What should be there. With `live` it is what the clusters themselves say, so that nothing can be missing. */
  readonly mesh: Mesh;
  readonly declared: boolean;
  readonly bounds: Bounds;
  /** The moment by which dates are judged. */
  now(): Date;
  /** SPIRE of a member in its cluster; undefined of an external one. */
  viewOf(member: Member): SpireView | undefined;
  /** The endpoint of a member, looked at from here and from the inside of its cluster. */
  endpointOf(member: Member): Promise<EndpointSight>;
}

/** A member with its cluster. */
export interface ClusterSubject {
  readonly world: World;
  readonly member: Member;
  readonly view: SpireView;
}

/** A member whose bundle others fetch. */
export interface EndpointSubject {
  readonly world: World;
  readonly member: Member;
  /** Undefined of an external member. */
  readonly view: SpireView | undefined;
}

/** A member that believes another. */
export interface EdgeSubject {
  readonly world: World;
  readonly consumer: Member;
  readonly provider: Member;
  /** SPIRE of the consumer. */
  readonly view: SpireView;
  /** SPIRE of the provider; undefined of an external one. */
  readonly providerView: SpireView | undefined;
}

/** What is common to checks of all subjects. */
interface CheckOf<About extends CheckText['about'], Subject> extends CheckText {
  readonly about: About;
  /** Rights beside those that find SPIRE. */
  readonly needs: readonly Right[];
  /**
   * Whether it says anything about a subject.
   *
   * @default - about each
   */
  applies?(subject: Subject): boolean;
  /**
   * Looks, and says what it has found; nothing where it has nothing to say. What it cannot see it throws, as a `NotSeen` or an
   * `AccessError` of what it has asked; none of the questions is asked twice, whoever asks.
   */
  run(subject: Subject): Promise<readonly Outcome[]>;
}

export type ClusterCheck = CheckOf<'cluster', ClusterSubject>;
export type EndpointCheck = CheckOf<'endpoint', EndpointSubject>;
export type EdgeCheck = CheckOf<'edge', EdgeSubject>;

/** Something that is verified of each cluster, endpoint or edge. */
export type Check = ClusterCheck | EndpointCheck | EdgeCheck;
