/** Longest text that is quoted as a whole. */
const MAX_SHOWN = 256;

/**
 * A text in quotes for a message: not longer than a line or two, and with nothing in it that could forge or reorder lines of
 * a log.
 */
export function quoted(text: string): string {
  return `'${printable(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)}'`;
}

/** A text with its control characters, direction marks and halves of characters written as `\u{…}`. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
