/** Longest excerpt of a text in an error: enough for every valid trust domain and for any ID a person typed. */
const MAX_SHOWN = 256;

/**
 * The text itself, or its beginning and `…` when it is too long for an error message or a log line.
 *
 * @param text any string
 */
export function shorten(text: string): string {
  if (text.length <= MAX_SHOWN) {
    return text;
  }
  // A surrogate pair cut in half would make the excerpt ill-formed, which JSON and UTF-8 writers replace or refuse.
  const last = text.charCodeAt(MAX_SHOWN - 1);
  const cutsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, cutsPair ? MAX_SHOWN - 1 : MAX_SHOWN)}…`;
}

/**
 * A value for a message: strings quoted and shortened, anything else named without running its code.
 *
 * Only printable ASCII is shown as it is. The rest is written `\u{…}`, because line breaks forge log lines, direction
 * marks reorder them, and a Cyrillic `а` would look like the letter that the rules allow.
 *
 * @param value anything, also what the types forbid
 */
export function quote(value: unknown): string {
  if (typeof value !== 'string') {
    return describe(value);
  }
  const shown = shorten(value);
  const body = shown === value ? escapeText(value) : `${escapeText(shown.slice(0, -1))}…`;
  return `'${body}'`;
}

/** One character as it is written inside quotes. */
function escapeCharacter(character: string): string {
  if (character === "'" || character === '\\') {
    return `\\${character}`;
  }
  const code = character.codePointAt(0) ?? 0;
  return code >= 0x20 && code <= 0x7e ? character : `\\u{${code.toString(16)}}`;
}

function escapeText(text: string): string {
  let escaped = '';
  for (const character of text) {
    escaped += escapeCharacter(character);
  }
  return escaped;
}

/** Names a value that is no string. `String(value)` would call its `toString`, which may throw or lie. */
function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
    case 'number':
      return String(value);
    default:
      return value === null ? 'null' : `(${typeof value})`;
  }
}
