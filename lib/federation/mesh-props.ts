import type { Construct } from 'constructs';
import { Cluster } from '../cluster';
import { Duration, isLate, report } from '../core';
import { ExternalTrustDomain, profileProblem } from './external-trust-domain';
import { isClusterMember, type MeshMember, nameOf } from './members';
import { Topology, type TopologyEdge } from './topology';

/** The members that can be worked with; the rest is reported. */
export function readMembers(scope: Construct, members: unknown): MeshMember[] {
  const rule = 'mesh-members';
  if (!Array.isArray(members)) {
    const remedy = 'write members: [east, west]';
    report(scope, { rule, property: 'members', message: 'is not a list of clusters', remedy });
    return [];
  }
  const seen = new Set<unknown>();
  const usable = members.filter((member: unknown, index): member is MeshMember => {
    const property = `members[${index}]`;
    if (!isMember(member)) {
      const remedy = 'write a KubernetesCluster, an OpenShiftCluster or an ExternalTrustDomain';
      report(scope, { rule, property, message: 'is not a participant of a federation', remedy });
      return false;
    }
    const isRepeated = seen.has(member);
    seen.add(member);
    const other = isClusterMember(member) && !isRepeated ? member.joinMesh(scope.node.path) : undefined;
    if (!isRepeated && other === undefined) return true;
    report(scope, {
      rule,
      property,
      value: nameOf(member),
      message: isRepeated ? 'is listed twice' : `is a member of the mesh '${other}' already`,
      remedy: 'keep one: a mesh can join several topologies with Topology.union()',
    });
    return false;
  });
  for (const member of usable) {
    const problem = isClusterMember(member) ? undefined : profileProblem(member);
    if (problem) report(scope, { rule, property: `members.${nameOf(member)}.profile`, ...problem });
  }
  if (members.length < 2) {
    const message = `has ${members.length === 0 ? 'no' : 'one'} participant, so that nobody believes anybody`;
    report(scope, {
      rule,
      severity: 'warning',
      property: 'members',
      message,
      remedy: 'list those that shall federate',
    });
  }
  return usable;
}

/** The edges of a topology among the members; what it names beside them is reported and left out. */
export function applyTopology(
  scope: Construct,
  topology: unknown,
  members: readonly MeshMember[],
): readonly TopologyEdge<MeshMember>[] {
  const rule = 'mesh-topology';
  const property = 'topology';
  if (!Topology.is(topology)) {
    const remedy = 'make it with Topology.full(), Topology.hub() or Topology.edges()';
    const value = typeof topology === 'string' ? { value: topology } : {};
    report(scope, { rule, property, ...value, message: 'is not a topology', remedy });
    return [];
  }
  const applied = (topology as Topology<MeshMember>).edgesAmong(members, { canConsume: isClusterMember });
  for (const stranger of applied.strangers) {
    const value = isMember(stranger) ? nameOf(stranger) : stranger;
    const message = 'is named by the topology and is no member of the mesh';
    const remedy =
      typeof stranger === 'string' ? 'pass the cluster itself, not its name' : 'add it to members, or leave it out';
    report(scope, { rule, property, value, message, remedy });
  }
  for (const misfit of applied.misfits) {
    const remedy = 'make it with Trust.oneWay() or Trust.mutual()';
    const value = typeof misfit === 'string' ? { value: misfit } : {};
    report(scope, { rule, property, ...value, message: 'is not a line of trust', remedy });
  }
  const known = new Set(members);
  return applied.edges.filter((edge) => known.has(edge.consumer) && known.has(edge.provider));
}

/** Seconds of a duration; undefined when there is none that can be read. */
export function readShelfLife(scope: Construct, duration: unknown): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = isLate(duration) ? 'is known only at deployment' : Duration.tryParse(duration);
  if (typeof parsed !== 'string') return parsed.toSeconds();
  const [message = parsed, remedy = "write a time such as '720h'"] = parsed.split('; ');
  report(scope, { rule: 'duration', property: 'seedShelfLife', value: duration, message, remedy });
  return undefined;
}

/** A time; undefined when there is none that can be read. */
export function readNow(scope: Construct, now: unknown): Date | undefined {
  if (now === undefined) return undefined;
  if (now instanceof Date && !Number.isNaN(now.getTime())) return now;
  const remedy = "write new Date('2026-01-31T12:00:00Z')";
  report(scope, { rule: 'mesh-now', property: 'now', value: String(now), message: 'is not a time', remedy });
  return undefined;
}

function isMember(value: unknown): value is MeshMember {
  return value instanceof Cluster || value instanceof ExternalTrustDomain;
}
