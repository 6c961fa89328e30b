/** Escapes that HCL knows by a letter of their own. */
const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Characters that are written by their number: `$`, because `-expandEnv` works on the raw text and HCL reads on after `${`
 * without regard to quotes; controls and invisible characters, because nobody could review them; U+2028 and U+2029, which
 * some editors take for line breaks; U+E123, which HCL keeps for itself.
 */
const SPECIAL = /["\\$\p{Cc}\p{Cf}\u2028\u2029\ue123]/gu;

const LONE_SURROGATE = /\p{Cs}/u;

/**
 * A string as HCL1 reads it back, in quotes.
 *
 * @throws Error if the text holds half of a surrogate pair, which UTF-8 cannot carry
 * @see https://github.com/hashicorp/hcl/blob/hcl1/hcl/strconv/quote.go
 */
export function quoteHcl(text: string): string {
  const half = text.search(LONE_SURROGATE);
  if (half >= 0) {
    throw new Error(
      `has half of a surrogate pair at position ${half}, which a file cannot hold; ` +
        'take text that was not cut within a character',
    );
  }
  return `"${text.replace(SPECIAL, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short) return short;
  const code = (character.codePointAt(0) as number).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
