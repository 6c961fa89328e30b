import { countWords, type Severity } from '../../core';
import type { Member, MemberPlatform } from '../model';
import type { Arrow, Way } from './arrows';
import type { LegendItem } from './frame';
import type { Marking } from './markings';
import { element, label, pixels, TEXTS, widthOf } from './svg-text';

/** What a platform is called. */
export const PLATFORM_WORDS: Readonly<Record<MemberPlatform, string>> = {
  kubernetes: 'Kubernetes',
  openshift: 'OpenShift',
  external: 'external',
};

/** In the order in which they stand. */
export const PLATFORMS = Object.keys(PLATFORM_WORDS) as MemberPlatform[];

/** The platforms that there are, and how many members run on each. */
export function platformCounts(members: readonly Member[]): { platform: MemberPlatform; count: number }[] {
  return PLATFORMS.map((platform) => ({
    platform,
    count: members.filter((member) => member.platform === platform).length,
  })).filter(({ count }) => count > 0);
}

/** What the signs of the platforms mean. */
export const platformLegend = (members: readonly Member[]): LegendItem[] =>
  platformCounts(members).map(({ platform, count }) => ({
    sample: (x, y) => element('g', { class: platform }, glyph(platform, x, y - 6)),
    width: 12,
    text: `${PLATFORM_WORDS[platform]} (${count})`,
  }));

/** A sign for a platform, 12 pixels wide: a wheel's seven corners, two rings, or a thing that is only known by its outline. */
export function glyph(platform: MemberPlatform, x: number, y: number): string {
  const [cx, cy] = [x + 6, y + 6];
  if (platform === 'kubernetes') {
    const corners = Array.from({ length: 7 }, (_, index) => {
      const angle = (index / 7) * 2 * Math.PI - Math.PI / 2;
      return `${pixels(cx + 5.6 * Math.cos(angle))} ${pixels(cy + 5.6 * Math.sin(angle))}`;
    });
    return (
      element('path', { class: 'glyph', d: `M${corners.join('L')}Z` }) +
      element('circle', { class: 'bar', cx, cy, r: 1.7 })
    );
  }
  if (platform === 'openshift') {
    return (
      element('circle', { class: 'glyph', cx, cy, r: 5.2 }) +
      element('path', {
        class: 'glyph',
        d: `M${pixels(cx - 7)} ${pixels(cy + 2.6)}L${pixels(cx + 7)} ${pixels(cy - 2.6)}`,
      })
    );
  }
  return element('rect', { class: 'glyph', x: x + 1, y: y + 1, width: 10, height: 10, 'stroke-dasharray': '2.5 2' });
}

/** What a marking says at the upper edge of a box: a plate for each severity, from the right. */
export function badges(marking: Marking, right: number, middle: number): string {
  let end = right;
  return (['warnings', 'errors'] as const)
    .filter((kind) => marking[kind] > 0)
    .map((kind) => {
      const only = { errors: 0, warnings: 0, accepted: 0, told: [], [kind]: marking[kind] };
      const plate = badge(countWords(only)[0] ?? '', kind === 'errors' ? 'error' : 'warning', end, middle);
      end -= plate.width + 4;
      return plate.svg;
    })
    .join('');
}

/** A plate with a sign and a text. */
export function badge(text: string, severity: Severity, right: number, middle: number, height = 18) {
  const width = widthOf(text, TEXTS.badge) + 24;
  const x = right - width;
  return {
    width,
    svg:
      element('rect', { class: `mark-${severity}`, x, y: middle - height / 2, width, height, rx: height / 2 }) +
      sign(severity, x + 11, middle) +
      label(text, { x: x + 18, y: middle + 4, as: 'badge', colour: 'on-mark' }),
  };
}

/** A cross, or an exclamation mark. */
export function sign(severity: Severity, x: number, y: number): string {
  const [left, right] = [pixels(x - 2.6), pixels(x + 2.6)];
  const [top, bottom] = [pixels(y - 2.6), pixels(y + 2.6)];
  const d =
    severity === 'error'
      ? `M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`
      : `M${pixels(x)} ${pixels(y - 4)}V${pixels(y + 0.8)}M${pixels(x)} ${pixels(y + 3.8)}v0.1`;
  return element('path', { class: 'sign', d });
}

/** A round plate for a place without room for words. */
export const dot = (severity: Severity, x: number, y: number, r = 7): string =>
  element('circle', { class: `mark-${severity}`, cx: x, cy: y, r }) + sign(severity, x, y);

/** The head of an arrow that points level to the right (1) or to the left (-1), its tip at a point. */
export function head(x: number, y: number, towards: 1 | -1, room: number): string {
  const { length, half } = headSize(room);
  const back = pixels(x - towards * length);
  return element('path', {
    class: 'head',
    d: `M${pixels(x)} ${pixels(y)}L${back} ${pixels(y - half)}L${back} ${pixels(y + half)}Z`,
  });
}

/** Heads are smaller where they are many. */
export const headSize = (room: number): { length: number; half: number } => {
  const half = Math.max(2.2, Math.min(4.5, room * 0.55));
  return { length: half * 2, half };
};

/** Classes of a line: its colour, and its pattern. */
export const lineClasses = ({ way, worst }: Pick<Arrow, 'way' | 'worst'>): string =>
  worst === undefined ? way : `${way} ${worst}`;

/** A sample of a line for the legend, 34 pixels wide. */
export function lineSample(
  way: Way | 'sample',
  kind: 'plain' | 'both' | 'one' | 'declared',
  x: number,
  y: number,
): string {
  const [from, to] = [kind === 'plain' ? x : x + (kind === 'one' ? 0 : 8), kind === 'plain' ? x + 34 : x + 26];
  return element(
    'g',
    { class: way },
    element('path', { class: 'line', d: `M${pixels(from)} ${pixels(y)}H${pixels(to)}` }),
    ...(kind === 'plain' ? [] : [head(x + 34, y, 1, 14)]),
    ...(kind === 'both' ? [head(x, y, -1, 14)] : []),
    ...(kind === 'declared' ? [element('circle', { class: 'ring', cx: x + 4, cy: y, r: 3 })] : []),
  );
}
