import { countWords } from '../../core';
import type { Mesh } from '../mesh';
import type { Member, MemberPlatform } from '../model';
import { type Arrow, arrowsOf, edgeCount, WAY_WORDS, type Way } from './arrows';
import { Markings, tellingOf, worstOf } from './markings';
import { PLATFORM_WORDS, PLATFORMS } from './marks';
import { arrowWords, memberWords, platformWords } from './member-words';
import type { PictureOptions } from './mesh-svg';
import { PALETTE } from './palette';
import { cleanText, shortened } from './svg-text';

/** Arrows up to which all are written: beyond, no program makes a picture of them that anybody could read. */
const MOST_ARROWS = 20_000;

const SHAPES: Readonly<Record<MemberPlatform, string>> = {
  kubernetes: 'box',
  openshift: 'box',
  external: 'ellipse',
};
const STYLE_OF: Readonly<Record<MemberPlatform, string>> = {
  kubernetes: 'filled',
  openshift: 'filled,rounded',
  external: 'filled,dashed',
};
const STYLES: Readonly<Record<Way, string>> = { web: 'dashed', spiffe: 'solid', none: 'dotted' };

/**
 * The federation in the language of Graphviz: arrows from who believes to who is believed, solid by `https_spiffe`, dashed
 * by `https_web`, dotted without an endpoint; the shape of a member tells its platform. For `dot`, and of large meshes for
 * `sfdp`. Of more than 20,000 arrows a note stands for them.
 *
 * The same mesh and findings give the same text.
 *
 * @see https://graphviz.org/doc/info/lang.html
 */
export function meshDot(mesh: Mesh, { findings }: PictureOptions = {}): string {
  const markings = new Markings(mesh, findings);
  const { members } = mesh;
  const arrows = arrowsOf(mesh, markings, MOST_ARROWS);
  const lines = [
    'digraph federation {',
    `  graph [charset="UTF-8", rankdir=LR, tooltip=${text(['Who believes whom'])}]`,
    '  node [fontname="sans-serif", fontsize=11, style=filled, penwidth=1.2]',
    '  edge [fontname="sans-serif", fontsize=10, arrowsize=0.7]',
    ...PLATFORMS.flatMap((platform) => platformLines(platform, members, markings)),
    ...(arrows
      ? arrows.map((arrow) => `  ${arrowLine(arrow, members)}`)
      : [`  note [shape=note, label=${text([`${edgeCount(mesh)} edges are not drawn`])}]`]),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** The members of a platform, which have its shape and colour. */
function platformLines(platform: MemberPlatform, members: readonly Member[], markings: Markings): string[] {
  const lines = members.flatMap((member, index) =>
    member.platform === platform ? [`    ${memberLine(index, member, markings)}`] : [],
  );
  if (lines.length === 0) return [];
  const { light } = PALETTE[platform];
  const fill = PALETTE[`${platform}-fill`].light;
  return [
    `  { // ${PLATFORM_WORDS[platform]}`,
    `    node [shape=${SHAPES[platform]}, style="${STYLE_OF[platform]}", color="${light}", fillcolor="${fill}"]`,
    ...lines,
    '  }',
  ];
}

function memberLine(index: number, member: Member, markings: Markings): string {
  const marking = markings.of(member.name);
  const worst = worstOf(marking);
  const found = countWords(marking);
  const label = [
    member.name,
    member.trustDomain,
    platformWords(member),
    ...(found.length > 0 ? [found.join(', ')] : []),
  ];
  return `m${index} ${attributes({
    label: text(label.map(shortened)),
    tooltip: text([...memberWords(member), ...tellingOf(marking)]),
    ...(worst && { color: `"${PALETTE[worst].light}"`, penwidth: '3' }),
  })}`;
}

function arrowLine(arrow: Arrow, members: readonly Member[]): string {
  const { from, to, way, both, single, worst } = arrow;
  return `m${from} -> m${to} ${attributes({
    style: STYLES[way],
    color: `"${PALETTE[worst ?? way].light}"`,
    ...(worst && { penwidth: '2.5', label: text([worst]), fontcolor: `"${PALETTE[worst].light}"` }),
    ...(both && { dir: 'both' }),
    ...(single === 'declared' && { dir: 'both', arrowtail: 'odot' }),
    tooltip: text([arrowWords(arrow, members)]),
    ...(way === 'none' && !worst && { label: text([WAY_WORDS.none]) }),
  })}`;
}

const attributes = (all: Readonly<Record<string, string>>): string =>
  `[${Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}]`;

/** A quoted text of some lines. Graphviz reads entities, and escapes such as `\\N`, in what is quoted too. */
const text = (lines: readonly string[]): string =>
  `"${lines
    .map((line) => cleanText(line).replaceAll('&', '&amp;').replaceAll('\\', '\\\\').replaceAll('"', '\\"'))
    .join('\\n')}"`;
