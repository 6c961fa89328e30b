import type { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { OptionReader, report } from '../../core';
import { isBundleDigest } from '../bundle-digest';
import type { FederationMesh } from '../federation-mesh';
import { type MeshMember, nameOf } from '../members';
import type { Mesh } from '../mesh';
import { readSource, type UsableSource } from './read-source';
import { type ServedPeer, servedPeer } from './served-peer';

/** A peer as it can be worked with. */
export interface UsablePeer {
  readonly member: MeshMember;
  readonly peer: ServedPeer;
  readonly from: UsableSource;
  /** Those that believe it, one at least. */
  readonly consumers: readonly Cluster[];
  readonly replaces?: string;
}

const RULE = 'bootstrap-job';
const PEER = ['peer', 'from', 'consumers', 'replaces'];

/** Reads whose first bundles are fetched, and reports what is wrong with them. */
export function readPeers(scope: Construct, given: readonly unknown[] | undefined, mesh: FederationMesh): UsablePeer[] {
  const remedy = 'write peers: [{ peer: west, from: FirstBundle.ofCluster(…) }]';
  if (given === undefined || given.length === 0) {
    const message = given === undefined ? 'is missing' : 'is empty, so that there is nothing to do';
    report(scope, { rule: RULE, property: 'peers', message, remedy });
    return [];
  }
  const model = mesh.model();
  const known = new Set<unknown>();
  return given.flatMap((each, index) => {
    const at = `peers[${index}]`;
    const reader = new OptionReader(scope, RULE, at, each, PEER);
    if (!reader.isUsable) return [];
    const member = readMember(reader, mesh, known);
    const peer = member && servedPeer(model, member, nameOf(member));
    const from = readSource(reader, at, peer);
    const replaces = reader.text('replaces', digestProblem);
    const consumers = member && readConsumers(reader, mesh, model, member);
    if (!member || !peer || !from || !consumers || consumers.length === 0) return [];
    return [{ member, peer, from, consumers, ...(replaces !== undefined && { replaces }) }];
  });
}

function readMember(reader: OptionReader, mesh: FederationMesh, known: Set<unknown>): MeshMember | undefined {
  const given = reader.raw('peer');
  const remedy = 'pass a member of the mesh';
  if (given === undefined) {
    if (!reader.has('peer')) reader.add('peer', { message: 'is missing', remedy });
    return undefined;
  }
  const member = mesh.participants.find((each) => each === given);
  const problem = !member
    ? { message: 'is no member of the mesh', remedy }
    : known.has(member)
      ? { message: 'is listed twice', remedy: 'keep one' }
      : undefined;
  if (!problem) {
    known.add(member);
    return member;
  }
  reader.add('peer', problem, typeof given === 'string' ? given : member && nameOf(member));
  return undefined;
}

function readConsumers(
  reader: OptionReader,
  mesh: FederationMesh,
  model: Mesh,
  member: MeshMember,
): readonly Cluster[] | undefined {
  const name = nameOf(member);
  const believe = (cluster: Cluster) => model.hasEdge(nameOf(cluster), name);
  const all = mesh.clusters.filter((cluster) => cluster !== member && believe(cluster));
  if (all.length === 0) {
    const remedy = 'declare the edge, or leave the peer out';
    reader.add('peer', { message: 'is believed by no cluster of the mesh', remedy }, name);
    return undefined;
  }
  const remedy = `list clusters that believe it: ${all.length > 3 ? `${all.length} do` : all.map(nameOf).join(', ')}`;
  const given = reader.list('consumers', { remedy, empty: 'is empty, so that nobody fetches the bundle' });
  if (given === undefined) return reader.has('consumers') ? undefined : all;
  return given.flatMap((each, index) => {
    const found = all.find((cluster) => cluster === each);
    const problem = !found
      ? { message: `is no cluster that believes '${name}'`, remedy }
      : given.indexOf(each) < index
        ? { message: 'is listed twice', remedy: 'keep one' }
        : undefined;
    if (!problem) return found ? [found] : [];
    const cluster = mesh.clusters.find((it) => it === each);
    reader.add(`consumers[${index}]`, problem, cluster && nameOf(cluster));
    return [];
  });
}

const digestProblem = (text: string) =>
  isBundleDigest(text)
    ? undefined
    : {
        message: 'is no digest of a bundle',
        remedy: "write what the Job has printed: 'sha256:' and 64 hexadecimal digits in lower case",
      };
