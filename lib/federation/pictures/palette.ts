import { TEXTS } from './svg-text';

/** A colour for bright surroundings, and for dark ones. */
export interface Tone {
  readonly light: string;
  readonly dark: string;
}

const tone = (light: string, dark: string): Tone => ({ light, dark });

/**
 * The colours of all pictures. Each text has a contrast of 4.5 and more to what it stands on, each line one of 3, in both
 * schemes; nothing is told by a colour alone.
 *
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */
export const PALETTE = {
  ground: tone('#ffffff', '#0d1117'),
  panel: tone('#f6f8fa', '#161b22'),
  hair: tone('#d0d7de', '#343b44'),
  ink: tone('#1f2328', '#e6edf3'),
  muted: tone('#57606a', '#a3adb8'),
  kubernetes: tone('#2563c9', '#79b0ff'),
  'kubernetes-fill': tone('#eff5fe', '#11223b'),
  openshift: tone('#a2337f', '#e88fcb'),
  'openshift-fill': tone('#fcf0f8', '#31172a'),
  external: tone('#5c6670', '#a5b0bb'),
  'external-fill': tone('#f6f7f8', '#1b2027'),
  web: tone('#6d3fc0', '#b99af7'),
  spiffe: tone('#0b7a75', '#4cc9bd'),
  none: tone('#6e7781', '#8d96a0'),
  error: tone('#cf222e', '#ff8079'),
  warning: tone('#8f5f00', '#e3b341'),
  'on-mark': tone('#ffffff', '#0d1117'),
} as const satisfies Record<string, Tone>;

/** Name of a colour. */
export type Colour = keyof typeof PALETTE;

/** A declaration of CSS: the bright colour stands first, for what reads no variables. */
export const paint = (property: 'fill' | 'stroke', colour: Colour): string =>
  `${property}:${PALETTE[colour].light};${property}:var(--sk-${colour})`;

/** What stands in the page around the picture is not touched: every rule is about what is in it. */
const rule = (selector: string, declarations: string): string =>
  `${selector
    .split(',')
    .map((each) => `.spirekit ${each}`)
    .join(',')}{${declarations}}`;

const variables = (scheme: keyof Tone): string =>
  Object.entries(PALETTE)
    .map(([name, colours]) => `--sk-${name}:${colours[scheme]}`)
    .join(';');

const PLATFORM_RULES = (['kubernetes', 'openshift', 'external'] as const).flatMap((platform) => [
  rule(`.${platform} .box`, `${paint('fill', `${platform}-fill`)};${paint('stroke', platform)}`),
  rule(`.${platform} .glyph`, `fill:none;${paint('stroke', platform)};stroke-width:1.6`),
  rule(`.${platform} .bar`, paint('fill', platform)),
]);

const LINES: readonly (readonly [string, Colour])[] = [
  ['sample', 'muted'],
  ['web', 'web'],
  ['spiffe', 'spiffe'],
  ['none', 'none'],
  ['error', 'error'],
  ['warning', 'warning'],
];
const LINE_RULES = LINES.flatMap(([kind, colour]) => [
  rule(`.${kind} .line`, paint('stroke', colour)),
  rule(`.${kind} .head`, paint('fill', colour)),
  rule(`.${kind} .ring`, paint('stroke', colour)),
]);

/** No font is fetched: it is one that is there. */
const FONTS = 'system-ui,"Segoe UI",Roboto,"Helvetica Neue","DejaVu Sans",sans-serif';

const RULES: readonly string[] = [
  rule('text', `font-family:${FONTS};${paint('fill', 'ink')}`),
  ...Object.entries(TEXTS).map(([name, { size, bold }]) =>
    rule(`.${name}`, `font-size:${size}px${bold ? ';font-weight:bold' : ''}`),
  ),
  rule('.muted', paint('fill', 'muted')),
  rule('.ground', `${paint('fill', 'ground')};${paint('stroke', 'hair')}`),
  rule('.panel', paint('fill', 'panel')),
  rule('.hair', `fill:none;${paint('stroke', 'hair')}`),
  rule('.box', 'stroke-width:1.2'),
  rule('.external .box', 'stroke-dasharray:5 3'),
  ...PLATFORM_RULES,
  rule('.line', 'fill:none;stroke-width:1.7'),
  rule('.ring', `${paint('fill', 'ground')};stroke-width:1.5`),
  rule('.web .line', 'stroke-dasharray:7 4'),
  rule('.none .line', 'stroke-dasharray:1.5 4;stroke-linecap:round'),
  ...LINE_RULES,
  rule('.error .box', `${paint('stroke', 'error')};stroke-width:2.6;stroke-dasharray:none`),
  rule('.warning .box', `${paint('stroke', 'warning')};stroke-width:2.6;stroke-dasharray:none`),
  rule('.mark-error', paint('fill', 'error')),
  rule('.mark-warning', paint('fill', 'warning')),
  rule('.sign', `fill:none;${paint('stroke', 'on-mark')};stroke-width:1.6;stroke-linecap:round`),
  rule('.on-mark', paint('fill', 'on-mark')),
];

/**
 * The style of a picture, for both schemes.
 *
 * @param own further rules
 */
export function styleOf(own: readonly string[] = []): string {
  return [
    '<style>',
    `.spirekit{${variables('light')}}`,
    `@media (prefers-color-scheme:dark){.spirekit{${variables('dark')}}}`,
    ...RULES,
    ...own,
    '</style>',
  ].join('\n');
}
