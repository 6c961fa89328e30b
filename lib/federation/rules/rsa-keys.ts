import { AGENT_SYNC } from '../../core';
import type { Mesh } from '../mesh';
import type { MeshFinding, MeshRule } from './rule';
import { names, span } from './wording';

/** Members up to which the size of keys does not matter. */
const FEW = 50;

/** In a large federation keys are small. */
export const rsaKeys: MeshRule = {
  id: 'W30',
  severity: 'warning',
  title: 'large federations have EC keys',
  text: 'Agents fetch the bundle of every trust domain that their workloads name, every few seconds and whether it has changed or not. With RSA of 2048 bits it is twice as large as with P-256: two CAs and two JWT keys are 4.5 KB of JSON instead of 2.5 KB. RSA is needed only where something that verifies JWT-SVIDs knows nothing else.',
  remedy: "set caKeyType: 'ec-p256'",
  source: 'https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/client/client.go',
  shownBy: ['spire/federation-sizes'],

  *check(mesh) {
    const finding = keyFinding(mesh);
    if (finding) yield finding;
  },
};

/** One finding for all: it is about the whole, and what is true of one member is true of the others. */
function keyFinding(mesh: Mesh): MeshFinding | undefined {
  const withRsa = new Set(mesh.members.flatMap(({ name, keyType }) => (keyType?.startsWith('rsa') ? [name] : [])));
  if (withRsa.size <= FEW) return undefined;
  const burdened: string[] = [];
  let most = 0;
  for (const { name } of mesh.members) {
    let count = 0;
    for (const provider of mesh.providersOf(name)) if (provider !== name && withRsa.has(provider)) count += 1;
    if (count > FEW) burdened.push(name);
    most = Math.max(most, count);
  }
  if (burdened.length === 0) return undefined;
  return {
    member: '',
    property: 'members',
    message: `${names([...withRsa])} have RSA keys, and ${names(burdened)} ${burdened.length === 1 ? 'believes' : 'believe'} up to ${most} of them: agents fetch each bundle that their workloads name every ${span(AGENT_SYNC)}, and these are twice as large as with EC keys`,
    remedy:
      "set caKeyType: 'ec-p256' (server.caKeyType), unless something that verifies their JWT-SVIDs knows RSA alone",
  };
}
