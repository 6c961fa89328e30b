import { pushTo } from '../../core';
import { bundleContent } from '../bundle-content';
import { fingerprintsIn } from '../certificate-text';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { names } from './wording';

/** Trust domains are apart down to their roots. */
export const sharedRoots: MeshRule = {
  id: 'E32',
  severity: 'error',
  title: 'trust domains have no root in common',
  text: 'A bundle names roots, and whoever verifies by it accepts any identity of the trust domain that leads to one of them. Two trust domains below one root can therefore sign identities of each other, and the border between them holds nobody back.',
  remedy: "give every trust domain a root of its own, or accept it: sharedRoots: 'accepted'",
  source:
    'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#52-reusing-cryptographic-keys-across-trust-domains',
  shownBy: ['spire/federation-trust'],

  *check(mesh) {
    if (mesh.sharedRootsAccepted) return;
    for (const { members, fingerprint } of groupsOf(mesh)) yield findingOf(members, fingerprint);
  },
};

/** Members with a root in common, and the first such root. */
interface Group {
  readonly members: readonly Member[];
  readonly fingerprint: string;
}

/** Those who share several roots are one group: there is one thing to decide about them. */
function groupsOf(mesh: Mesh): Iterable<Group> {
  const holders = new Map<string, number[]>();
  const seen = new Set<string>();
  for (const [index, member] of mesh.members.entries()) {
    // Of two members of one trust domain the rule about names speaks.
    if (seen.has(member.trustDomain)) continue;
    seen.add(member.trustDomain);
    for (const fingerprint of new Set(rootsOf(member))) {
      pushTo(holders, fingerprint, index);
    }
  }
  const groups = new Map<string, Group>();
  for (const [fingerprint, indexes] of holders) {
    const key = indexes.join();
    if (indexes.length < 2 || groups.has(key)) continue;
    groups.set(key, { members: indexes.map((index) => mesh.members[index] as Member), fingerprint });
  }
  return groups.values();
}

/** The roots above a member's CA; where they are not known, what its peers begin with. */
export function rootsOf({ upstream, seed }: Member): readonly string[] {
  if (upstream?.roots !== undefined) return fingerprintsIn(upstream.roots);
  return seed ? bundleContent(seed.bundle).fingerprints : [];
}

/** Of a fingerprint, as much as tells certificates apart to the eye. */
const SHOWN = '00:11:22:33:44:55:66:77'.length;

/** All of them but in the greatest groups: nothing else says who they are. */
const LISTED = 20;

function findingOf(members: readonly Member[], fingerprint: string): MeshFinding {
  const listed = members.map(({ name }) => name);
  return {
    member: '',
    property: 'members',
    message: `${names(listed, LISTED)} have a root in common (SHA-256 ${fingerprint.slice(0, SHOWN)}…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified`,
    remedy:
      "give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration",
  };
}
