import { randomBytes } from 'node:crypto';

/** What objects of the workload test say of themselves; by this, and by nothing else, they are found again. */
export const MANAGED_BY = 'spirekit-verify';

/** Names of namespaces and of ClusterSPIFFEIDs begin with it. */
export const PREFIX = 'spirekit-verify-';

const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
const RUN_LABEL = 'app.kubernetes.io/instance';

/** Label by which identities select pods. */
export const POD_LABEL = 'app.kubernetes.io/name';

/** Selects the objects of all runs. */
export const ALL_RUNS = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;

/** Name of the ServiceAccount, and of the container. */
export const ACCOUNT = 'verify';
export const CONTAINER = 'verify';

/**
 * The pods of a cluster: one whose identities name the peers that the member believes, and one whose identity names none, which
 * must not get their bundles.
 */
export const PODS = ['federated', 'alone'] as const;
export type PodName = (typeof PODS)[number];

/** What one run calls its objects. */
export class RunNames {
  constructor(readonly run: string = randomBytes(4).toString('hex')) {}

  get labels(): Record<string, string> {
    return { [MANAGED_BY_LABEL]: MANAGED_BY, [RUN_LABEL]: this.run };
  }

  /** Selects the objects of this run. */
  get selector(): string {
    return `${ALL_RUNS},${RUN_LABEL}=${this.run}`;
  }

  /** Members may share a cluster, so each has a namespace of its own. */
  namespace(index: number): string {
    return `${PREFIX}${this.run}-${index}`;
  }

  /** ClusterSPIFFEIDs have the cluster for themselves. */
  identity(index: number, number: number): string {
    return `${this.namespace(index)}-${number}`;
  }

  /** Path of a SPIFFE ID, from its `/`. */
  path(identity: string): string {
    return `/${MANAGED_BY}/${this.run}/${identity}`;
  }
}
