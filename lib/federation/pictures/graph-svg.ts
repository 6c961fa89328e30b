import { countOf, countWords, type Severity } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { type Arrow, arrowsOf, edgeCount, WAY_WORDS, type Way } from './arrows';
import { frame, type LegendItem } from './frame';
import { layoutOf } from './layout';
import { type Markings, tellingOf, worstOf } from './markings';
import {
  badges,
  dot,
  glyph,
  head,
  headSize,
  lineClasses,
  lineSample,
  PLATFORM_WORDS,
  PLATFORMS,
  platformCounts,
  platformLegend,
} from './marks';
import { arrowWords, memberWords, platformWords, productWords } from './member-words';
import { BOX, curveOf, type End, type PlacedBlock, type PlacedBox, placeBlock, pointOf, type Route } from './routes';
import { element, label, TEXTS, tooltip, widthOf } from './svg-text';

/** Between blocks, and above the first one, where a badge may stand out. */
const BLOCK_GAP = 40;
const ABOVE = 12;
/** Boxes in a row of those that nobody believes and that believe nobody. */
const ALONE_IN_ROW = 3;

/** The federation as boxes and arrows. */
export function graphSvg(mesh: Mesh, markings: Markings, title: string): string {
  const { members } = mesh;
  const arrows = arrowsOf(mesh, markings) ?? [];
  const kindOf = (node: number): number => PLATFORMS.indexOf((members[node] as Member).platform);
  const links = arrows.map(({ from, to }) => ({ a: from, b: to }));
  const { blocks, alone } = layoutOf(members.length, links, kindOf);
  const placed = blocks.map((block) => placeBlock(block, arrows));
  if (alone.length > 0) placed.push(rowsOf([...alone].sort((a, b) => kindOf(a) - kindOf(b) || a - b)));
  const width = Math.max(0, ...placed.map((block) => block.width));
  const height = placed.reduce((sum, block) => sum + block.height, 0) + BLOCK_GAP * Math.max(0, placed.length - 1);

  return frame(
    {
      title,
      summary: summaryOf(mesh, markings),
      description: descriptionOf(members, arrows),
      told: tellingOf(markings.mesh),
      width,
      height: height + ABOVE,
      legend: legendOf(members, arrows),
      style: stylesOf(members, arrows),
    },
    (left, top) => {
      let y = top + ABOVE;
      return placed.flatMap((block) => {
        const at = { x: left + (width - block.width) / 2, y };
        y += block.height + BLOCK_GAP;
        const moved = (box: PlacedBox): PlacedBox => ({ ...box, x: box.x + at.x, y: box.y + at.y });
        return [
          ...block.routes.map((route) => line(movedRoute(route, at.x, at.y), members)),
          ...block.boxes.map((box) => boxOf(moved(box), members[box.node] as Member, markings)),
        ];
      });
    },
  );
}

/** How many there are, and what was found, in one line. */
export function summaryOf(mesh: Mesh, markings: Markings): string {
  const counts = [
    `${countOf(mesh.members.length, 'member')}, ${countOf(edgeCount(mesh), 'directed edge')}`,
    ...countWords(markings.all),
  ];
  const ofMesh = countWords(markings.mesh);
  return counts.join(' · ') + (ofMesh.length > 0 ? ` (${ofMesh.join(', ')} of the mesh as a whole)` : '');
}

function rowsOf(nodes: readonly number[]): PlacedBlock {
  const boxes = nodes.map((node, index) => ({
    node,
    column: index % ALONE_IN_ROW,
    x: (index % ALONE_IN_ROW) * (BOX.width + BOX.gap),
    y: Math.floor(index / ALONE_IN_ROW) * (BOX.height + BOX.gap),
    width: BOX.width,
    height: BOX.height,
  }));
  const columns = Math.min(ALONE_IN_ROW, nodes.length);
  const rows = Math.ceil(nodes.length / ALONE_IN_ROW);
  return {
    boxes,
    routes: [],
    width: columns * (BOX.width + BOX.gap) - BOX.gap,
    height: rows * (BOX.height + BOX.gap) - BOX.gap,
  };
}

const movedRoute = (route: Route, x: number, y: number): Route => ({
  ...route,
  from: { ...route.from, x: route.from.x + x, y: route.from.y + y },
  to: { ...route.to, x: route.to.x + x, y: route.to.y + y },
});

function boxOf({ node, x, y, width, height }: PlacedBox, member: Member, markings: Markings): string {
  const { name, platform, trustDomain } = member;
  const marking = markings.of(name);
  const worst = worstOf(marking);
  const room = width - 24;
  return element(
    'g',
    { class: [platform, worst, `b${node}`].filter(Boolean).join(' ') },
    tooltip(...memberWords(member), ...tellingOf(marking)),
    element('rect', { class: 'box', x, y, width, height, rx: 7 }),
    element('rect', { class: 'bar', x: x + 4, y: y + 12, width: 4, height: height - 24, rx: 2 }),
    label(name, { x: x + 16, y: y + 22, as: 'name', width: room }),
    label(trustDomain, { x: x + 16, y: y + 38, width: room }),
    glyph(platform, x + 16, y + 43.5),
    label(shortPlatformWords(member, room - 18), {
      x: x + 34,
      y: y + 53.5,
      as: 'small',
      colour: 'muted',
      width: room - 18,
    }),
    badges(marking, x + width - 10, y),
  );
}

/** The platform has its sign: where there is no room for both, the version says more. */
function shortPlatformWords(member: Member, width: number): string {
  const all = platformWords(member);
  return widthOf(all, TEXTS.small) <= width ? all : (productWords(member) ?? all);
}

function line(route: Route, members: readonly Member[]): string {
  const { arrow, from, to, room } = route;
  const { length } = headSize(room);
  const tail = arrow.both ? length - 1 : arrow.single === 'declared' ? 6 : 0;
  return element(
    'g',
    { class: `edge ${lineClasses(arrow)} m${arrow.from} m${arrow.to}` },
    tooltip(arrowWords(arrow, members)),
    element('path', { class: 'line', d: curveOf(route, [tail, length - 1]) }),
    headAt(to, room),
    ...(arrow.both ? [headAt(from, room)] : []),
    ...(arrow.single === 'declared'
      ? [element('circle', { class: 'ring', cx: from.x - from.inward * 3.5, cy: from.y, r: Math.min(3, room * 0.45) })]
      : []),
    ...(arrow.worst ? [dotAt(arrow.worst, route)] : []),
  );
}

/** Nearer to its beginning: in the middle, lines cross. */
function dotAt(severity: Severity, route: Route): string {
  const { x, y } = pointOf(route, 0.3);
  return dot(severity, x, y);
}

const headAt = ({ x, y, inward }: End, room: number): string => head(x, y, inward, room);

function descriptionOf(members: readonly Member[], arrows: readonly Arrow[]): string {
  const mutual = arrows.filter(({ both }) => both).length;
  return [
    ...platformCounts(members).map(({ platform, count }) => `${count} ${PLATFORM_WORDS[platform]}`),
    `${countOf(mutual, 'pair')} that believe each other alike`,
    `${countOf(arrows.filter(({ single }) => single).length, 'direction')} without a reverse`,
  ].join(', ');
}

function legendOf(members: readonly Member[], arrows: readonly Arrow[]): LegendItem[] {
  const ways = (Object.keys(WAY_WORDS) as Way[]).flatMap((way): LegendItem[] =>
    arrows.some((arrow) => arrow.way === way)
      ? [{ sample: (x, y) => lineSample(way, 'plain', x, y), width: 34, text: WAY_WORDS[way] }]
      : [],
  );
  const kinds: [boolean, 'both' | 'one' | 'declared', string][] = [
    [arrows.some(({ both }) => both), 'both', 'believe each other'],
    [arrows.some(({ both, single }) => !both && single !== 'declared'), 'one', 'believes'],
    [arrows.some(({ single }) => single === 'declared'), 'declared', 'believes, one way as declared'],
  ];
  return [
    ...platformLegend(members),
    ...ways,
    ...kinds.flatMap(([there, kind, text]): LegendItem[] =>
      there ? [{ sample: (x, y) => lineSample('sample', kind, x, y), width: 34, text }] : [],
    ),
  ];
}

/** Thinner lines where they are many; and who points at a box sees its lines alone. */
function stylesOf(members: readonly Member[], { length }: readonly Arrow[]): string[] {
  const width = length > 90 ? 0.9 : length > 30 ? 1.2 : undefined;
  return [
    ...(width === undefined ? [] : [`.spirekit .edge .line{stroke-width:${width}}`]),
    ...members.map((_, index) => `.spirekit:has(.b${index}:hover) .edge:not(.m${index}){opacity:.1}`),
  ];
}
