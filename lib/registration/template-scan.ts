/** What is wrong with a template, and how to write it. */
export interface TemplateProblem {
  readonly message: string;
  readonly remedy: string;
}

/** Ends the reading of a template at its first fault. */
export class TemplateFault extends Error {
  constructor(readonly problem: TemplateProblem) {
    super(problem.message);
  }
}

/** @throws TemplateFault always */
export function fault(message: string, remedy: string): never {
  throw new TemplateFault({ message, remedy });
}

/** A word of an action. `open` and `close` are the delimiters; `symbol` is any other character. */
export interface Token {
  readonly type:
    | 'text'
    | 'open'
    | 'close'
    | 'space'
    | 'string'
    | 'char'
    | 'number'
    | 'variable'
    | 'field'
    | 'dot'
    | 'word'
    | 'symbol';
  readonly text: string;
}

const COMMENT = /\{\{(?:-[ \t\r\n])?\/\*/y;
const CLOSE = /(?:[ \t\r\n]-)?\}\}/y;
const WORD_END = /[ \t\r\n.,|:)(]|\}\}|$/y;
const NUMBER =
  /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]*|[1-9][0-9_]*|(?:[0-9_]*\.[0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][+-]?[0-9_]+)?)i?$/;

// The order decides: '.5' is a number, '.Name' a field, '.' the dot.
const KINDS: readonly (readonly [Token['type'], RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:\\[^\n]|[^"\\\n])*"|`[^`]*`/y],
  ['char', /'(?:\\[^\n]|[^'\\\n])*'/y],
  ['number', /[+-]?\.?[0-9](?:[eEpP][+-]|[\p{L}\p{Nd}_.])*/uy],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.[\p{L}\p{Nd}_]+/uy],
  ['dot', /\./y],
  ['word', /[\p{L}\p{Nd}_]+/uy],
  ['symbol', /:=|[!-~]/y],
];

/**
 * Splits a template into text and the words of its actions, as Go does: trim markers applied, comments removed.
 *
 * @throws TemplateFault
 */
export function scan(template: string): Token[] {
  const tokens: Token[] = [];
  let trimNext = false;
  for (let at = 0; at < template.length; ) {
    const open = template.indexOf('{{', at);
    const end = open < 0 ? template.length : open;
    const trims = open >= 0 && /^\{\{-[ \t\r\n]/.test(template.slice(open, open + 4));
    let text = template.slice(at, end);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    if (trims) text = text.replace(/[ \t\r\n]+$/, '');
    if (text !== '') tokens.push({ type: 'text', text });
    if (open < 0) break;
    const comment = matchAt(COMMENT, template, open);
    const after = comment
      ? skipComment(template, open + comment.length)
      : scanAction(template, open + (trims ? 3 : 2), tokens);
    at = after.at;
    trimNext = after.trims;
  }
  return tokens;
}

interface After {
  readonly at: number;
  readonly trims: boolean;
}

function skipComment(template: string, from: number): After {
  const end = template.indexOf('*/', from);
  if (end < 0) fault("has a comment without end: '/*'", "end the comment with '*/}}'");
  const close = matchAt(CLOSE, template, end + 2);
  if (close === undefined) {
    fault('has a comment with something beside it', 'give the comment an action of its own: {{/* comment */}}');
  }
  return { at: end + 2 + close.length, trims: close.length > 2 };
}

function scanAction(template: string, from: number, tokens: Token[]): After {
  tokens.push({ type: 'open', text: '{{' });
  let at = from;
  for (;;) {
    const close = matchAt(CLOSE, template, at);
    if (close !== undefined) {
      tokens.push({ type: 'close', text: '}}' });
      return { at: at + close.length, trims: close.length > 2 };
    }
    if (at >= template.length) fault("has an action without end: '{{'", "end every '{{' with '}}'");
    let token = nextToken(template, at);
    // A space that belongs to ' -}}' is part of the end.
    if (token.type === 'space' && template.startsWith('-}}', at + token.text.length)) {
      token = { type: 'space', text: token.text.slice(0, -1) };
    }
    at += token.text.length;
    if (token.text !== '') tokens.push(token);
    checkEnd(template, at, token, tokens);
  }
}

function nextToken(template: string, at: number): Token {
  for (const [type, pattern] of KINDS) {
    const text = matchAt(pattern, template, at);
    if (text !== undefined) return { type, text };
  }
  const char = String.fromCodePoint(template.codePointAt(at) as number);
  return fault(
    `has the character ${JSON.stringify(char)} in an action`,
    'write text outside of {{ }}, or in double quotes',
  );
}

/** Words end before a space or one of Go's separators; a label's key with '-' or '/' does not. */
function checkEnd(template: string, at: number, token: Token, tokens: readonly Token[]): void {
  if (token.type === 'symbol' && (token.text === '"' || token.text === '`' || token.text === "'")) {
    fault(`has a text without end: ${token.text}`, `end the text with ${token.text} before the action ends`);
  }
  if (token.type === 'number' && !NUMBER.test(token.text) && !/^[+-]?0[xX].*[pP.]/.test(token.text)) {
    fault(`has '${token.text}', which is not a number`, 'write a number such as 1, or text in double quotes');
  }
  if (token.type !== 'field' && token.type !== 'variable' && token.type !== 'word') return;
  if (matchAt(WORD_END, template, at) !== undefined) return;
  const rest = /^[^\s|(){}]*/.exec(template.slice(at))?.[0] ?? '';
  const path: string[] = [];
  for (let i = tokens.length - 1; i >= 0 && tokens[i]?.type === 'field'; i--) path.unshift(tokens[i]?.text ?? '');
  const map = /^\.(?:Pod|Node)Meta\.(?:Labels|Annotations)(?=\.)/.exec(path.join(''))?.[0];
  if (map !== undefined) {
    const key = path.join('').slice(map.length + 1) + rest;
    fault(`reads the key '${key}' of ${map} as if it were a field`, `write index ${map} ${JSON.stringify(key)}`);
  }
  const word = (path.join('') || token.text) + rest;
  fault(
    `has '${word || token.text}', which is not a name in Go`,
    'use letters, digits and underscores, and set spaces around everything else',
  );
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
