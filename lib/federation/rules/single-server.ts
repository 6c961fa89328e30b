import { caTtlFor, publishedAhead } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { signsItself } from './first-bundle';
import type { MeshFinding, MeshRule } from './rule';
import { aheadSum, caTtlWord, memberNames, span } from './wording';

/** Time that it may take to bring a server back: a node is replaced, and the server's volume moves to another. */
const REPLACEMENT = 60 * 60;

/** A server that is alone can be away without harm for as long as it takes to bring it back. */
export const singleServers: MeshRule = {
  id: 'W27',
  severity: 'warning',
  title: 'a single server is back before its CA is due',
  text: 'While a server is away, peers go on with the bundle that they have. If it was to publish its next CA in that time and to sign by it too, it makes one when it is back and signs at once, unseen. So it may be away for as long as a CA is published before it signs. An hour is what the replacement of a node with its volume may take.',
  remedy: 'lengthen caTtl, or run several servers below an upstream authority',
  source: 'https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/slot.go',
  shownBy: ['spire/federation-keys'],

  *check(mesh) {
    for (const member of mesh.members) {
      const finding = serverFinding(mesh, member);
      if (finding) yield finding;
    }
  },
};

function serverFinding(mesh: Mesh, member: Member): MeshFinding | undefined {
  const { name, platform, endpoint, replicas = 1, caTtl, keysInMemory } = member;
  if (platform === 'external' || !endpoint || replicas > 1 || caTtl === undefined) return undefined;
  // Keys that every restart loses are said already.
  if (keysInMemory || publishedAhead(caTtl) >= REPLACEMENT) return undefined;
  const peers = mesh.believersOf(name);
  if (peers.length === 0) return undefined;
  const own = signsItself(member);
  const longer = `lengthen ${caTtlWord(member)} to ${span(caTtlFor(REPLACEMENT) ?? caTtl)} at least`;
  return {
    member: name,
    property: 'caTtl',
    message: `is ${span(caTtl)} with one server: ${aheadSum(caTtl)}, and if it is away for longer, as while its node is replaced (${span(REPLACEMENT)}), it can come back with ${own ? 'a CA' : 'JWT keys'} that ${memberNames(peers)} ${peers.length === 1 ? 'has' : 'have'} not seen`,
    // Several servers that sign themselves have a CA each, and each of these is due on its own.
    remedy:
      platform === 'openshift'
        ? longer
        : `${longer}, or run several servers ${own ? 'below an upstream authority' : 'on one datastore'}`,
  };
}
