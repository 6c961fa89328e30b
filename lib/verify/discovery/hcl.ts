/** A configuration as plain data: objects, lists, texts, numbers, truth values. */
export type ConfTree = { readonly [key: string]: unknown };

/** What is no HCL, and where. */
export class HclError extends Error {}

/**
 * Reads the configuration of a SPIRE program: JSON, or HCL 1 as far as SPIRE's own files go. Blocks of one name are one object,
 * the labels of a block are keys in it, as SPIRE's decoder has it.
 *
 * @throws HclError if it is neither
 * @see https://github.com/hashicorp/hcl/tree/hcl1
 */
export function parseConf(text: string): ConfTree {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as ConfTree;
    } catch (error) {
      throw new HclError(`is not JSON: ${(error as Error).message}`);
    }
  }
  const reader = new Reader(text);
  const tree = reader.body(undefined);
  return tree;
}

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deepest nesting: a file must not be able to exhaust the stack. */
const DEEPEST = 64;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  /** The entries up to the closing brace, or to the end. */
  body(close: '}' | undefined): Tree {
    if (++this.depth > DEEPEST) throw this.problem('is nested too deeply');
    const tree: Tree = {};
    for (;;) {
      this.skip();
      if (this.at >= this.text.length) {
        if (close !== undefined) throw this.problem(`ends without '${close}'`);
        break;
      }
      if (close !== undefined && this.take(close)) break;
      const key = this.key();
      this.skip();
      if (this.take('=')) add(tree, [key], this.value());
      else add(tree, [key, ...this.labels()], this.block());
      this.skip();
      this.take(',');
    }
    this.depth--;
    return tree;
  }

  private labels(): string[] {
    const labels: string[] = [];
    for (this.skip(); this.peek() !== '{'; this.skip()) labels.push(this.key());
    return labels;
  }

  private block(): Tree {
    this.skip();
    if (!this.take('{')) throw this.problem("has no '{'");
    return this.body('}');
  }

  private key(): string {
    if (this.peek() === '"') return this.quoted();
    const [word] = this.match(/[A-Za-z0-9_.-]+/y) ?? [];
    if (word === undefined) throw this.problem('has no key');
    return word;
  }

  private value(): unknown {
    this.skip();
    const next = this.peek();
    if (next === '"') return this.quoted();
    if (next === '{') return this.block();
    if (next === '[') return this.list();
    const [heredoc, , marker, body] = this.match(/<<(-?)(\w+)\r?\n([\s\S]*?)^[ \t]*\2[ \t]*$/my) ?? [];
    if (heredoc !== undefined && marker !== undefined) return body;
    const [word] = this.match(/[^\s,\]}]+/y) ?? [];
    if (word === undefined) throw this.problem('has no value');
    if (word === 'true' || word === 'false') return word === 'true';
    return /^-?\d+(?:\.\d+)?$/.test(word) ? Number(word) : word;
  }

  private list(): unknown[] {
    this.take('[');
    if (++this.depth > DEEPEST) throw this.problem('is nested too deeply');
    const items: unknown[] = [];
    for (this.skip(); !this.take(']'); this.skip()) {
      if (this.at >= this.text.length) throw this.problem("ends without ']'");
      items.push(this.value());
      this.skip();
      this.take(',');
    }
    this.depth--;
    return items;
  }

  /** Text in quotes, with the escapes of Go; `${…}` may hold quotes of its own. */
  private quoted(): string {
    const from = this.at++;
    let inside = 0;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at];
      if (character === '\\') this.at++;
      else if (character === '$' && this.text[this.at + 1] === '{') inside++;
      else if (character === '}' && inside > 0) inside--;
      else if (character === '\n' && inside === 0) break;
      else if (character === '"' && inside === 0) {
        const raw = this.text.slice(from, ++this.at);
        return unquoted(raw);
      }
    }
    this.at = from;
    throw this.problem('has a text without its closing quote');
  }

  private skip(): void {
    this.match(/(?:\s|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y);
  }

  private peek(): string | undefined {
    return this.text[this.at];
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private problem(what: string): HclError {
    return new HclError(`line ${this.text.slice(0, this.at).split('\n').length} ${what}`);
  }
}

function unquoted(raw: string): string {
  try {
    return JSON.parse(raw) as string;
  } catch {
    // Escapes that JSON does not have stay as they are.
    return raw.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }
}

/** Puts a value where its keys say; what is there already and is an object too gets the new keys. */
function add(tree: Tree, keys: readonly string[], value: unknown): void {
  const [key, ...rest] = keys as [string, ...string[]];
  const there = Object.hasOwn(tree, key) ? tree[key] : undefined;
  let next: unknown = value;
  if (rest.length > 0) {
    const inner = isTree(there) ? there : {};
    add(inner, rest, value);
    next = inner;
  } else if (isTree(there) && isTree(value)) {
    for (const [name, each] of Object.entries(value)) add(there, [name], each);
    next = there;
  }
  Object.defineProperty(tree, key, { value: next, enumerable: true, configurable: true, writable: true });
}

/**
 * The object or value at a path. JSON that was made of HCL has lists of one object where HCL has a block.
 */
export function confAt(tree: unknown, ...path: readonly string[]): unknown {
  let value: unknown = tree;
  for (const key of path) {
    value = single(value);
    if (!isTree(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return single(value);
}

const single = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && isTree(value[0]) ? value[0] : value;

/** The text at a path; numbers and truth values as text. */
export function confText(tree: unknown, ...path: readonly string[]): string | undefined {
  const value = confAt(tree, ...path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The keys of the object at a path. */
export function confKeys(tree: unknown, ...path: readonly string[]): string[] {
  const value = confAt(tree, ...path);
  return isTree(value) ? Object.keys(value) : [];
}
