/** One way in that a server offers. */
export interface Challenge {
  /** In lowercase, such as `basic` or `bearer`. */
  readonly scheme: string;
  /** By their names in lowercase. */
  readonly parameters: ReadonlyMap<string, string>;
}

const SPACE = /[\s,]*/y;
const WORD = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const VALUE = /\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/y;

/**
 * Reads `WWW-Authenticate`, which may list several challenges in one line, or in several that were joined by commas. What is
 * not understood ends the reading.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SPACE);
    const word = take(WORD)?.[0]?.toLowerCase();
    if (word === undefined) return challenges;
    const value = take(VALUE);
    if (!value) {
      challenges.push({ scheme: word, parameters: new Map() });
      continue;
    }
    const [, text, plain = ''] = value;
    challenges.at(-1)?.parameters.set(word, text === undefined ? plain : text.replace(/\\(.)/g, '$1'));
  }
}
