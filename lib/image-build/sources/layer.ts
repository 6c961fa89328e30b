import type { Component } from '../component';
import type { LayerEntry, LayerSource } from '../layer-entry';
import type { ArchiveEntry } from './tar-reader';

/** A layer of what others have published, and what it has to tell of in the bill of materials. */
export interface SourcedLayer {
  readonly layer: LayerSource;
  readonly components: readonly Component[];
}

/** What was found in a package, as an entry of a layer: of its permissions only whether it is run counts. */
export function layerEntry(path: string, found: ArchiveEntry): LayerEntry {
  if (found.type === 'link') return { type: 'link', path, target: found.target };
  return { type: 'file', path, mode: found.executable ? 0o755 : 0o644, content: found.content };
}
