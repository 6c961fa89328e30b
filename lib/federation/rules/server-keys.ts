import { AGENT_SYNC } from '../../core';
import { unseenFor } from '../fetching';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { sameRoots } from '../roots-digest';
import { signsItself } from './first-bundle';
import { keptMembers } from './previous';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, span } from './wording';

/** No key signs before peers have seen it. */
export const serverKeys: MeshRule = {
  id: 'E21',
  severity: 'error',
  title: 'no key signs before peers have seen it',
  text: 'SPIRE publishes a new CA long before it signs, but not where there is no CA yet: a server that has lost its keys with its process, was added beside others, or was installed anew on another platform, makes one and signs by it at once. Peers refuse what it signs until they have fetched the bundle again; one that fetches by https_spiffe verifies the endpoint by the old bundle and never can again. Below an upstream authority this concerns the keys of JWT-SVIDs alone.',
  remedy: 'keep the keys (KeyManager.disk), and let an upstream authority sign the CA',
  source: 'https://github.com/spiffe/spire/issues/4297',
  shownBy: ['spire/federation-keys'],

  *check(mesh, { previous }) {
    const moved = movedMembers(mesh, previous);
    for (const member of mesh.members) {
      const { platform, keysInMemory, replicas = 1, name } = member;
      const before = moved.get(member);
      if (platform === 'external' || !member.endpoint || !(keysInMemory || replicas > 1 || before)) continue;
      const own = signsItself(member);
      const peers = mesh.believersOf(name);
      if (peers.length === 0) continue;
      if (before) yield newInstallation(mesh, member, before, peers);
      if (keysInMemory) yield own ? lostCa(mesh, member, peers) : lostJwtKeys(member, peers);
      else if (own && replicas > 1) yield addedServers(member, peers);
    }
  },
};

/** Members that are on another platform, with what they were. Their keys and their database are left behind. */
function movedMembers(mesh: Mesh, previous: Mesh | undefined): ReadonlyMap<Member, Member> {
  const moved = new Map<Member, Member>();
  if (!previous) return moved;
  for (const [is, was] of keptMembers(mesh, previous)) {
    if (is.platform !== was.platform && was.platform !== 'external') moved.set(is, was);
  }
  return moved;
}

const KEEP = 'keep the keys (KeyManager.disk, or a key service)';

/** Whom it locks out that every server of a member has a CA that nobody has seen. */
function lockout(mesh: Mesh, { name, endpoint }: Member): string {
  const locked = endpoint?.profile === 'https_spiffe' ? mesh.consumersOf(name) : [];
  if (locked.length === 0) return '';
  return `; by https_spiffe ${memberNames(locked)} cannot verify the endpoint any more, and would never see it`;
}

function newInstallation(mesh: Mesh, member: Member, was: Member, peers: readonly Member[]): MeshFinding {
  const { name, platform } = member;
  const own = signsItself(member) || signsItself(was) || !sameRoots(member.upstream?.roots, was.upstream?.roots);
  const keys = own ? 'a CA that signs' : 'keys of JWT-SVIDs that sign';
  return {
    member: name,
    severity: 'warning',
    property: 'platform',
    value: platform,
    message: `was '${was.platform}': a new installation has ${keys} at once, unseen by ${memberNames(peers)} for up to ${delay(member, peers)}${own ? lockout(mesh, member) : ''}`,
    remedy: own
      ? 'let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made'
      : 'accept it, where no peer verifies JWT-SVIDs',
  };
}

function lostCa(mesh: Mesh, member: Member, peers: readonly Member[]): MeshFinding {
  const { name, replicas = 1 } = member;
  const locked = replicas === 1 ? lockout(mesh, member) : '';
  return {
    member: name,
    property: 'keysInMemory',
    message: `loses its keys with the process: every restart makes a CA that signs at once, unseen by ${memberNames(peers)} for up to ${delay(member, peers)}${locked}`,
    remedy: `${KEEP}, and let an upstream authority sign the CA`,
  };
}

function lostJwtKeys(member: Member, peers: readonly Member[]): MeshFinding {
  return {
    member: member.name,
    severity: 'warning',
    property: 'keysInMemory',
    message: `loses its keys with the process: every restart makes keys of JWT-SVIDs that sign at once, unseen by ${memberNames(peers)} for up to ${delay(member, peers)}`,
    remedy: KEEP,
  };
}

function addedServers(member: Member, peers: readonly Member[]): MeshFinding {
  return {
    member: member.name,
    severity: 'warning',
    property: 'replicas',
    value: member.replicas,
    message: `servers that sign themselves have a CA each: that of an added one signs at once and is unseen by ${memberNames(peers)} for up to ${delay(member, peers)}`,
    remedy:
      'let an upstream authority sign their CAs, or accept that peers refuse what an added server signs for so long',
  };
}

/** How long the slowest of its peers does not see a new key, with the sum that it comes from. */
function delay(provider: Member, peers: readonly Member[]): string {
  let slowest: { readonly peer: Member; readonly time: number } | undefined;
  for (const peer of peers) {
    const time = unseenFor(peer, provider);
    if (time !== undefined && (slowest === undefined || time > slowest.time)) slowest = { peer, time };
  }
  if (!slowest) return 'nobody knows how long';
  const { peer, time } = slowest;
  if (peer.platform === 'external') return `${span(time)}, after which '${peer.name}' fetches again`;
  return `${span(time - AGENT_SYNC)} between two fetches + ${span(AGENT_SYNC)} between two questions of an agent = ${span(time)}`;
}
