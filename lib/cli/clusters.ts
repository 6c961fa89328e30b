import type { Member } from '../federation';
import {
  type Bounds,
  type ClusterAccess,
  Contexts,
  KubeClient,
  KubeconfigError,
  Limiter,
  missingAccess,
} from '../verify';
import { CommandFailure } from './failure';

/** Contexts that are named in what is said; there may be hundreds. */
const NAMED = 10;

/** Opens clusters by the contexts of kubeconfigs, each once. */
export class Clusters {
  private readonly opened = new Map<string, Promise<ClusterAccess>>();

  private constructor(
    private readonly contexts: Contexts,
    private readonly given: ReadonlyMap<string, string>,
    private readonly bounds: Bounds,
    readonly limiter: Limiter,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param files kubeconfigs that are named
   * @param given contexts by member
   * @throws CommandFailure if no kubeconfig can be read
   */
  static async load(
    files: readonly string[],
    given: ReadonlyMap<string, string>,
    bounds: Bounds,
    signal: AbortSignal,
  ): Promise<Clusters> {
    try {
      return new Clusters(await Contexts.load(files), given, bounds, new Limiter(bounds.concurrency), signal);
    } catch (error) {
      if (error instanceof KubeconfigError) throw new CommandFailure(error.message);
      throw error;
    }
  }

  /** Names of all contexts. */
  get names(): readonly string[] {
    return this.contexts.names;
  }

  /** The cluster of each member that has one: by the context that is named for it, else by the one of its name. */
  async of(members: readonly Member[]): Promise<ReadonlyMap<string, ClusterAccess>> {
    const own = members.filter(({ platform }) => platform !== 'external');
    const pairs = await Promise.all(
      own.map(async ({ name }) => [name, await this.open(this.given.get(name) ?? name, name)] as const),
    );
    return new Map(pairs);
  }

  /** The cluster of a context; one that answers nothing when there is no such context. */
  open(context: string, member = context): Promise<ClusterAccess> {
    const known = this.opened.get(context);
    if (known) return known;
    // Before it is there: members of one cluster ask together, and shall have one and the same.
    const access = this.make(context, member);
    this.opened.set(context, access);
    return access;
  }

  private async make(context: string, member: string): Promise<ClusterAccess> {
    try {
      const config = await this.contexts.config(context);
      if (config) return new KubeClient(context, config, this.bounds, this.limiter, this.signal);
    } catch (error) {
      if (error instanceof KubeconfigError) return missingAccess(context, error.message);
      throw error;
    }
    const files = this.contexts.sources.map((file) => `'${file}'`).join(', ');
    const names = this.names.slice(0, NAMED).map((name) => `'${name}'`);
    const more = this.names.length > NAMED ? [`${this.names.length - NAMED} more`] : [];
    return missingAccess(
      context,
      `there is no context '${context}' in ${files}; name one by --context ${member}=CONTEXT, of ${[...names, ...more].join(', ') || 'which there are none'}`,
    );
  }
}
