import { isLate } from '../../core';
import {
  type EnvRef,
  type HclBlock,
  type HclBody,
  type HclConcat,
  type HclEscape,
  type HclMap,
  type HclPart,
  hclKind,
} from './hcl';
import { quoteHcl } from './hcl-string';

/** Longest list that stays on one line. */
const MAX_LINE = 100;

/** A name that HCL reads as one word. Dots and letters beyond ASCII would be read too, but SPIRE has no such keys. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * Writes a file in HCL1, the language of SPIRE's configuration: blocks by two spaces, keys in the order of the model.
 *
 * @throws Error that names the key, if a value cannot be written
 * @see https://github.com/hashicorp/hcl/tree/hcl1
 */
export function writeHcl(body: HclBody): string {
  const items = bodyItems(body, '', '');
  return items
    .map((item, at) => (at > 0 && (isBlock(item) || isBlock(items[at - 1] as string)) ? `\n${item}` : item))
    .join('');
}

const isBlock = (item: string): boolean => item.indexOf('\n') < item.length - 1;

/** One text for each key or block, with its line break. */
function bodyItems(body: HclBody, path: string, indent: string): string[] {
  const items: string[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (value === undefined) continue;
    const at = path ? `${path}.${key}` : key;
    if (!IDENTIFIER.test(key) || key === 'true' || key === 'false') {
      throw new Error(
        `${at} is not a key that SPIRE could read; write a name such as 'bind_port', or an HclMap for data`,
      );
    }
    if (Array.isArray(value) && value.some((item) => hclKind(item) === 'block')) {
      for (const item of value as readonly HclBlock[]) {
        if (hclKind(item) !== 'block') throw refuse(at, item, 'stands among labelled blocks; make it an HclBlock too');
        const name = `${at}.${item.label}`;
        items.push(`${indent}${key} ${string(item.label, name)} ${block(item.body, name, indent)}\n`);
      }
    } else if (isBody(value)) {
      items.push(`${indent}${key} ${block(value, at, indent)}\n`);
    } else {
      items.push(`${indent}${key} = ${write(value, at, indent)}\n`);
    }
  }
  return items;
}

function block(body: HclBody, path: string, indent: string): string {
  const items = bodyItems(body, path, `${indent}  `);
  return items.length === 0 ? '{}' : `{\n${items.join('')}${indent}}`;
}

function write(value: unknown, path: string, indent: string): string {
  switch (typeof value) {
    case 'string':
      return string(value, path);
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isSafeInteger(value))
        throw refuse(path, value, 'is not an integer, and SPIRE reads no other numbers');
      return String(value);
    case 'object':
      break;
    default:
      throw refuse(path, value, 'cannot be written as configuration; write text, an integer, a boolean or a list');
  }
  if (isLate(value)) throw lateError(path);
  if (Array.isArray(value)) return list(value, path, indent);
  switch (hclKind(value)) {
    case 'map':
      return map(value as HclMap, path, indent);
    case 'env':
      return `"${reference(value as EnvRef)}"`;
    case 'concat':
      return text(value as HclConcat, path);
    case undefined:
      if (isBody(value)) return block(value, path, indent);
  }
  throw refuse(path, value, 'cannot be written as configuration; write text, an integer, a boolean or a list');
}

function list(items: readonly unknown[], path: string, indent: string): string {
  const inner = `${indent}  `;
  const written = items.map((item, at) => write(item, `${path}[${at}]`, inner));
  const line = `[${written.join(', ')}]`;
  if (!line.includes('\n') && indent.length + line.length <= MAX_LINE) return line;
  return `[\n${written.map((item) => `${inner}${item},\n`).join('')}${indent}]`;
}

function map(value: HclMap, path: string, indent: string): string {
  if (value.entries.length === 0) return '{}';
  const inner = `${indent}  `;
  const lines = value.entries.map(([key, item]) => {
    const at = `${path}.${key}`;
    return `${inner}${string(key, at)} = ${write(item, at, inner)}\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

function text(value: HclConcat, path: string): string {
  let written = '';
  // Pieces between references are joined first: a surrogate pair may be made of two parts.
  let literal = '';
  for (const part of value.parts) {
    if (hclKind(part) === 'env') {
      written += string(literal, path).slice(1, -1) + reference(part as EnvRef);
      literal = '';
    } else {
      literal += partText(part, path);
    }
  }
  return `"${written}${string(literal, path).slice(1, -1)}"`;
}

function partText(part: HclPart, path: string): string {
  if (isLate(part)) throw lateError(path);
  if (typeof part === 'string' || typeof part === 'number') return String(part);
  if (hclKind(part) !== 'escaped') throw refuse(path, part, 'cannot be a part of a text; write text or a number');
  const { escape: rule, value } = part as Extract<HclPart, { escape: HclEscape }>;
  if (isLate(value)) throw lateError(path);
  return ESCAPES[rule](String(value));
}

const ESCAPES: Readonly<Record<HclEscape, (value: string) => string>> = {
  libpq: (value) => `'${value.replace(/['\\]/g, '\\$&')}'`,
};

const reference = (value: EnvRef): string => `\${${value.name}}`;

function string(value: string, path: string): string {
  try {
    return quoteHcl(value);
  } catch (error) {
    throw new Error(`${path} ${(error as Error).message}`);
  }
}

function isBody(value: unknown): value is HclBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isLate(value) &&
    hclKind(value) === undefined
  );
}

function lateError(path: string): Error {
  return new Error(
    `${path} is known only at deployment (a Pulumi Output); let the engine put the value in before the file is written`,
  );
}

function refuse(path: string, value: unknown, problem: string): Error {
  const kind = hclKind(value);
  const shown =
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'number'
        ? String(value)
        : kind
          ? `(${kind})`
          : (JSON.stringify(value) ?? String(value));
  return new Error(`${path} ${shown} ${problem}`);
}
