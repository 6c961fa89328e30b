import { Header } from 'tar/header';
import { Pax } from 'tar/pax';
import { byText } from '../core';
import { ImageError } from '../image';
import type { LayerEntry } from './layer-entry';

const BLOCK = 512;
/** All entries have the same time, so that the same files give the same bytes. */
const TIME = new Date(0);
const FOLDER_MODE = 0o755;

/** An entry of an archive whose content comes from elsewhere. */
export interface TarHead {
  readonly path: string;
  readonly type: 'File' | 'Directory' | 'SymbolicLink';
  readonly mode: number;
  /** In bytes; of files alone. */
  readonly size?: number;
  readonly target?: string;
}

/** The header of an entry; owner is root. Names that are too long for it come before, in an extended header. */
export function tarHeader({ path, type, mode, size = 0, target }: TarHead): Buffer {
  const fields = {
    path,
    mode,
    size,
    type,
    mtime: TIME,
    uid: 0,
    gid: 0,
    ...(target !== undefined && { linkpath: target }),
  };
  const bytes = Buffer.alloc(BLOCK);
  const header = new Header(fields);
  if (!header.encode(bytes)) return bytes;
  const { linkpath } = header;
  const pax = new Pax({ path, mtime: TIME, ...(linkpath !== undefined && { linkpath }) }).encode();
  return Buffer.concat([pax, bytes]);
}

/** What fills the last block of a content of some size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What stands at the end of an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

/**
 * The archive of some entries, in parts: sorted by path, with the folders above each, so that the order in which they were
 * found does not matter.
 *
 * @throws ImageError if two entries have one path, or one lies below something that is no folder
 */
export function* tarOf(entries: readonly LayerEntry[]): Generator<Uint8Array> {
  for (const entry of sorted(entries)) {
    if (entry.type === 'folder') {
      yield tarHeader({ path: `${entry.path}/`, type: 'Directory', mode: entry.mode });
    } else if (entry.type === 'link') {
      yield tarHeader({ path: entry.path, type: 'SymbolicLink', mode: 0o777, target: entry.target });
    } else {
      const { path, mode, content } = entry;
      yield tarHeader({ path, type: 'File', mode, size: content.length });
      yield content;
      yield tarPadding(content.length);
    }
  }
  yield TAR_END;
}

function sorted(entries: readonly LayerEntry[]): LayerEntry[] {
  const all = new Map<string, LayerEntry>();
  for (const entry of entries) {
    if (all.has(entry.path)) throw new ImageError(`'/${entry.path}' is twice in one layer; leave one of them out`);
    all.set(entry.path, entry);
  }
  for (const { path } of entries) {
    for (let above = folderOf(path); above !== ''; above = folderOf(above)) {
      const known = all.get(above);
      if (known?.type === 'folder') continue;
      if (known) throw new ImageError(`'/${path}' lies below '/${above}', which is no folder; give one another place`);
      all.set(above, { type: 'folder', path: above, mode: FOLDER_MODE });
    }
  }
  // In this order a folder comes before what is in it.
  return [...all.values()].sort((a, b) => byText(a.path, b.path));
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
