import { DOMParser, type Element, type Node } from '@xmldom/xmldom';
import { TEXTS, type TextClass, widthOf } from '../../../lib/federation/pictures/svg-text';

/** A rectangle, in the coordinates of the picture. */
export interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A text with the place that it takes at most. */
export interface PlacedText extends Rectangle {
  readonly text: string;
}

/** Characters that XML allows. */
const ALLOWED = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/** Reads a picture with somebody else's parser, which must not have the least to say against it. */
export function read(svg: string): Element {
  if (!ALLOWED.test(svg)) throw new Error('it has characters that XML forbids');
  const document = new DOMParser({ onError: complain }).parseFromString(svg, 'image/svg+xml');
  if (!document.documentElement) throw new Error('it has no element');
  return document.documentElement;
}

/** Each of its warnings is an error, but for one: what cannot be shown is the replacement character on purpose. */
function complain(level: string, message: string): void {
  if (!message.startsWith('Unicode replacement character')) throw new Error(`${level}: ${message}`);
}

/** All elements of a name. */
export function all(root: Element, name: string): Element[] {
  const found: Element[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    if (node !== root && node.nodeName === name) found.push(node as Element);
    for (let child = node.lastChild; child; child = child.previousSibling) open.push(child);
  }
  return found;
}

/** A number of an attribute. */
export const numberOf = (element: Element, attribute: string): number => Number(element.getAttribute(attribute));

/** Whether an element has a class. */
export const hasClass = (element: Element, name: string): boolean =>
  (element.getAttribute('class') ?? '').split(' ').includes(name);

/** The texts that are shown, with the room that they may take by the library's own estimate; a browser knows better. */
export function textsOf(root: Element): PlacedText[] {
  return all(root, 'text').map((element) => {
    const kind = Object.keys(TEXTS).find((name) => hasClass(element, name)) as TextClass;
    const text = element.textContent ?? '';
    const [x, y] = [numberOf(element, 'x'), numberOf(element, 'y')];
    const { size } = TEXTS[kind];
    const width = Math.max(widthOf(text, TEXTS[kind]), numberOf(element, 'textLength'));
    const anchor = element.getAttribute('text-anchor');
    const from = anchor === 'end' ? -width : anchor === 'middle' ? -width / 2 : 0;
    const [above, below] = [size * 0.8, size * 0.2];
    return /^rotate\(-90 /.test(element.getAttribute('transform') ?? '')
      ? { text, left: x - above, right: x + below, top: y - from - width, bottom: y - from }
      : { text, left: x + from, right: x + from + width, top: y - above, bottom: y + below };
  });
}

/** Pairs of texts that lie on each other. */
export function overlaps(texts: readonly PlacedText[]): string[] {
  return texts.flatMap((a, index) =>
    texts
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} × ${b.text}`),
  );
}

/** Texts that are not wholly in the picture. */
export function outside(root: Element, texts: readonly PlacedText[]): string[] {
  const [width, height] = [numberOf(root, 'width'), numberOf(root, 'height')];
  return texts
    .filter(({ left, right, top, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
    .map(({ text }) => text);
}

/** Points of all curves and lines, a few of each. */
export function linePoints(root: Element): { d: string; x: number; y: number }[] {
  const lines = all(root, 'path').filter((path) => hasClass(path, 'line'));
  return lines.flatMap((path) => {
    const d = path.getAttribute('d') ?? '';
    const match = /^M([\d.]+) ([\d.]+)C([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)$/.exec(d);
    if (!match) return [];
    const [x1, y1, c1, d1, c2, d2, x2, y2] = match.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return Array.from({ length: 21 }, (_, index) => {
      const at = index / 20;
      const bezier = (a: number, b: number, c: number, e: number): number =>
        a * (1 - at) ** 3 + 3 * b * at * (1 - at) ** 2 + 3 * c * at ** 2 * (1 - at) + e * at ** 3;
      return { d, x: bezier(x1, c1, c2, x2), y: bezier(y1, d1, d2, y2) };
    });
  });
}
