import type { ApiObject, Chart } from 'cdk8s';
import type { PodSpec } from 'kubernetes-types/core/v1';
import { type FindingInput, isObject, objectsOf, pushTo } from '../core';
import { manifestOf, WORKLOAD_KINDS } from '../kube';
import type { GivenPods } from './given-workload';
import { containersOf, listOf, podSpecOf } from './pod';

const RULE = 'host-network';
const ENFORCED = 'pod-security.kubernetes.io/enforce';

/** A port of the node that pods of a workload take. */
interface HostPort {
  readonly port: number;
  readonly protocol: string;
  /** Address of the node; undefined for all of them. */
  readonly address: string | undefined;
}

interface Taker {
  readonly object: ApiObject;
  readonly kind: string;
  readonly spec: PodSpec;
}

/**
 * What keeps workloads from the network of their nodes: a namespace whose pods may not use it, and a port that another
 * workload of the cluster takes, SPIRE's own included.
 *
 * @param pods of the workloads that were given an identity in the cluster
 * @param namespaces labels of the namespaces that the program makes: of others nothing is known
 */
export function hostNetworkFindings(
  cluster: Chart,
  pods: readonly GivenPods[],
  namespaces: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): FindingInput[] {
  const onHost = pods.filter(({ spec }) => spec.hostNetwork === true || hostPorts(spec).length > 0);
  if (onHost.length === 0) return [];
  return [...onHost.flatMap((pod) => refusals(pod, namespaces)), ...clashes(cluster, onHost)];
}

function refusals({ place, namespace, spec }: GivenPods, namespaces: ReadonlyMap<string, object>): FindingInput[] {
  const level: unknown = (namespaces.get(namespace) as Record<string, unknown> | undefined)?.[ENFORCED];
  if (level !== 'baseline' && level !== 'restricted') return [];
  const isOnNetwork = spec.hostNetwork === true;
  const [port] = hostPorts(spec);
  return [
    {
      rule: RULE,
      path: place.node.path,
      property: isOnNetwork ? 'hostNetwork' : 'hostPort',
      value: isOnNetwork ? true : port?.port,
      message: `is refused in namespace '${namespace}', which enforces '${level}': there would be no pods`,
      remedy: "leave it out, or make the namespace with podSecurity: 'privileged'",
    },
  ];
}

function clashes(cluster: Chart, onHost: readonly GivenPods[]): FindingInput[] {
  const given = new Map(onHost.map(({ object, place }, at) => [object, { at, path: place.node.path }]));
  const takers = new Map<string, Taker[]>();
  const take = (taker: Taker): void => {
    for (const { port, protocol } of hostPorts(taker.spec)) pushTo(takers, `${port}/${protocol}`, taker);
  };
  for (const pod of onHost) take(pod);
  for (const { object } of objectsOf(cluster)) {
    if (given.has(object) || !WORKLOAD_KINDS.includes(object.kind)) continue;
    const spec = podSpecOf(manifestOf(object));
    if (spec) take({ object, kind: object.kind, spec });
  }
  return onHost.flatMap((pod, at) =>
    hostPorts(pod.spec).flatMap((own) => {
      const other = (takers.get(`${own.port}/${own.protocol}`) ?? []).find((taker) => {
        const theirs = given.get(taker.object);
        // A pair is found with the later one.
        if (theirs && theirs.at >= at) return false;
        return mayMeet(pod.spec, taker.spec) && hostPorts(taker.spec).some((port) => areOne(own, port));
      });
      return other ? [clash(pod, own, other, given.get(other.object)?.path ?? other.object.node.path)] : [];
    }),
  );
}

function clash(pod: GivenPods, { port, protocol }: HostPort, other: Taker, path: string): FindingInput {
  // One of the two is on every node; others can still be on nodes of their own.
  const isCertain = [pod.kind, other.kind].includes('DaemonSet');
  return {
    rule: RULE,
    severity: isCertain ? 'error' : 'warning',
    path: pod.place.node.path,
    property: 'hostPort',
    value: port,
    message:
      `(${protocol}) is a port of the node that '${path}' takes too, ` +
      (isCertain ? 'so that one of the two finds no node' : 'so that the two never run on one node'),
    remedy: "choose another port, or leave the node's network",
  };
}

/** Ports of the node that a pod takes: with the node's network, every port of its containers is one. */
function hostPorts(spec: PodSpec): HostPort[] {
  return containersOf(spec).flatMap(({ ports }) =>
    listOf(ports).flatMap(({ containerPort, hostPort, hostIP, protocol }) => {
      const port: unknown = hostPort || (spec.hostNetwork === true ? containerPort : undefined);
      if (typeof port !== 'number') return [];
      const address = typeof hostIP === 'string' && hostIP !== '0.0.0.0' && hostIP !== '' ? hostIP : undefined;
      return [{ port, protocol: typeof protocol === 'string' ? protocol : 'TCP', address }];
    }),
  );
}

function areOne(a: HostPort, b: HostPort): boolean {
  const isOneAddress = a.address === undefined || b.address === undefined || a.address === b.address;
  return a.port === b.port && a.protocol === b.protocol && isOneAddress;
}

/** Whether pods of both may come to one node. Affinities can say anything: then it is left to who wrote them. */
function mayMeet(a: PodSpec, b: PodSpec): boolean {
  if (a.affinity?.nodeAffinity || b.affinity?.nodeAffinity) return false;
  const [left, right] = [a.nodeSelector, b.nodeSelector].map((each) => (isObject(each) ? each : {})) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  return !Object.entries(left).some(([key, value]) => Object.hasOwn(right, key) && right[key] !== value);
}
