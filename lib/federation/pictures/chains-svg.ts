import { countOf } from '../../core';
import type { Mesh } from '../mesh';
import { names } from '../rules/wording';
import { WAY_WORDS, type Way } from './arrows';
import { type ChainRow, type ChainTree, chainTree } from './chain-rows';
import { frame, type LegendItem } from './frame';

import { dot, glyph, head, lineSample, PLATFORM_WORDS, PLATFORMS } from './marks';
import { memberWords } from './member-words';
import { element, fittedList, label, pixels, TEXTS, tooltip } from './svg-text';

/** Settings of `servingChainsSvg()`. */
export interface ServingChainsSvgOptions {
  /** @default 'Who serves whose bundle' */
  readonly title?: string;
}

const BOX = { width: 300, height: 44, gap: 16 } as const;
const INDENT = 36;
const WORDS = 400;
const MOST_NAMES = 20;

/**
 * Who serves whose bundle, as a tree: what serves the bundle of another can put a bundle of its own in its place, and then
 * sign identities of it, which is said beside it. Bundles that are served by their own trust domain are counted.
 *
 * At most 60 rows are drawn, the others are counted. The same mesh gives the same bytes.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#76-chaining-trust-with-https_spiffe
 */
export function servingChainsSvg(mesh: Mesh, options: ServingChainsSvgOptions = {}): string {
  const { title = 'Who serves whose bundle' } = options;
  const tree = chainTree(mesh);
  const { rows, left } = tree;
  const indented = Math.max(0, ...rows.map(({ level }) => level)) * INDENT;
  const pitch = BOX.height + BOX.gap;
  const more = left > 0 ? [`and ${countOf(left, 'trust domain')} more`] : [];
  const notes = rows.length === 0 ? ['Every bundle is served by the trust domain whose it is.'] : more;
  return frame(
    {
      title,
      summary: summaryOf(tree),
      description: rows.flatMap(descriptionOf).join('. '),
      width: indented + BOX.width + 20 + WORDS,
      height: Math.max(0, rows.length * pitch - BOX.gap) + notes.length * 30,
      legend: legendOf(rows),
    },
    (x, y) => [
      ...rows.map((row, index) => lineOf(rows, row, x, y + index * pitch, y)),
      ...rows.map((row, index) => boxOf(row, x, y + index * pitch, x + indented + BOX.width + 20)),
      ...notes.map((note, index) =>
        label(note, { x, y: y + Math.max(0, rows.length * pitch) + 14 + index * 30, colour: 'muted' }),
      ),
    ],
  );
}

function summaryOf({ rows, own }: ChainTree): string {
  const servers = rows.filter(({ forges }) => forges.length > 0).length;
  const circles = rows.filter(({ again }) => again).length;
  return [
    servers === 0 ? 'nobody serves the bundle of another' : `${countOf(servers, 'trust domain')} that can forge others`,
    `${countOf(own, 'member')} whose bundle nobody else serves`,
    ...(circles > 0 ? [countOf(circles, 'circle')] : []),
  ].join(' · ');
}

const descriptionOf = (row: ChainRow): string[] =>
  row.forges.length === 0 ? [] : [`${row.trustDomain} ${forgeryWords(row)}`];

const forgeryWords = ({ forges }: ChainRow): string => `can forge ${names(forges, MOST_NAMES)}`;

function boxOf(row: ChainRow, left: number, y: number, wordsAt: number): string {
  const { member, trustDomain, level, forges, again } = row;
  const x = left + level * INDENT;
  const platform = member?.platform ?? 'external';
  const words = forges.length > 0 ? forgeryWords(row) : undefined;
  return element(
    'g',
    { class: [platform, again ? 'error' : forges.length > 0 ? 'warning' : ''].filter(Boolean).join(' ') },
    tooltip(
      ...(member ? memberWords(member) : [trustDomain, 'no member of the federation']),
      ...(words ? [words] : []),
    ),
    element('rect', { class: 'box', x, y, width: BOX.width, height: BOX.height, rx: 7 }),
    glyph(platform, x + 12, y + 10),
    label(member?.name ?? 'no member', { x: x + 32, y: y + 20, as: 'name', width: BOX.width - 42 }),
    label(trustDomain, { x: x + 32, y: y + 36, as: 'small', width: BOX.width - 42 }),
    ...(words
      ? [
          dot('warning', wordsAt + 7, y + BOX.height / 2),
          label(`can forge ${fittedList(forges, WORDS - 90, TEXTS.small)}`, {
            x: wordsAt + 22,
            y: y + BOX.height / 2 + 4,
            as: 'small',
            width: WORDS - 22,
          }),
        ]
      : []),
    ...(again
      ? [
          dot('error', wordsAt + 7, y + BOX.height / 2),
          label('again: the bundles are served in a circle', {
            x: wordsAt + 22,
            y: y + BOX.height / 2 + 4,
            as: 'small',
            width: WORDS - 22,
          }),
        ]
      : []),
  );
}

/** From the one that serves, down beside what hangs there already, and level to the one that is served. */
function lineOf(rows: readonly ChainRow[], row: ChainRow, left: number, y: number, top: number): string {
  const { parent, profile } = row;
  const above = parent === undefined ? undefined : rows[parent];
  if (parent === undefined || !above) return '';
  const way = wayOf(profile);
  // Lines of one kind lie on each other, those of the other beside them.
  const from = {
    x: left + above.level * INDENT + (way === 'web' ? 14 : 24),
    y: top + parent * (BOX.height + BOX.gap) + BOX.height,
  };
  const to = { x: left + row.level * INDENT, y: y + BOX.height / 2 };
  return element(
    'g',
    { class: `edge ${way}` },
    tooltip(`${above.trustDomain} serves the bundle of ${row.trustDomain} (${WAY_WORDS[way]})`),
    element('path', {
      class: 'line',
      d: `M${pixels(from.x)} ${pixels(from.y)}V${pixels(to.y - 8)}q0 8 8 8H${pixels(to.x - 8)}`,
    }),
    head(to.x, to.y, 1, 14),
  );
}

const wayOf = (profile: ChainRow['profile']): Way => (profile === 'https_spiffe' ? 'spiffe' : 'web');

function legendOf(rows: readonly ChainRow[]): LegendItem[] {
  const platforms = PLATFORMS.filter((platform) => rows.some(({ member }) => member?.platform === platform));
  const ways = (['web', 'spiffe'] as const).filter((way) =>
    rows.some(({ profile }) => profile !== undefined && wayOf(profile) === way),
  );
  return [
    ...platforms.map((platform) => ({
      sample: (x: number, y: number) => element('g', { class: platform }, glyph(platform, x, y - 6)),
      width: 12,
      text: PLATFORM_WORDS[platform],
    })),
    ...ways.map((way) => ({
      sample: (x: number, y: number) => lineSample(way, 'one', x, y),
      width: 34,
      text: `serves the bundle of (${WAY_WORDS[way]})`,
    })),
  ];
}
