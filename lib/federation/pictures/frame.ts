import { styleOf } from './palette';
import { element, escapeXml, fitted, label, pixels, TEXTS, tooltip, widthOf } from './svg-text';

/** Room around everything, in pixels. */
export const MARGIN = 24;
/** Where the body begins, below title and summary. */
export const TOP = 78;
const LEGEND_ROW = 24;
const LEGEND_GAP = 22;

/** An explanation: a sample, and what it means. */
export interface LegendItem {
  /** Draws it, from a left edge, around a middle line. */
  readonly sample: (x: number, y: number) => string;
  /** Width of the sample, in pixels. */
  readonly width: number;
  readonly text: string;
}

/** What stands around the body of a picture. */
export interface FrameOptions {
  readonly title: string;
  /** One line below the title. */
  readonly summary: string;
  /** What is told when somebody points at it; @default - nothing */
  readonly told?: readonly string[];
  /** What a reader is told who cannot see it. */
  readonly description: string;
  /** Size of the body. */
  readonly width: number;
  readonly height: number;
  /** Least width of the body, so that the legend finds room; @default 640 */
  readonly least?: number;
  readonly legend: readonly LegendItem[];
  /** Rules of style beside the common ones. */
  readonly style?: readonly string[];
}

/**
 * A picture that needs nothing but itself: no script, no font, no file, and no ids, so that a page may hold several.
 *
 * @param body draws the body, whose upper left corner is at the point that it is given
 */
export function frame(options: FrameOptions, body: (x: number, y: number) => readonly string[]): string {
  const { title, summary, description, told = [] } = options;
  const inner = Math.max(options.width, options.least ?? 640);
  const legend = flow(options.legend, inner);
  const width = inner + 2 * MARGIN;
  const below = TOP + options.height;
  const height = below + (legend.height > 0 ? legend.height + 30 : 0) + MARGIN;
  const left = MARGIN + (inner - options.width) / 2;
  const lines = [
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(summary)}. ${escapeXml(description)}</desc>`,
    styleOf(options.style),
    element('rect', { class: 'ground', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10 }),
    label(title, { x: MARGIN, y: MARGIN + 16, as: 'title', width: inner }),
    element(
      'g',
      {},
      ...(told.length > 0 ? [tooltip(...told)] : []),
      label(summary, { x: MARGIN, y: MARGIN + 36, colour: 'muted', width: inner }),
    ),
    ...body(left, TOP),
    ...(legend.height > 0
      ? [element('path', { class: 'hair', d: `M${MARGIN} ${pixels(below + 20)}h${pixels(inner)}` })]
      : []),
    ...legend.draw(MARGIN, below + 30),
  ];
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const root = `<svg xmlns="http://www.w3.org/2000/svg" class="spirekit" role="img" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}">`;
  return `${[root, ...lines, '</svg>'].join('\n')}\n`;
}

/** Explanations one after the other, in as many rows as they take. */
function flow(items: readonly LegendItem[], width: number) {
  let [x, row] = [0, 0];
  const placed = items.map((item) => {
    const text = fitted(item.text, width - item.width - 8, TEXTS.small);
    const needs = item.width + 8 + widthOf(text, TEXTS.small);
    if (x > 0 && x + needs > width) {
      x = 0;
      row += 1;
    }
    const place = { item, text, x, y: row * LEGEND_ROW + LEGEND_ROW / 2 };
    x += needs + LEGEND_GAP;
    return place;
  });
  return {
    height: items.length === 0 ? 0 : (row + 1) * LEGEND_ROW,
    draw: (left: number, top: number): string[] =>
      placed.map(
        ({ item, text, x, y }) =>
          item.sample(left + x, top + y) +
          label(text, { x: left + x + item.width + 8, y: top + y + 4, as: 'small', colour: 'muted' }),
      ),
  };
}
