import type { TrustDomain } from '@spirekit/runtime/id';
import { type ApiObject, Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import {
  addCheck,
  type ClusterFact,
  clusterOf,
  type FindingInput,
  isCluster,
  isLate,
  markCluster,
  PLAIN_PROBLEM,
  report,
  usableProps,
} from '../core';
import {
  KubeNamespace,
  type KubeNamespaceProps,
  labelProblem,
  type NameProblem,
  subdomainProblem,
  WORKLOAD_KINDS,
} from '../kube';
import type { ClusterMonitoring } from '../monitoring';
import { ClusterSpiffeId } from '../registration';
import { setAccepts } from './accepts';
import { readAdditions } from './additions';
import type { ClusterFederation } from './cluster-federation';
import { type GivenWorkload, namespaceLabels, podsOf } from './given-workload';
import { hostNetworkFindings } from './host-network';
import { GIVEN, type GiveIdentityOptions, IDENTITY, type IdentityProps, registrationOptions } from './identity-options';
import { overlapFindings } from './identity-overlap';
import type { WorkloadPlatform } from './platform';
import { registrationFindings } from './registration-findings';
import { hasIdentity, mountWorkloadApi, podSelectorOf, workloadFindings, workloadObject } from './workload';

/**
 * One cluster with SPIRE in it, whoever makes that: a chart, and a folder of manifests of its own, with namespaces and
 * identities.
 */
export abstract class Cluster extends Chart {
  /** What workloads need to know of the installation. */
  abstract readonly platform: WorkloadPlatform;

  /** What a federation asks of the cluster. */
  abstract readonly federation: ClusterFederation;

  /** What Prometheus is told of the cluster; undefined when it was not asked for. */
  abstract readonly monitoring: ClusterMonitoring | undefined;

  private mesh: string | undefined;
  private readonly namespaces = new Map<string, KubeNamespace>();
  private readonly identities = new Map<string, ClusterSpiffeId>();
  private readonly workloads: GivenWorkload[] = [];

  constructor(scope: Construct, id: string) {
    super(scope, id, { disableResourceNameHashes: true });
  }

  /** Whether pods of a namespace get no identity, whatever is registered for them. */
  abstract ignoresNamespace(namespace: string): boolean;

  /** The cluster's trust domain. */
  get trustDomain(): TrustDomain {
    return this.platform.trustDomain;
  }

  /**
   * Says that a mesh makes the cluster's relationships, and proves them.
   *
   * @param path of the mesh
   * @returns the mesh that the cluster belongs to already
   */
  joinMesh(path: string): string | undefined {
    const other = this.mesh;
    this.mesh ??= path;
    return other;
  }

  /** What the platform has against a workload that gets an identity. */
  protected platformFindings(_workload: ApiObject): FindingInput[] {
    return [];
  }

  /** To be called by the constructor of a platform, when the installation is there. */
  protected complete(facts: readonly ClusterFact[]): void {
    addCheck(this, () => {
      const configured = this.federation.staticPeers.map(({ trustDomain }) => trustDomain);
      return [
        ...registrationFindings(this, this.trustDomain.name, this.mesh !== undefined, configured),
        ...this.workloadFindings(),
      ];
    });
    markCluster(this, [{ label: 'trust domain', value: this.trustDomain.name }, ...facts]);
  }

  /** Adds a namespace, `restricted` unless said otherwise; constructs made below it live in it. */
  addNamespace(name: string, props: Omit<KubeNamespaceProps, 'name'> = {}): KubeNamespace {
    const known = this.namespaces.get(name);
    if (known) {
      const remedy = 'keep the first one, or give one of them another name';
      report(known, { rule: 'namespace-twice', property: 'name', value: name, message: 'was added before', remedy });
      return known;
    }
    if (typeof name !== 'string') {
      report(this, { rule: 'namespace-name', property: 'name', ...nameProblem(name, labelProblem) } as FindingInput);
      return new KubeNamespace(this, this.freeId('invalid'), props ?? {});
    }
    // Not every name is free: the installation is a construct too.
    const id = this.node.tryFindChild(name) ? this.freeId(`namespace-${name}`) : name;
    const namespace = new KubeNamespace(this, id, { ...props, name });
    this.namespaces.set(name, namespace);
    return namespace;
  }

  /**
   * Gives pods an identity that this program does not make itself: they mount the Workload API on their own.
   *
   * @param id name of the registration object
   */
  identity(id: string, props: IdentityProps): ClusterSpiffeId {
    const known = this.identities.get(id);
    if (known) {
      const remedy = 'give each identity an id of its own';
      report(known, { rule: 'identity-twice', property: 'id', value: id, message: 'was used before', remedy });
      return known;
    }
    const { platform } = this;
    const given = usableProps(this, props, IDENTITY);
    const { namespace, serviceAccount, podLabels } = given;
    const identity = new ClusterSpiffeId(this, this.freeId(`identity-${id}`), {
      ...registrationOptions(given),
      name: id,
      className: platform.className,
      trustDomain: platform.trustDomain.name,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': text(namespace) ?? 'invalid' } },
      ...(podLabels && { podSelector: { matchLabels: { ...podLabels } } }),
      ...(text(serviceAccount) !== undefined && { workloadSelectorTemplates: [`k8s:sa:${serviceAccount}`] }),
    });
    this.identities.set(id, identity);
    setAccepts(identity, given.accepts);
    this.checkNamespace(identity, 'namespace', namespace);
    if (serviceAccount !== undefined) {
      const problem = nameProblem(serviceAccount, subdomainProblem);
      if (problem) report(identity, { rule: 'identity-account', property: 'serviceAccount', ...problem });
    }
    return identity;
  }

  /**
   * Gives a workload of this program an identity: mounts the Workload API read-only into its containers, sets
   * `SPIFFE_ENDPOINT_SOCKET`, registers its pods, and hardens them. A probe and a helper are added when they are asked for.
   *
   * @param workload a construct that stands for a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Pod: of
   * cdk8s-plus of any version, a plain `ApiObject`, or a typed one
   */
  giveIdentity(workload: IConstruct, props: GiveIdentityOptions = {}): ClusterSpiffeId | undefined {
    const object = workloadObject(workload);
    const isConstruct = Construct.isConstruct(workload);
    const place = isConstruct ? workload : this;
    if (!object) {
      report(place, {
        rule: 'identity-workload',
        ...(!isConstruct && { property: 'giveIdentity()' }),
        message: isConstruct ? 'is not a workload that an identity can be given to' : 'was given no construct',
        remedy: `pass a construct for a ${WORKLOAD_KINDS.join(', ')}`,
      });
      return undefined;
    }
    if (hasIdentity(object)) {
      report(place, {
        rule: 'identity-twice',
        message: 'was given an identity before',
        remedy:
          'call giveIdentity() once for each workload; further identities of its pods are made with identity(), each with a hint of its own',
      });
      return undefined;
    }
    const home = clusterOf(object);
    if (home && home !== this && isCluster(home)) {
      report(place, {
        rule: 'identity-cluster',
        message: `belongs to cluster '${home.node.path}', and was given an identity of '${this.node.path}'`,
        remedy: 'call giveIdentity() of its own cluster',
      });
      return undefined;
    }
    const { namespace } = object.metadata;
    if (namespace === undefined) {
      report(place, {
        rule: 'identity-namespace',
        property: 'metadata.namespace',
        message: 'is missing, so the identity would follow whatever namespace the object is applied to',
        remedy: 'make the workload in cluster.addNamespace(…), or set its namespace',
      });
    } else {
      this.checkNamespace(place, 'metadata.namespace', namespace);
    }
    const { platform } = this;
    const { harden = true, name, ...given } = usableProps(place, props, GIVEN);
    const assignsUsers = this.federation.platform === 'openshift';
    const additions = readAdditions(place, object, given, { platform, assignsUsers });
    const inTheWay = mountWorkloadApi(object, platform, harden, additions);
    addCheck(place, () => [...workloadFindings(object, platform), ...inTheWay(), ...this.platformFindings(object)]);
    const identity = new ClusterSpiffeId(this, this.identityId(object), {
      ...registrationOptions(given),
      name: name ?? `${namespace ?? 'default'}-${object.name}`,
      className: platform.className,
      trustDomain: platform.trustDomain.name,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace ?? 'default' } },
      podSelector: () => podSelectorOf(object),
    });
    setAccepts(identity, given.accepts);
    this.workloads.push({ place, object, identity });
    return identity;
  }

  /** What workloads of the cluster are to each other. */
  private workloadFindings(): FindingInput[] {
    if (this.workloads.length === 0) return [];
    const pods = podsOf(this.workloads);
    const namespaces = namespaceLabels(this);
    return [...overlapFindings(this, pods, namespaces), ...hostNetworkFindings(this, pods, namespaces)];
  }

  /** An id for the registration of a workload. Two paths may come out alike, such as `a-b/c` and `a/b-c`. */
  private identityId(object: IConstruct): string {
    const { path } = object.node;
    const below = path.startsWith(`${this.node.path}/`) ? path.slice(this.node.path.length + 1) : path;
    return this.freeId(`identity-${below.replaceAll('/', '-')}`);
  }

  private freeId(id: string): string {
    let free = id;
    for (let count = 2; this.node.tryFindChild(free); count++) free = `${id}-${count}`;
    return free;
  }

  /** A namespace whose pods get no identity, whatever is registered for them. */
  private checkNamespace(place: IConstruct, property: string, namespace: unknown): void {
    const rule = 'identity-namespace';
    const problem = nameProblem(namespace, labelProblem);
    if (problem) {
      report(place, { rule, property, ...problem });
    } else if (this.ignoresNamespace(namespace as string)) {
      report(place, {
        rule,
        property,
        value: namespace,
        message: 'is a namespace that the controller manager ignores, so its pods would get no identity',
        remedy: 'use another namespace, or leave this one out of ignoreNamespaces',
      });
    }
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function nameProblem(
  name: unknown,
  problemOf: (name: string) => NameProblem,
): (Partial<FindingInput> & NameProblem) | undefined {
  if (isLate(name)) return PLAIN_PROBLEM;
  if (name === undefined) return { message: 'is missing', remedy: 'write its name' };
  const problem = typeof name === 'string' ? problemOf(name) : { message: 'is not text', remedy: 'write it in quotes' };
  return problem && { value: name, ...problem };
}
