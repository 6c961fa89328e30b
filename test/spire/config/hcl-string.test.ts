import * as fc from 'fast-check';
import { quoteHcl } from '../../../lib/spire/config/hcl-string';

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** Reads a literal as HCL1 does, from its rules: no `${`, no line breaks, escapes of one letter, \u and \U. */
function read(literal: string): string {
  expect(literal).toMatch(/^"[^\n]*"$/s);
  let text = '';
  let at = 1;
  while (at < literal.length - 1) {
    const character = String.fromCodePoint(literal.codePointAt(at) as number);
    at += character.length;
    if (character !== '\\') {
      expect(character).not.toMatch(/["$\p{Cc}]/u);
      text += character;
      continue;
    }
    const kind = literal[at++] as string;
    const digits = { u: 4, U: 8 }[kind];
    if (digits === undefined) {
      expect(Object.keys(ESCAPES)).toContain(kind);
      text += ESCAPES[kind];
    } else {
      expect(literal.slice(at, at + digits)).toMatch(/^[0-9a-f]+$/);
      text += String.fromCodePoint(Number.parseInt(literal.slice(at, at + digits), 16));
      at += digits;
    }
  }
  return text;
}

const nasty = fc
  .array(
    fc.constantFrom('"', '\\', '$', `\${`, '}', '\n', '\r', '\0', '\ue123', '\u202e', '😀', 'a', '0', '\\u0041', '<<'),
  )
  .map((parts) => parts.join(''));

test('every text is read back as it was', () => {
  fc.assert(
    fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (text) => {
      expect(read(quoteHcl(text))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['', '""'],
  ['plain text', '"plain text"'],
  ['"quoted"', '"\\"quoted\\""'],
  ['C:\\x', '"C:\\\\x"'],
  [`pa$$ \${HOME} $`, '"pa\\u0024\\u0024 \\u0024{HOME} \\u0024"'],
  ['{{ .PodMeta.Name }}', '"{{ .PodMeta.Name }}"'],
  ['a\nb\r\tc', '"a\\nb\\r\\tc"'],
  ['\0\x1b\x7f\u0085', '"\\u0000\\u001b\\u007f\\u0085"'],
  ['Zürich 😀', '"Zürich 😀"'],
  ['\u202etxt\u{e0041}\u2028', '"\\u202etxt\\U000e0041\\u2028"'],
  ['\ue123', '"\\ue123"'],
])('%j is written %s', (text, written) => {
  expect(quoteHcl(text)).toBe(written);
});

test.each(['\ud800', 'a\udc00', 'ab\ud83d'])('half of a surrogate pair is refused: %j', (text) => {
  expect(() => quoteHcl(text)).toThrow(
    `has half of a surrogate pair at position ${text.length - 1}, which a file cannot hold; ` +
      'take text that was not cut within a character',
  );
});
