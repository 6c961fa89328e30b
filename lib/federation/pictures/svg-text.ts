/*
 * Text of pictures: what may stand in XML, how wide it will be with a font that nobody here knows, and elements of SVG.
 */

/** Longest text that is kept, even where nobody sees it before they ask for it; names of SPIFFE have up to 255 characters. */
const LONGEST = 300;

/**
 * Characters that no picture may hold: those that XML forbids, and those that turn the direction of whatever follows them.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
const UNFIT = /[\p{Cc}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu;

/** A text of one line that can be shown, whatever was given; what cannot be shown is the replacement character. */
export function cleanText(given: string): string {
  const text = given.length > LONGEST ? `${given.slice(0, LONGEST)}…` : given;
  return text.toWellFormed().replace(/\s+/g, ' ').replace(UNFIT, '\ufffd');
}

/** Text of somebody else's as content of an XML element. */
export const escapeXml = (text: string): string => escaped(cleanText(text));

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Widths in parts of the font's size, upright and bold. Those of DejaVu Sans: few fonts of user interfaces are wider. */
const WIDTHS: readonly (readonly [number, number, string])[] = [
  [0.29, 0.37, "ijlIJ'"],
  [0.36, 0.44, ' .,:;|-/\\f'],
  [0.42, 0.49, 'tr()[]!'],
  [0.53, 0.6, 'sz_*?"`'],
  [0.64, 0.72, 'abcdeghknopquvxy0123456789$FLETY{}'],
  [0.71, 0.78, 'ABCKPRSVXZ'],
  [0.84, 0.92, 'wDGHNOQU&+<>=^~#'],
  [1, 1.11, 'mMW@%'],
];
const WIDTH_OF = new Map(WIDTHS.flatMap(([plain, bold, all]) => [...all].map((it) => [it, { plain, bold }] as const)));

/** Letters of other alphabets, and pictures. */
const LETTER = { plain: 0.9, bold: 1 };
const WIDEST = { plain: 1.4, bold: 1.4 };

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader calls one character. */
const charactersOf = (text: string): string[] =>
  /^[\x20-\x7e]*$/.test(text) ? [...text] : [...graphemes.segment(text)].map(({ segment }) => segment);

function widthOfCharacter(character: string, weight: 'plain' | 'bold'): number {
  const known = WIDTH_OF.get(character);
  if (known) return known[weight];
  if (/^[·…—–→×†]$/.test(character)) return 1;
  return (/^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]$/u.test(character) ? LETTER : WIDEST)[weight];
}

/** How a text is set. */
export interface TextStyle {
  /** Pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

/** How texts are set, by the name of their class. */
export const TEXTS = {
  title: { size: 18, bold: true },
  name: { size: 13, bold: true },
  strong: { size: 12, bold: true },
  text: { size: 12, bold: false },
  small: { size: 11, bold: false },
  badge: { size: 11, bold: true },
} as const satisfies Record<string, TextStyle>;

/** The way in which a text is set. */
export type TextClass = keyof typeof TEXTS;

/** How wide a text will be at most, in pixels. */
export function widthOf(text: string, { size, bold }: TextStyle): number {
  const weight = bold ? 'bold' : 'plain';
  return charactersOf(text).reduce((sum, character) => sum + widthOfCharacter(character, weight), 0) * size;
}

/**
 * A text that is no wider than it may be: names of a federation are often alike at one of their ends, so what goes is in the
 * middle.
 */
export function fitted(given: string, width: number, style: TextStyle): string {
  const text = cleanText(given).trim();
  if (widthOf(text, style) <= width) return text;
  const characters = charactersOf(text);
  const weight = style.bold ? 'bold' : 'plain';
  let room = width / style.size - widthOfCharacter('…', weight);
  let [head, tail] = [0, characters.length];
  // Two at the beginning for each at the end.
  for (let turn = 0; head < tail; turn++) {
    const next = characters[turn % 3 === 2 ? tail - 1 : head] as string;
    room -= widthOfCharacter(next, weight);
    if (room < 0) break;
    if (turn % 3 === 2) tail -= 1;
    else head += 1;
  }
  return `${characters.slice(0, head).join('').trimEnd()}…${characters.slice(tail).join('').trimStart()}`;
}

/** As many of some names as there is room for, and how many there are more. */
export function fittedList(names: readonly string[], width: number, style: TextStyle): string {
  let best = '';
  for (let shown = 1; shown <= names.length; shown++) {
    const more = names.length - shown;
    const text = `${names.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    if (shown > 1 && widthOf(cleanText(text), style) > width) break;
    best = text;
  }
  return fitted(best, width, style);
}

/** Characters of a text up to which it is left whole where nothing is known of its width. */
const MOST_CHARACTERS = 60;

/** A text as the picture languages of others can show it: what goes is in the middle. */
export function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= MOST_CHARACTERS) return text;
  const tail = Math.floor(MOST_CHARACTERS / 3);
  return `${characters.slice(0, MOST_CHARACTERS - tail - 1).join('')}…${characters.slice(-tail).join('')}`;
}

/** Attributes of an element, none of which is text of somebody else's; numbers are pixels. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Pixels, to a tenth: finer is not seen, and the same on every machine. */
export const pixels = (value: number): string => String(Math.round(value * 10) / 10 + 0);

/** An element; its children are XML already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? pixels(value) : escaped(value as string)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** What is shown when somebody points at an element: its first child. */
export const tooltip = (...lines: readonly string[]): string =>
  `<title>${lines.map((line) => escapeXml(line)).join('\n')}</title>`;

/** Where a line of text stands, and how it is set. */
export interface LabelOptions {
  readonly x: number;
  /** Of the line on which the letters stand. */
  readonly y: number;
  /** @default 'text' */
  readonly as?: TextClass;
  /** @default 'start' */
  readonly anchor?: 'start' | 'middle' | 'end';
  /**
   * Class of its colour.
   *
   * @default - that of ink
   */
  readonly colour?: 'muted' | 'on-mark';
  /** Degrees, clockwise, around the point where it stands. */
  readonly turned?: number;
  /**
   * Room that it has, in pixels.
   *
   * @default - as much as it takes
   */
  readonly width?: number;
}

/** A line of text that takes no more room than it has. */
export function label(given: string, options: LabelOptions): string {
  const { x, y, as = 'text', anchor = 'start', colour, width, turned } = options;
  const style = TEXTS[as];
  const shown = width === undefined ? cleanText(given) : fitted(given, width, style);
  // A font has such characters as wide as it likes.
  const foreign = charactersOf(shown).some((it) => widthOfCharacter(it, 'plain') === WIDEST.plain);
  return element(
    'text',
    {
      class: colour === undefined ? as : `${as} ${colour}`,
      x,
      y,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      transform: turned === undefined ? undefined : `rotate(${turned} ${pixels(x)} ${pixels(y)})`,
      ...(foreign && { textLength: widthOf(shown, style), lengthAdjust: 'spacingAndGlyphs' }),
    },
    escapeXml(shown),
  );
}
