import type { Message } from 'esbuild';
import { countOf } from '../../core';
import { ImageError, quoted } from '../../image';
import { installedFolderOf, packageNameOf } from './packages';

/** At most so many errors are shown: the first ones tell most. */
const MAX_SHOWN = 20;

/** All that keeps a program from being bundled, one line each. */
export function bundleError(entry: string, errors: readonly Message[]): ImageError {
  const rest = errors.length > MAX_SHOWN ? ` (the first ${MAX_SHOWN} are shown)` : '';
  const found = `${countOf(errors.length, 'error')}${rest}`;
  const lines = errors.slice(0, MAX_SHOWN).map((message) => `  ${messageLine(message, remedyOf(message))}`);
  return new ImageError([`entry ${quoted(entry)}: cannot be bundled, ${found}:`, ...lines].join('\n'));
}

/** A message of esbuild in one line, with its place: file, line and column as editors count them. */
export function messageLine({ text, location }: Message, remedy = ''): string {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
  return `${place}${text.replace(/\s*\n\s*/g, ' ')}${remedy}`;
}

/** What could not be found: the text of an import, if a message is of that kind. */
export function unresolvedIn({ text }: Message): string | undefined {
  return /^Could not resolve "(.+)"$/.exec(text)?.[1];
}

function remedyOf(message: Message): string {
  const unresolved = unresolvedIn(message);
  if (unresolved !== undefined) {
    const name = packageNameOf(unresolved);
    if (name === undefined) return '; correct the path';
    // A package of others cannot be corrected.
    return installedFolderOf(message.location?.file ?? '') === undefined
      ? `; run 'npm install ${name}'`
      : `; run 'npm install ${name}', or make it an optional peer in package.json if the program never comes there`;
  }
  if (message.text.startsWith('No loader is configured for')) {
    return "; put it into the image by 'files', and read it when the program runs";
  }
  return '';
}
