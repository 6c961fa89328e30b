import { digestOf, type LockContent } from './lock-document';

/**
 * A lock as it is written: what people compare line by line. An edge, a relationship, an identity or a key is one line.
 *
 * @throws RangeError if it is longer than a text of Node.js can be
 */
export function lockText({ schema, ...rest }: LockContent): string {
  return `${block({ schema, digest: digestOf({ schema, ...rest }), ...rest }, '')}\n`;
}

function block(value: unknown, indent: string): string {
  if (isScalar(value) || isEmpty(value as object)) return JSON.stringify(value);
  const inner = `${indent}  `;
  const joined = (lines: readonly string[]): string => lines.map((line) => `\n${inner}${line}`).join(',');
  if (Array.isArray(value)) {
    if (value.every(isScalar)) return line(value);
    return `[${joined(value.map((item) => (isFlat(item) ? line(item) : block(item, inner))))}\n${indent}]`;
  }
  const lines = Object.entries(value as object).map(([name, item]) => `${JSON.stringify(name)}: ${block(item, inner)}`);
  return `{${joined(lines)}\n${indent}}`;
}

function line(value: unknown): string {
  if (isScalar(value) || isEmpty(value as object)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`;
  const parts = Object.entries(value as object).map(([name, item]) => `${JSON.stringify(name)}: ${line(item)}`);
  return `{ ${parts.join(', ')} }`;
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

/** Whether nothing in it has parts but lists of texts. */
const isFlat = (value: unknown): boolean =>
  isScalar(value) ||
  Object.values(value as object).every((item) => isScalar(item) || (Array.isArray(item) && item.every(isScalar)));
