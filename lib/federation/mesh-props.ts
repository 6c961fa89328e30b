import type { Construct } from 'constructs';
import { Cluster } from '../cluster';
import { Duration, durationProblem, isLate, report } from '../core';
import { readExternal } from './external-props';
import { ExternalTrustDomain } from './external-trust-domain';
import { isClusterMember, type MeshMember, nameOf } from './members';
import { Topology, type TopologyEdge } from './topology';

/** Relationships of one program: a million of them take three gigabytes of memory, and Node.js has four by default. */
export const MOST_EDGES = 1_000_000;

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
    if (!isRepeated && other === undefined) return isClusterMember(member) || externalIsUsable(scope, member, property);
    report(scope, {
      rule,
      property,
      value: nameOf(member),
      message: isRepeated ? 'is listed twice' : `is a member of the mesh '${other}' already`,
      remedy: 'keep one: a mesh can join several topologies with Topology.union()',
    });
    return false;
  });
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

/**
 * Reports what is wrong with an external trust domain.
 *
 * @param place of it in the list, by which it is called when it has no name
 * @returns whether it can be worked with: not without a trust domain
 */
function externalIsUsable(scope: Construct, member: ExternalTrustDomain, place: string): boolean {
  const { findings, isMember } = readExternal(member);
  const at = typeof member.name === 'string' && member.name !== '' ? `members.${member.name}` : place;
  for (const finding of findings) report(scope, { ...finding, property: `${at}.${finding.property}` });
  return isMember;
}

/**
 * The edges of a topology among the members; what it names beside them is reported and left out.
 *
 * @param given the members as they were given: what was found to be none is not said again
 */
export function applyTopology(
  scope: Construct,
  topology: unknown,
  members: readonly MeshMember[],
  given: unknown,
): readonly TopologyEdge<MeshMember>[] {
  const rule = 'mesh-topology';
  const property = 'topology';
  if (!Topology.is(topology)) {
    const remedy = 'make it with Topology.full(), Topology.hub() or Topology.edges()';
    const value = typeof topology === 'string' ? { value: topology } : {};
    report(scope, { rule, property, ...value, message: 'is not a topology', remedy });
    return [];
  }
  const known = new Set<unknown>(members);
  const applied = (topology as Topology<MeshMember>).edgesAmong(members, {
    // Plain JavaScript may name anything; it is said below.
    canBelieve: (consumer, provider) => known.has(consumer) && known.has(provider) && canBelieve(consumer, provider),
    mostEdges: MOST_EDGES,
  });
  const reported = new Set<unknown>(Array.isArray(given) ? given : []);
  const strangers = applied.strangers.filter((stranger) => !reported.has(stranger));
  for (const stranger of strangers) {
    const shown = isMember(stranger) ? nameOf(stranger) : stranger;
    const message = `${Array.isArray(stranger) ? 'holds a list, which' : 'is named by the topology and'} is no member of the mesh`;
    report(scope, {
      rule,
      property,
      ...(typeof shown === 'string' && { value: shown }),
      message,
      remedy: remedyFor(stranger),
    });
  }
  for (const misfit of applied.misfits) {
    const remedy =
      'make lines with Trust.oneWay() or Trust.mutual(); groups are lists of members, and regions { gateways: […], members: […] } with one gateway at least';
    const value = typeof misfit === 'string' ? { value: misfit } : {};
    report(scope, {
      rule,
      property,
      ...value,
      message: 'has a part that is no line of trust, group or region',
      remedy,
    });
  }
  if (applied.excess !== undefined) {
    const message = `takes about ${applied.excess} relationships among ${members.length} members, and one program writes ${MOST_EDGES} at most`;
    const remedy =
      'let members meet by Topology.hub(), Topology.groups() or Topology.gateways(), or make several programs';
    report(scope, { rule, property, message, remedy });
    return [];
  }
  const edges = applied.edges.filter((edge) => known.has(edge.consumer) && known.has(edge.provider));
  if (edges.length === 0 && members.length > 1 && strangers.length === 0 && applied.misfits.length === 0) {
    const message = 'joins none of the members, so that nobody believes anybody';
    const remedy = 'name those that shall federate, or write Topology.full()';
    report(scope, { rule, severity: 'warning', property, message, remedy });
  }
  return edges;
}

/** What to do about what a topology names and the mesh does not have. */
function remedyFor(stranger: unknown): string {
  if (typeof stranger === 'string') return 'pass the cluster itself, not its name';
  if (Array.isArray(stranger)) return 'pass the clusters one by one: Topology.hub(east, west)';
  return 'add it to members, or leave it out';
}

/** A cluster believes whoever serves a bundle; a foreign system whoever is of this program, if it fetches at all. */
function canBelieve(consumer: MeshMember, provider: MeshMember): boolean {
  if (isClusterMember(consumer)) return isClusterMember(provider) || readExternal(provider).serves;
  return isClusterMember(provider) && readExternal(consumer).props.fetches !== undefined;
}

/** Seconds of a duration; undefined when there is none that can be read. */
export function readShelfLife(scope: Construct, duration: unknown): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = isLate(duration) ? 'is known only at deployment' : Duration.tryParse(duration);
  if (typeof parsed !== 'string') return parsed.toSeconds();
  const problem = durationProblem(parsed, "write a time such as '720h'");
  report(scope, { rule: 'duration', property: 'seedShelfLife', value: duration, ...problem });
  return undefined;
}

/** A time; undefined when there is none that can be read. */
export function readNow(scope: Construct, now: unknown): Date | undefined {
  if (now === undefined) return undefined;
  if (now instanceof Date && !Number.isNaN(now.getTime())) return now;
  const remedy = "write new Date('2026-01-31T12:00:00Z')";
  // Of objects there may be no text at all.
  const shown = typeof now !== 'object' || now instanceof Date ? { value: String(now) } : {};
  report(scope, { rule: 'mesh-now', property: 'now', ...shown, message: 'is not a time', remedy });
  return undefined;
}

function isMember(value: unknown): value is MeshMember {
  return value instanceof Cluster || value instanceof ExternalTrustDomain;
}
