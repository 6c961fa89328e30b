import { element, label } from '../../lib/federation/pictures/svg-text';

/** A rectangle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What all panels are drawn by. */
export interface Ground {
  /** When the record began, in seconds since 1970, and how long it is. */
  readonly start: number;
  readonly length: number;
}

/** Room around what a panel shows. */
const PAD = 12;
const HEAD = 34;

/** The box of a panel, with its title; what it shows is drawn in the rest. */
export function panelBox(title: string, box: Box, draw: (inner: Box) => readonly string[]): string[] {
  const { x, y, width, height } = box;
  const inner = { x: x + PAD, y: y + HEAD, width: width - 2 * PAD, height: height - HEAD - PAD };
  return [
    element('rect', { class: 'panel', x, y, width, height, rx: 6 }),
    label(title, { x: x + PAD, y: y + 22, as: 'strong', width: width - 2 * PAD }),
    ...draw(inner),
  ];
}
