import { basename } from 'node:path';
import { type Digest, digestOf } from './digest';

/** Fields of a package.json that are for people and for development alone: no image is another one by them. */
const INERT: ReadonlySet<string> = new Set([
  'author',
  'bugs',
  'contributors',
  'devDependencies',
  'files',
  'funding',
  'keywords',
  'maintainers',
  'packageManager',
  'private',
  'publishConfig',
  'repository',
  'scripts',
]);

/**
 * The digest of a file that an image was built from. Of a package.json, only what can change an image counts: a new script or
 * another tool makes none stale.
 */
export function inputDigest(path: string, content: Uint8Array): Digest {
  const fields = basename(path) === 'package.json' ? fieldsOf(content) : undefined;
  return digestOf(fields === undefined ? content : JSON.stringify(fields));
}

/** The fields that count, in their order; undefined if it is none. */
function fieldsOf(content: Uint8Array): readonly (readonly [string, unknown])[] | undefined {
  try {
    const manifest: unknown = JSON.parse(Buffer.from(content).toString('utf8'));
    if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return undefined;
    return Object.entries(manifest).filter(([name]) => !INERT.has(name));
  } catch {
    return undefined;
  }
}
