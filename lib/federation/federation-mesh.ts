import { Construct } from 'constructs';
import type { Cluster } from '../cluster';
import { addCheck, addReport, addSummary, type FindingInput, pushTo, reportNow, usableProps } from '../core';
import { edgeAlerts, intervalFinding, labelFindings } from './alerts';
import { addMeshDashboards } from './dashboards/mesh-dashboards';
import { addExporters, type WatchedPeer } from './exporter';
import { type FederationMeshProps, MESH_PROPERTIES } from './federation-mesh-props';
import { isClusterMember, type MeshMember, memberOf, nameOf } from './members';
import { Mesh } from './mesh';
import { applyTopology, readMembers, readNow, readShelfLife } from './mesh-props';
import { meshReport } from './mesh-report';
import type { Acceptance, Approval, Budgets, MemberPlatform, MeshData } from './model';
import { readAccepted, readApproved, readBudgets, readPrevious, readRules } from './proof-props';
import { propertyWord } from './property-words';
import { proveMesh } from './prove';
import { believe, Provider } from './relationships';
import { withRules } from './rules';
import type { MeshRule, ProvenFinding } from './rules/rule';
import { dnsRecordsOf, meshSummary } from './summary';
import { Topology } from './topology';

/**
 * A federation as one value: clusters, on whatever platform, and who believes whom. On every cluster it makes a
 * ClusterFederatedTrustDomain for each trust domain that the cluster believes, and it proves the whole before anything is
 * written.
 *
 * @example
 *
 * new FederationMesh(app, 'mesh', { members: [east, west, lab] }); // everyone believes everyone
 * east.identity('payments', { namespace: 'shop', serviceAccount: 'payments', federatesWith: [west] });
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md
 */
export class FederationMesh extends Construct {
  private readonly members: readonly MeshMember[];
  private readonly byName: ReadonlyMap<string, MeshMember>;
  private readonly edges: MeshData['edges'];
  private readonly shelfLife: number | undefined;
  private readonly now: Date | undefined;
  private readonly sharedRoots: 'accepted' | undefined;
  private readonly budgets: Budgets | undefined;
  private readonly accepted: readonly Acceptance[];
  private readonly approved: readonly Approval[];
  private readonly rules: readonly MeshRule[];
  private readonly previous: Mesh | undefined;
  /** Clusters with an exporter. */
  private readonly exporting: ReadonlySet<Cluster>;
  /** As it was when the whole program was checked; what follows, such as the summary, is about the same. */
  private checked: Mesh | undefined;

  constructor(scope: Construct, id: string, given: FederationMeshProps) {
    super(scope, id);
    const props = usableProps(this, given, MESH_PROPERTIES);
    this.members = readMembers(this, props.members);
    this.byName = new Map(this.members.map((member) => [nameOf(member), member]));
    this.shelfLife = readShelfLife(this, props.seedShelfLife);
    this.now = readNow(this, props.now);
    this.sharedRoots = props.sharedRoots;
    this.budgets = readBudgets(this, props.budgets);
    this.accepted = readAccepted(this, props.accept);
    this.approved = readApproved(this, props.approve);
    this.rules = withRules(readRules(this, props.rules));
    this.previous = readPrevious(this, props.previous);
    const edges = applyTopology(this, props.topology ?? Topology.full(), this.members, props.members);
    this.edges = edges.map(({ consumer, provider, oneWay }) => ({
      consumer: nameOf(consumer),
      provider: nameOf(provider),
      ...(oneWay && { oneWay }),
    }));
    const providers = new Map(this.members.map((member) => [member, new Provider(member)]));
    const believed = new Map<Cluster, WatchedPeer[]>();
    for (const { consumer, provider } of edges) {
      const known = providers.get(provider);
      if (!known || !isClusterMember(consumer)) continue;
      const endpoint = believe(consumer, known, props.staticRelationships ?? false);
      if (endpoint) pushTo(believed, consumer, { trustDomain: known.trustDomain, endpoint });
    }
    this.exporting = addExporters(this, props.exporter, this.clusters, believed);
    addCheck(this, () => {
      this.checked = this.model();
      return [
        ...this.findingsOf(this.checked).flatMap((finding) => this.findingOf(finding)),
        ...this.alertFindings(this.checked),
      ];
    });
    const checked = () => this.checked ?? this.model();
    this.addAlerts(checked);
    addMeshDashboards(this, props.dashboards, this.members, () => this.model());
    addSummary(this, () => meshSummary(this.node.path, checked(), dnsRecordsOf(this.members)));
    addReport(this, () => meshReport(checked(), this.moment(), this.rules, this.previous));
  }

  /** Has Prometheus told of every cluster whose bundles do not come; of those that have monitoring. */
  private addAlerts(checked: () => Mesh): void {
    for (const [name, cluster] of this.byName) {
      if (!isClusterMember(cluster)) continue;
      const { monitoring } = cluster;
      if (!monitoring?.alerts) continue;
      const exporter = this.exporting.has(cluster);
      const { interval } = monitoring;
      monitoring.addAlerts(() => {
        const mesh = checked();
        const member = mesh.member(name);
        const runbookUrl = (alert: string) => monitoring.runbookUrl(alert);
        return member ? edgeAlerts(mesh, member, { interval, runbookUrl, exporter }) : [];
      });
    }
  }

  /** What keeps the alerts from telling things apart, or in time. */
  private alertFindings(mesh: Mesh): FindingInput[] {
    const watched = [...this.byName].flatMap(([name, cluster]) =>
      isClusterMember(cluster) && cluster.monitoring?.alerts ? { name, interval: cluster.monitoring.interval } : [],
    );
    if (watched.length === 0) return [];
    return [
      ...labelFindings(mesh, this.node.path),
      ...watched.flatMap(({ name, interval }) => {
        const member = mesh.member(name);
        return member ? intervalFinding(mesh, member, name, interval.toSeconds()) : [];
      }),
    ];
  }

  /** The clusters of this program among the members. */
  get clusters(): readonly Cluster[] {
    return this.members.filter(isClusterMember);
  }

  /** All members. */
  get participants(): readonly MeshMember[] {
    return this.members;
  }

  /** The federation as plain data, as it stands now; further identities and relationships may still be added. */
  model(): Mesh {
    return new Mesh({
      members: this.members.map(memberOf),
      edges: this.edges,
      ...(this.shelfLife !== undefined && { seedShelfLife: this.shelfLife }),
      ...(this.sharedRoots !== undefined && { sharedRoots: this.sharedRoots }),
      ...(this.budgets && { budgets: this.budgets }),
      accepted: this.accepted,
      approved: this.approved,
    });
  }

  /** Everything that is wrong with it, or might be. */
  prove(): ProvenFinding[] {
    return this.findingsOf(this.model());
  }

  private findingsOf(mesh: Mesh): ProvenFinding[] {
    const { rules, previous } = this;
    return proveMesh(mesh, { now: this.moment(), rules, ...(previous && { previous }) });
  }

  /** The moment by which it is judged. */
  private moment(): Date {
    return reportNow() ?? this.now ?? new Date();
  }

  /** A finding of the model, in the words of the constructs that it was made of. */
  private findingOf({ member, path, ...proven }: ProvenFinding): FindingInput[] {
    const known = this.byName.get(member);
    const cluster = known && isClusterMember(known) ? known : undefined;
    const { property, value, ...rest } = proven;
    const finding = {
      ...rest,
      ...(property !== undefined && {
        property: path === undefined ? propertyWord(property, platformOf(known)) : property,
      }),
      // Its seconds were written by nobody, and may be the default's; the message has it as a time.
      ...(value !== undefined && property !== 'endpoint.refreshHint' && { value }),
    };
    if (path !== undefined) return [{ ...finding, path }];
    if (cluster) {
      // ZTWIM's server says this itself.
      if (finding.rule === 'E19' && cluster.federation.platform === 'openshift') return [];
      return [{ ...finding, path: member }];
    }
    return [{ ...finding, path: member === '' ? this.node.path : `${this.node.path}: ${member}` }];
  }
}

/** What a participant runs on; what concerns none of them has no words of its own. */
function platformOf(member: MeshMember | undefined): MemberPlatform {
  if (!member) return 'kubernetes';
  return isClusterMember(member) ? member.federation.platform : 'external';
}
