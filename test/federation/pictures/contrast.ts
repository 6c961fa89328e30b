/** Parts of a colour, from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A colour as CSS writes it: `#rrggbb`, or what a browser computes. */
export function rgb(colour: string): Rgb {
  const parts = /^#/.test(colour)
    ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
    : numbersIn(colour);
  const [red = 0, green = 0, blue = 0] = parts;
  return [red, green, blue];
}

/** How much of a colour that a browser computes covers what is below it, from 0 to 1. */
export const alphaOf = (colour: string): number => numbersIn(colour)[3] ?? 1;

const numbersIn = (text: string): number[] => (text.match(/[\d.]+/g) ?? []).map(Number);

/** What is seen of a colour that covers another one in part. */
export const over = (colour: Rgb, opacity: number, ground: Rgb): Rgb =>
  colour.map((part, index) => part * opacity + (ground[index] as number) * (1 - opacity)) as unknown as Rgb;

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: Rgb, b: Rgb): number {
  const [one, two] = [luminance(a), luminance(b)];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
