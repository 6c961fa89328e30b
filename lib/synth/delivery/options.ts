import type { DurationLike } from '../../core';

/** Where the output folder lies in a repository. */
export interface RepositoryFolder {
  /**
   * The folder with the output of a synth, from the root of the repository, such as `deploy/dist`; `.` when it is the root
   * itself.
   */
  readonly path: string;
}

/** Options of `Delivery.argoCd()`. */
export interface ArgoCdOptions extends RepositoryFolder {
  /** The Git repository, as Argo CD knows it: `https://…`, `ssh://…` or `git@host:path`, without a password in it. */
  readonly repoUrl: string;
  /** Branch, tag or commit of it. @default 'HEAD' */
  readonly revision?: string;
  /**
   * Name of the ApplicationSet; those of the Applications go on with the name of the cluster, as `spirekit-east` does.
   *
   * @default 'spirekit'
   */
  readonly name?: string;
  /** Namespace of Argo CD; that of Red Hat's OpenShift GitOps is `openshift-gitops`. @default 'argocd' */
  readonly namespace?: string;
  /** Project of the Applications. @default 'default' */
  readonly project?: string;
  /**
   * The cluster of Argo CD that each cluster of the program is: its name there, or the URL of its API server.
   *
   * @default - the one of the same name
   */
  readonly clusters?: Readonly<Record<string, string>>;
  /** Whether each commit is applied by itself; otherwise someone has to start each sync. @default true */
  readonly automated?: boolean;
  /**
   * Whether objects that the program does not write any more are deleted. Off: they are shown as out of sync.
   *
   * @default false
   */
  readonly prune?: boolean;
  /** Whether what was changed in a cluster by hand is put back. @default false */
  readonly selfHeal?: boolean;
}

/** A source of Flux that is there already. */
export interface FluxSource {
  /** @default 'GitRepository' */
  readonly kind?: 'GitRepository' | 'OCIRepository' | 'Bucket';
  readonly name: string;
  /** @default - that of the Kustomizations */
  readonly namespace?: string;
}

/** Options of `Delivery.flux()`. */
export interface FluxOptions extends RepositoryFolder {
  /** Where Flux has the files from. */
  readonly source: FluxSource;
  /** Namespace of the Kustomizations. @default 'flux-system' */
  readonly namespace?: string;
  /** From one look at the cluster to the next, such as `10m`. @default '10m' */
  readonly interval?: DurationLike;
  /** From a failure to the next try. @default '1m' */
  readonly retryInterval?: DurationLike;
  /** How long a wave may take, its pods' start included. @default '5m' */
  readonly timeout?: DurationLike;
  /** Whether objects that the program does not write any more are deleted. @default false */
  readonly prune?: boolean;
  /** Account by which everything is applied. @default - that of Flux */
  readonly serviceAccountName?: string;
  /**
   * For a Flux that installs other clusters: for each of them the Secret beside the Kustomizations that holds its kubeconfig.
   *
   * @default - each cluster has a Flux of its own
   */
  readonly kubeConfigs?: Readonly<Record<string, string>>;
}
