import { countWords, type Severity } from '../../core';
import { LEGIBLE } from '../analysis/table';
import type { Mesh } from '../mesh';
import type { Member, MemberPlatform } from '../model';
import { type Arrow, arrowsOf, placesOf, type Way, wayTo } from './arrows';
import { Markings, worstOf } from './markings';
import { platformCounts } from './marks';
import type { PictureOptions } from './mesh-svg';
import { PALETTE } from './palette';
import { cleanText, shortened } from './svg-text';

/** Identities up to which they do not hide the members. */
const MOST_IDENTITIES = 12;

/** What stands at an arrow, and the arrow, in one direction and in both: thick ones are verified by an SVID. */
const WAYS: Readonly<Record<Way, { label: string; one: string; both: string }>> = {
  web: { label: 'web', one: '-->', both: '<-->' },
  spiffe: { label: 'spiffe', one: '==>', both: '<==>' },
  none: { label: 'no endpoint', one: '-->', both: '<-->' },
};

/**
 * The federation as a Mermaid flowchart: an arrow leads from who believes to who is believed, and names the profile by
 * which the bundle is fetched; those of `https_spiffe` are thick. Dotted ones lead from a few identities to the peers that
 * they name. Above 20 members platforms stand for them, with the number of edges.
 *
 * The same mesh and findings give the same text. Ids are made from numbers; names stand in quoted labels only.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function mermaid(mesh: Mesh, { findings }: PictureOptions = {}): string {
  const markings = new Markings(mesh, findings);
  const lines = mesh.members.length > LEGIBLE ? platformLines(mesh, markings) : memberLines(mesh, markings);
  return `${['flowchart LR', ...lines].join('\n')}\n`;
}

/** Id of a member in the picture, by its position in the mesh. */
export const mermaidId = (index: number): string => `m${index}`;

function memberLines(mesh: Mesh, markings: Markings): string[] {
  const { members } = mesh;
  const arrows = arrowsOf(mesh, markings) ?? [];
  const worst = members.map(({ name }) => worstOf(markings.of(name)));
  return [
    ...members.map((member, index) => `  ${mermaidId(index)}["${memberLabel(member, markings)}"]`),
    ...arrows.map(arrowLine),
    ...identityLines(mesh),
    ...arrows.flatMap(({ worst }, index) => (worst ? [`  linkStyle ${index} ${styleOf(worst)}`] : [])),
    ...(['error', 'warning'] as const).flatMap((severity) => {
      const ids = worst.flatMap((own, index) => (own === severity ? [mermaidId(index)] : []));
      return ids.length === 0
        ? []
        : [`  classDef ${severity} ${styleOf(severity)}`, `  class ${ids.join()} ${severity}`];
    }),
  ];
}

function memberLabel({ name, trustDomain, platform }: Member, markings: Markings): string {
  const found = countWords(markings.of(name));
  return [name, trustDomain, platform, ...(found.length > 0 ? [found.join(', ')] : [])].map(quoted).join('<br/>');
}

/** Lines only: what is in a box has the colour that Mermaid's theme gives it, bright or dark. */
const styleOf = (severity: Severity): string => `stroke:${PALETTE[severity].light},stroke-width:3px`;

/** Text inside of a quoted label: what Mermaid or HTML would read as more than text is written as an entity. */
export function quoted(text: string): string {
  return cleanText(shortened(text)).replace(
    /[^\p{L}\p{N} ._:/@,=+()…-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}

function arrowLine({ from, to, way, both, single, worst }: Arrow): string {
  const { label, one, both: twice } = WAYS[way];
  const words = [label, ...(single === 'declared' ? ['one way'] : []), ...(worst ? [worst] : [])].join(', ');
  return `  ${mermaidId(from)} ${both ? twice : one}|${words}| ${mermaidId(to)}`;
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

/** Platforms instead of members: how many there are, and how many edges lead from one to another. */
function platformLines(mesh: Mesh, markings: Markings): string[] {
  const { members } = mesh;
  const places = placesOf(members);
  const edges = new Map<string, Record<Way, number>>();
  for (const { name, platform } of members) {
    for (const provider of mesh.providersOf(name)) {
      const member = members[places.get(provider) ?? -1];
      if (!member || provider === name) continue;
      const key = `${platform} ${member.platform}`;
      const ways = edges.get(key) ?? { web: 0, spiffe: 0, none: 0 };
      ways[wayTo(member)] += 1;
      edges.set(key, ways);
    }
  }
  const there = platformCounts(members);
  const arrow = (from: MemberPlatform, to: MemberPlatform): string[] => {
    const ways = edges.get(`${from} ${to}`);
    if (!ways) return [];
    const counts = Object.entries(ways).filter(([, count]) => count > 0);
    return [`  ${from} -->|${counts.map(([way, count]) => `${count} ${WAYS[way as Way].label}`).join(', ')}| ${to}`];
  };
  const found = countWords(markings.all);
  return [
    ...there.map(({ platform, count }) => `  ${platform}["${count} ${platform}"]`),
    ...there.flatMap((from) => there.flatMap((to) => arrow(from.platform, to.platform))),
    `  note["${[`${members.length} members are too many to be drawn one by one`, ...found].join('<br/>')}"]`,
  ];
}
