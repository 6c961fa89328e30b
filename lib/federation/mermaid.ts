import { profileName } from './matrix';
import type { Mesh } from './mesh';
import type { Member } from './model';

/** Members up to which arrows can be followed, and identities up to which they do not hide the members. */
const MOST_MEMBERS = 50;
const MOST_IDENTITIES = 12;

/** Stands where a provider has no profile. */
const NO_ENDPOINT = 'no endpoint';

/**
 * The federation as a Mermaid flowchart: an arrow leads from who believes to who is believed, and names the profile by
 * which the bundle is fetched. Dotted ones lead from a few identities to the peers that they name. Above 50 members, a note
 * stands for the arrows.
 *
 * The same mesh gives the same text. Ids are made from numbers; names stand in quoted labels only.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaid(mesh: Mesh): string {
  const { members } = mesh;
  const lines = members.map((member, index) => `  ${mermaidId(index)}["${memberLabel(member)}"]`);
  if (members.length > MOST_MEMBERS) {
    const trust = members.reduce((sum, { name }) => sum + mesh.providersOf(name).size, 0);
    lines.push(`  note["${trust} arrows among ${members.length} members are not drawn"]`);
  } else {
    lines.push(...arrows(mesh), ...identityLines(mesh));
  }
  return `${['flowchart LR', ...lines].join('\n')}\n`;
}

/** Id of a member in the picture, by its position in the mesh. */
export const mermaidId = (index: number): string => `m${index}`;

function memberLabel({ name, trustDomain, platform }: Member): string {
  return [name, trustDomain, platform].map(quoted).join('<br/>');
}

/** Text inside of a quoted label: what Mermaid or HTML would read as more than text is written as an entity. */
function quoted(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._:/@,=+()-]/gu, (character) => `#${character.codePointAt(0)};`);
}

function arrows(mesh: Mesh): string[] {
  const { members } = mesh;
  const lines: string[] = [];
  members.forEach((consumer, from) => {
    members.forEach((provider, to) => {
      if (from === to || !mesh.hasEdge(consumer.name, provider.name)) return;
      const back = mesh.hasEdge(provider.name, consumer.name);
      const [label, backLabel] = [profileName(provider) ?? NO_ENDPOINT, profileName(consumer) ?? NO_ENDPOINT];
      // Two directions are one arrow where they are alike; it is drawn from the first of the two.
      const both = back && label === backLabel;
      if (both && to < from) return;
      lines.push(`  ${mermaidId(from)} ${both ? '<-->' : '-->'}|${label}| ${mermaidId(to)}`);
    });
  });
  return lines;
}

function identityLines(mesh: Mesh): string[] {
  const { members } = mesh;
  const places = new Map<string, number>();
  for (const [index, { trustDomain }] of members.entries()) {
    if (!places.has(trustDomain)) places.set(trustDomain, index);
  }
  const naming = members.flatMap(({ identities = [] }, index) =>
    identities.filter(({ federatesWith }) => federatesWith.length > 0).map((identity) => ({ identity, index })),
  );
  if (naming.length > MOST_IDENTITIES) return [];
  return naming.flatMap(({ identity, index }, number) => {
    const id = `i${number}`;
    const peers = [...new Set(identity.federatesWith)].flatMap((trustDomain) => places.get(trustDomain) ?? []);
    return [
      `  ${id}(["${quoted(identity.name)}"])`,
      `  ${mermaidId(index)} --- ${id}`,
      ...peers.map((peer) => `  ${id} -.-> ${mermaidId(peer)}`),
    ];
  });
}
