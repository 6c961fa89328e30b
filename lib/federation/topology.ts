/**
 * Who shall believe whom, as it was said: one direction, or both.
 *
 * @typeParam M what stands for a member; two handles are one member when they are the same value
 */
export interface Trust<M> {
  readonly consumer: M;
  readonly provider: M;
  /** Whether the provider believes the consumer too. */
  readonly mutual: boolean;
}

/** Makes the lines of an explicit list. */
export const Trust = {
  /** The consumer believes the provider, and on purpose not the other way round. */
  oneWay<A, B = A>(consumer: A, provider: B): Trust<A | B> {
    return { consumer, provider, mutual: false };
  },

  /** Both believe each other. */
  mutual<A, B = A>(a: A, b: B): Trust<A | B> {
    return { consumer: a, provider: b, mutual: true };
  },
} as const;

/** One direction of trust between two members. */
export interface TopologyEdge<M> {
  /** The one that believes. */
  readonly consumer: M;
  /** The one that is believed. */
  readonly provider: M;
  /** Whether the other direction is left out on purpose. */
  readonly oneWay: boolean;
}

/** Settings of `Topology.edgesAmong()`. */
export interface EdgesAmongOptions<M> {
  /**
   * Whether a member can be told to believe another: of a foreign system often only the endpoint is known.
   *
   * @default - all can
   */
  readonly canBelieve?: (consumer: M, provider: M) => boolean;
  /**
   * Edges up to which they are listed: everyone with everyone is the square of the members.
   *
   * @default - any number
   */
  readonly mostEdges?: number;
}

/** A topology, applied to members. */
export interface EdgesAmong<M> {
  /** None, if there would be too many. */
  readonly edges: readonly TopologyEdge<M>[];
  /** How many there would be at most, if that is too many. */
  readonly excess?: number;
  /** Handles that the topology names and that are not among the members; their edges are in the list. */
  readonly strangers: readonly M[];
  /** What plain JavaScript has passed instead of a line of trust, or of a topology. */
  readonly misfits: readonly unknown[];
}

/** What a part sees while it lists its edges. */
interface Ground<M> {
  readonly members: ReadonlySet<M>;
  readonly canBelieve: (consumer: M, provider: M) => boolean;
  readonly misfits: unknown[];
  readonly mostEdges: number;
  /** Pairs that were looked at, or would have been. */
  pairs: number;
}

/** Members that reach others through gateways. */
export interface Region<M> {
  /** Those who believe the gateways of other regions, and are believed there; one or several. */
  readonly gateways: readonly M[];
  /** The members behind them. The gateways may be among them. */
  readonly members: readonly M[];
}

/** What stands for a member in a line of trust, in a region, or in a topology. */
type MemberOf<T> =
  T extends Trust<infer M> ? M : T extends Region<infer M> ? M : T extends Topology<infer M> ? M : never;

const BRAND = Symbol.for('spirekit.Topology');

/**
 * Who believes whom among members that are named elsewhere. Topologies are values: they can be kept, joined with
 * `Topology.union()` and applied to any members.
 *
 * @example
 *
 * Topology.union(Topology.hub(central), Topology.edges([Trust.mutual(shop, billing), Trust.oneWay(shop, partner)]));
 */
export class Topology<out M> {
  // Private to the compiler only. A function instead of a list: what there is depends on the members.
  private constructor(
    private readonly list: (ground: Ground<unknown>) => TopologyEdge<unknown>[],
    private readonly named: readonly M[],
  ) {
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is a topology, also one of another loaded copy of this library. */
  static is(value: unknown): value is Topology<unknown> {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** Everyone believes everyone. */
  static full(): Topology<never> {
    return new Topology<never>((ground) => {
      return among(ground, ground.members, ground.members);
    }, []);
  }

  /**
   * Every member and the hub believe each other; members that are no hub do not. Several hubs believe each other too.
   *
   * @param hubs the same handles as in the list of members
   */
  static hub<H extends readonly unknown[]>(...hubs: H): Topology<H[number]> {
    const centre = new Set<unknown>(hubs);
    return new Topology<H[number]>(
      (ground) => {
        const spokes = [...ground.members].filter((member) => !centre.has(member));
        return [...centre].flatMap((hub) => [
          ...among(ground, [hub], centre),
          ...spokes.flatMap((spoke) => [...edgeOf(ground, spoke, hub), ...edgeOf(ground, hub, spoke)]),
        ]);
      },
      [...centre],
    );
  }

  /**
   * Everyone in a group believes everyone in it; groups do not believe each other. A member may be in several groups.
   *
   * @param groups lists of the same handles as in the list of members
   */
  static groups<G extends readonly (readonly unknown[])[]>(groups: G): Topology<G[number][number]> {
    const { usable, unusable } = sorted<readonly G[number][number][]>(groups, Array.isArray);
    return new Topology<G[number][number]>((ground) => {
      ground.misfits.push(...unusable);
      return merged(usable.map((group) => new Set(group)).map((group) => among(ground, group, group)));
    }, usable.flat());
  }

  /**
   * Regions that meet at their gateways: the members of a region and its gateways believe each other, the gateways of all
   * regions do, and nobody else does. With R regions of one gateway each it takes R(R-1) edges between them, however many
   * members they have; what crosses a border passes a gateway, which speaks for itself and not for those behind it.
   *
   * For members of a region that believe each other too, join it with `Topology.groups()`.
   */
  static gateways<R extends readonly Region<unknown>[]>(regions: R): Topology<MemberOf<R[number]>> {
    const { usable, unusable } = sorted<Region<MemberOf<R[number]>>>(regions, isRegion);
    const all = new Set(usable.flatMap(({ gateways }) => gateways));
    return new Topology<MemberOf<R[number]>>(
      (ground) => {
        ground.misfits.push(...unusable);
        return merged([
          among(ground, all, all),
          ...usable.map(({ gateways, members }) => {
            const centre = new Set(gateways);
            const spokes = new Set(members.filter((member) => !centre.has(member)));
            return [...among(ground, spokes, centre), ...among(ground, centre, spokes)];
          }),
        ]);
      },
      usable.flatMap(({ gateways, members }) => [...gateways, ...members]),
    );
  }

  /**
   * What the list says, line by line. Lines that say nothing new, or name one member twice, stay: the rules of the mesh
   * show them. Of `Trust.mutual` with a member that cannot believe the other, the direction that can be is taken.
   */
  static edges<T extends Trust<unknown>>(lines: readonly T[]): Topology<MemberOf<T>> {
    const { usable, unusable } = sorted<Trust<MemberOf<T>>>(lines, isTrust);
    return new Topology<MemberOf<T>>(
      (ground) => {
        ground.misfits.push(...unusable);
        return usable.flatMap(({ consumer, provider, mutual }) => {
          if (!mutual) return [{ consumer, provider, oneWay: true }];
          // A pair of one and the same is one line too many, not two.
          if (consumer === provider) return [{ consumer, provider, oneWay: false }];
          return [...edgeOf(ground, consumer, provider), ...edgeOf(ground, provider, consumer)];
        });
      },
      usable.flatMap(({ consumer, provider }) => [consumer, provider]),
    );
  }

  /** All that its parts say together. What two parts say is there once, and is one-way only if both say so. */
  static union<T extends readonly Topology<unknown>[]>(...parts: T): Topology<MemberOf<T[number]>> {
    const { usable, unusable } = sorted<Topology<unknown>>(parts, Topology.is);
    return new Topology<MemberOf<T[number]>>(
      (ground) => {
        ground.misfits.push(...unusable);
        return merged(usable.map((part) => part.list(ground)));
      },
      usable.flatMap((part) => part.named as readonly MemberOf<T[number]>[]),
    );
  }

  /** The edges among some members, in an order that depends on nothing but the arguments; linear in what it gives. */
  edgesAmong<N>(members: readonly N[], options: EdgesAmongOptions<N> = {}): EdgesAmong<M | N> {
    const known = new Set<unknown>(Array.isArray(members) ? members : []);
    const { canBelieve = () => true, mostEdges = Infinity } = (options ?? {}) as EdgesAmongOptions<unknown>;
    const ground: Ground<unknown> = { members: known, canBelieve, misfits: [], mostEdges, pairs: 0 };
    const edges = this.list(ground) as TopologyEdge<M | N>[];
    const isTooMuch = ground.pairs > mostEdges;
    return {
      edges: isTooMuch ? [] : edges,
      ...(isTooMuch && { excess: ground.pairs }),
      strangers: [...new Set(this.named)].filter((member) => !known.has(member)),
      misfits: ground.misfits,
    };
  }
}

const isTrust = (line: unknown): boolean =>
  typeof line === 'object' && line !== null && 'consumer' in line && 'provider' in line;

const isRegion = (region: unknown): boolean => {
  const { gateways, members } = (region ?? {}) as Partial<Region<unknown>>;
  return Array.isArray(gateways) && gateways.length > 0 && Array.isArray(members);
};

/** What plain JavaScript has passed, by whether it can be used. */
function sorted<T>(given: unknown, fits: (each: unknown) => boolean): { usable: T[]; unusable: unknown[] } {
  const all: readonly unknown[] = Array.isArray(given) ? given : [given];
  return { usable: all.filter(fits) as T[], unusable: all.filter((each) => !fits(each)) };
}

/** All edges from the members of one set to those of another. */
function among<M>(ground: Ground<M>, consumers: Iterable<M>, providers: Iterable<M>): TopologyEdge<M>[] {
  const [from, to] = [[...consumers], [...providers]];
  // Counted before they are made: there may be more than fit into memory.
  ground.pairs += from.length * to.length;
  if (ground.pairs > ground.mostEdges) return [];
  return from.flatMap((consumer) => to.flatMap((provider) => edgeOf(ground, consumer, provider)));
}

/** The edge between two members, if there can be one: nobody believes themselves, and some cannot be told. */
function edgeOf<M>({ canBelieve }: Ground<M>, consumer: M, provider: M): TopologyEdge<M>[] {
  if (consumer === provider || !canBelieve(consumer, provider)) return [];
  return [{ consumer, provider, oneWay: !canBelieve(provider, consumer) }];
}

function merged<M>(lists: readonly TopologyEdge<M>[][]): TopologyEdge<M>[] {
  const edges: TopologyEdge<M>[] = [];
  /** Of every pair: where it stands first, and whether all that was said of it is one-way. */
  const seen = new Map<M, Map<M, { readonly place: number; oneWay: boolean }>>();
  for (const list of lists) {
    const before = edges.length;
    for (const edge of list) {
      const pairs = seen.get(edge.consumer) ?? new Map();
      seen.set(edge.consumer, pairs);
      const pair = pairs.get(edge.provider) ?? { place: edges.length, oneWay: true };
      pairs.set(edge.provider, pair);
      // Repeated within one part: kept, to be shown.
      if (pair.place >= before) edges.push(edge);
      else if (pair.oneWay && !edge.oneWay) edges[pair.place] = edge;
      pair.oneWay &&= edge.oneWay;
    }
  }
  return edges;
}
