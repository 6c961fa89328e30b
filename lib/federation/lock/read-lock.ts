import { isObject } from '../../core';
import { isBundleDigest } from '../bundle-digest';
import { Mesh } from '../mesh';
import type { MeshData } from '../model';
import { listOf, type Misfit, objectOf, optional, required, text as textKind } from '../plain-data';
import { digestOf, LOCK_SCHEMA, type LockContent } from './lock-document';
import { LockError, RESTORE } from './lock-error';
import { digestsIn } from './locked-digests';

/** What Git's hosts take as one file at most, and nobody would review. */
export const LONGEST_LOCK = 100 * 1024 * 1024;

/**
 * What a lock file says.
 *
 * @throws LockError if it cannot be gone by
 */
export function lockContentOf(text: string): LockContent {
  requireText(text);
  const parsed = parsedLock(text);
  const { digest, ...content } = parsed;
  if (!isOwnDigest(content, digest) || isAmbiguous(text, parsed)) {
    throw new LockError('was changed by hand, or by a program: its digest is of another content', RESTORE);
  }
  return checkedContent(content);
}

function requireText(text: string): void {
  if (text.length > LONGEST_LOCK) throw tooLarge(text.length);
  if (text.trim() === '') throw new LockError('is empty', RESTORE);
  if (text.startsWith('\uFEFF')) {
    throw new LockError('begins with a byte order mark', 'save it as UTF-8 without one, as it was written');
  }
  const marker = /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/m.exec(text);
  if (marker) {
    const line = text.slice(0, marker.index).split('\n').length;
    throw new LockError(
      `holds the marker of a merge conflict in line ${line}`,
      'take the side that is deployed, whole, as two halves make no lock',
    );
  }
}

/** Of a file or a text that is too large. */
export const tooLarge = (size: number): LockError =>
  new LockError(`is too large: ${size} bytes, of at most ${LONGEST_LOCK}`, RESTORE);

function parsedLock(text: string): Readonly<Record<string, unknown>> {
  const parsed = parsedJson(text);
  if (!isObject(parsed)) throw new LockError('is no object of JSON', RESTORE);
  const lock = parsed as Readonly<Record<string, unknown>>;
  const { schema } = lock;
  if (schema === LOCK_SCHEMA) return lock;
  if (typeof schema !== 'string') throw new LockError(`has no schema, which would be '${LOCK_SCHEMA}'`, RESTORE);
  if (/^spirekit\/mesh-lock\/v\d+$/.test(schema)) throw newer(`has the schema '${schema}'`);
  throw new LockError(
    `has the schema '${schema.slice(0, 100)}', and is something else than a lock`,
    `name a file that 'spirekit lock' wrote, of the schema '${LOCK_SCHEMA}'`,
  );
}

const newer = (problem: string): LockError =>
  new LockError(`${problem}: it was written by a newer spirekit than this one`, 'update spirekit here');

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const isCut = /^Unexpected end|^Unterminated/.test(message) || Number(position) >= text.trimEnd().length;
    if (isCut) throw new LockError('is cut off', RESTORE);
    throw new LockError(`is not JSON (${message.replace(/\s+/g, ' ')})`, RESTORE);
  }
}

function isOwnDigest(content: object, digest: unknown): boolean {
  try {
    return digestOf(content) === digest;
  } catch (error) {
    // Of nesting without end.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether something stands there twice, of which only one is seen, or is written as no lock is. */
function isAmbiguous(text: string, parsed: object): boolean {
  const withoutSpace = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
  return withoutSpace !== JSON.stringify(parsed);
}

const bundleKind = objectOf({
  trustDomains: required(listOf(textKind)),
  notAfter: optional(textKind),
  keys: required(
    listOf(
      objectOf({
        use: optional(textKind),
        fingerprint: optional(textKind),
        kid: optional(textKind),
        notAfter: optional(textKind),
      }),
    ),
  ),
});

const rootsKind = listOf(
  objectOf({ subject: required(textKind), fingerprint: required(textKind), notAfter: required(textKind) }),
);

const contentKind = objectOf({
  schema: required(textKind),
  bundles: required(anyObject),
  roots: required(anyObject),
  meshes: required(anyObject),
});

function anyObject(value: unknown, misfits: Misfit[]): object | undefined {
  if (isObject(value)) return value as object;
  misfits.push({ at: '', value, message: 'is not an object', remedy: '' });
  return undefined;
}

/** A digest that fits says that spirekit wrote it; what is not known here then, a newer one did. */
function checkedContent(given: object): LockContent {
  const misfits: Misfit[] = [];
  const content = contentKind(given, misfits) as LockContent | undefined;
  for (const [name, kind] of [['bundles', bundleKind] as const, ['roots', rootsKind] as const]) {
    for (const [digest, value] of Object.entries(content?.[name] ?? {})) {
      const found: Misfit[] = [];
      kind(value, found);
      misfits.push(...found.map((misfit) => ({ ...misfit, at: `.${name}.${digest}${misfit.at}` })));
    }
  }
  for (const [name, data] of Object.entries(content?.meshes ?? {})) {
    for (const misfit of new Mesh(data as MeshData).misfits) {
      const member = misfit.member === '' ? '' : `.${misfit.member}`;
      misfits.push({ ...misfit, at: `.meshes.${name}${member}.${misfit.at}` });
    }
  }
  const [first] = misfits;
  if (first) throw newer(`holds '${first.at.slice(1)}', which ${first.message}`);
  requireDigests(content as LockContent);
  return content as LockContent;
}

/** Meshes name what stands in the file, and nothing else. */
function requireDigests({ bundles, roots, meshes }: LockContent): void {
  const named = digestsIn(Object.values(meshes));
  for (const [list, there] of [
    [named.bundles, bundles],
    [named.roots, roots],
  ] as const) {
    const missing = [...list].find((digest) => !isBundleDigest(digest) || !Object.hasOwn(there, digest));
    const superfluous = Object.keys(there).find((digest) => !list.has(digest));
    if (missing === undefined && superfluous === undefined) continue;
    const shown = (missing ?? superfluous ?? '').slice(0, 100);
    throw new LockError(
      missing === undefined ? `describes '${shown}', which no mesh holds` : `names '${shown}', which is not in it`,
      RESTORE,
    );
  }
}
