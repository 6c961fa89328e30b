/** A value that is not plain data: the caller must resolve it first. */
export class NotPlainError extends Error {
  constructor(readonly where: string) {
    super(`value at '${where}' is not plain data`);
    this.name = 'NotPlainError';
  }
}

/**
 * Plain scalars that no YAML reader, 1.1 or 1.2, takes for anything but text: a letter first, then harmless characters.
 * Everything else is quoted, `e3` too: the `yaml` package takes it for a number without digits before its exponent.
 */
const PLAIN = /^(?![eE]-?[0-9]+$)[A-Za-z/][A-Za-z0-9_/.-]*(?:[ :@][A-Za-z0-9_/.-]+)*$/;

/** Words that some YAML 1.1 reader takes for a boolean, null or a number. */
const RESERVED = new Set(
  ['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null', 'nan', 'inf', 'infinity'].flatMap((word) => [
    word,
    word.toUpperCase(),
    (word[0] as string).toUpperCase() + word.slice(1),
  ]),
);

/** Text that a literal block can hold unchanged: printable, lines ended by \n only, content on the first line. */
const BLOCK = /^[!-~][\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;

/**
 * Writes Kubernetes objects as YAML: the subset that every reader understands alike, in one pass.
 *
 * Keys are sorted, those of `undefined` and `null` are left out as cdk8s does, text of several lines becomes a literal block, and
 * whatever could be read as something else than text is quoted. The general writer in cdk8s takes four fifths of a synth.
 *
 * @param manifest the object; `apiVersion`, `kind` and `metadata` come first
 * @throws NotPlainError at functions, symbols, class instances
 */
export function emitYaml(manifest: Readonly<Record<string, unknown>>): string {
  const out: string[] = [];
  const rest = Object.keys(manifest)
    .filter((key) => !FIRST.includes(key))
    .sort();
  for (const key of [...FIRST, ...rest]) {
    if (manifest[key] !== undefined && manifest[key] !== null) emitEntry(out, key, manifest[key], '', key);
  }
  return out.join('');
}

const FIRST = ['apiVersion', 'kind', 'metadata'];

function emitEntry(out: string[], key: string, value: unknown, indent: string, where: string): void {
  out.push(indent, scalarKey(key), ':');
  emitValue(out, value, indent, where);
}

/** Writes what follows a key's colon or a list's dash, the line's end included. */
function emitValue(out: string[], value: unknown, indent: string, where: string): void {
  if (typeof value === 'string') {
    out.push(' ', text(value, indent), '\n');
  } else if (typeof value === 'number' || typeof value === 'boolean') {
    out.push(' ', scalar(value, where), '\n');
  } else if (Array.isArray(value)) {
    emitList(out, value, indent, where);
  } else {
    const keys = keysOf(value, where);
    if (keys.length === 0) {
      out.push(' {}\n');
      return;
    }
    out.push('\n');
    const deeper = `${indent}  `;
    for (const key of keys) {
      emitEntry(out, key, (value as Record<string, unknown>)[key], deeper, `${where}.${key}`);
    }
  }
}

function emitList(out: string[], list: readonly unknown[], indent: string, where: string): void {
  if (list.length === 0) {
    out.push(' []\n');
    return;
  }
  out.push('\n');
  const deeper = `${indent}  `;
  list.forEach((item, index) => {
    out.push(deeper, '-');
    if (item === undefined || item === null) {
      out.push(' null\n'); // to leave it out would move the others
      return;
    }
    if (typeof item !== 'object' || Array.isArray(item)) {
      emitValue(out, item, deeper, `${where}[${index}]`);
      return;
    }
    const keys = keysOf(item, `${where}[${index}]`);
    if (keys.length === 0) out.push(' {}\n');
    // The first entry stands on the dash's line, the others below it.
    keys.forEach((key, at) => {
      const value = (item as Record<string, unknown>)[key];
      if (at === 0) {
        out.push(' ', scalarKey(key), ':');
        emitValue(out, value, `${deeper}  `, `${where}[${index}].${key}`);
      } else {
        emitEntry(out, key, value, `${deeper}  `, `${where}[${index}].${key}`);
      }
    });
  });
}

function keysOf(value: unknown, where: string): string[] {
  const prototype = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== Object.prototype && prototype !== null) throw new NotPlainError(where);
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record).filter((key) => record[key] !== undefined && record[key] !== null);
  return keys.length > 1 ? keys.sort() : keys;
}

function scalar(value: number | boolean, where: string): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new NotPlainError(where);
  return String(value);
}

function scalarKey(key: string): string {
  return isPlain(key) ? key : quote(key);
}

function isPlain(value: string): boolean {
  return value.length < 200 && PLAIN.test(value) && !RESERVED.has(value);
}

function text(value: string, indent: string): string {
  if (isPlain(value)) return value;
  if (value.includes('\n') && BLOCK.test(value)) return block(value, `${indent}  `);
  return quote(value);
}

/** A literal block; its header says what becomes of the newlines at the end. */
function block(value: string, indent: string): string {
  const body = value.replace(/\n+$/, '');
  const newlines = value.length - body.length;
  const chomp = newlines === 0 ? '-' : newlines === 1 ? '' : '+';
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return `|${chomp}\n${lines.join('\n')}${newlines > 1 ? '\n'.repeat(newlines - 1) : ''}`;
}

/** Characters that JSON leaves as they are, and that YAML takes for line breaks or does not allow. */
const ESCAPED = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function quote(value: string): string {
  return JSON.stringify(value).replace(ESCAPED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
