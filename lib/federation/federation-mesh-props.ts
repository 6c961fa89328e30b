import { type DurationLike, isObject, type Kind } from '../core';
import type { MeshDashboards } from './dashboards/mesh-dashboards';
import type { FederationExporterOptions } from './exporter';
import type { MeshLock } from './lock';
import type { MeshMember } from './members';
import type { MeshData } from './model';
import type { AcceptedWarning, ApprovedChange, MeshBudgets } from './proof-props';
import type { MeshRule } from './rules/rule';
import type { Topology } from './topology';

/** Properties of `FederationMesh`. */
export interface FederationMeshProps {
  /** The participants: clusters of this program, and trust domains outside of it. */
  readonly members: readonly MeshMember[];
  /**
   * Who believes whom.
   *
   * @default Topology.full() - everyone believes everyone
   */
  readonly topology?: Topology<MeshMember>;
  /**
   * Whether relationships stand in the servers' own configuration too (`federates_with`). They need no controller manager,
   * but every change of a peer restarts the servers; the registered ones, which are made in any case, do not. A cluster on
   * OpenShift without a bundle endpoint of its own has the registered ones alone: its SpireServer can hold no others.
   *
   * @default false
   */
  readonly staticRelationships?: boolean;
  /**
   * How long the bundles that peers begin with must live at least from the day of the synth.
   *
   * @default '720h' (30 days)
   */
  readonly seedShelfLife?: DurationLike;
  /**
   * `accepted`: clusters of different trust domains may be below one root. Each of them can then sign identities of the
   * others, so that this weakens the federation: for clusters of one administration, which could do so anyway.
   *
   * @default - a root in common is an error (E32)
   */
  readonly sharedRoots?: 'accepted';
  /**
   * Bounds for blast radius, load and times; what exceeds one is an error.
   *
   * @default - none
   */
  readonly budgets?: MeshBudgets;
  /**
   * Warnings that are put up with, each with the reason. Errors cannot be accepted.
   *
   * @default - none
   */
  readonly accept?: readonly AcceptedWarning[];
  /**
   * Changes since `previous` that somebody has decided about, by their ids in `spirekit diff`, each with the reason. When
   * they are deployed, and `previous` says so, they are to be removed.
   *
   * @default - none
   */
  readonly approve?: readonly ApprovedChange[];
  /**
   * Rules of one's own, beside the catalogue.
   *
   * @default - none
   */
  readonly rules?: readonly MeshRule[];
  /**
   * The federation as it was deployed last: changes of it that would not do what they seem to do are found. `spirekit lock`
   * writes it down, `MeshLock.fromFile('mesh.lock.json')` reads it; data as `mesh.model().data()` gave it do too.
   *
   * @default - not known
   */
  readonly previous?: MeshData | MeshLock;
  /**
   * Where a Grafana finds the dashboard of the mesh, such as `{ clusters: [east], namespace: 'monitoring' }`. Elsewhere a
   * `GrafanaDashboard` puts `meshDashboard(mesh.model())`.
   *
   * @default - none is made
   */
  readonly dashboards?: MeshDashboards;
  /**
   * The federation exporter, a small program beside each SPIRE server, such as `{ image }`: it tells Prometheus what SPIRE does
   * not, which is what servers hold of their peers, until when, and whether that is what these serve. Alerts and panels about
   * it come with it. Pods of it are no workloads: of their identities nothing depends but their metrics.
   *
   * @default - none runs
   */
  readonly exporter?: FederationExporterOptions;
  /**
   * The time at which bundles and authorities are judged; it changes findings, never what is written.
   *
   * @default - the time of the run
   */
  readonly now?: Date;
}

/** Kinds of what they hold. */
export const MESH_PROPERTIES = {
  members: 'any',
  topology: 'any',
  staticRelationships: 'flag',
  seedShelfLife: 'any',
  sharedRoots: ['accepted'],
  budgets: 'object',
  accept: 'list',
  approve: 'list',
  rules: 'list',
  previous: {
    fits: isObject,
    message: 'is neither a lock nor the data of a mesh',
    remedy: "write MeshLock.fromFile('mesh.lock.json')",
  },
  dashboards: 'any',
  exporter: 'any',
  now: 'any',
} as const satisfies Record<keyof FederationMeshProps, Kind>;
