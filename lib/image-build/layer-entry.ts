/** A file of a layer. */
export interface LayerFile {
  readonly type: 'file';
  /** Place in the image, without a slash in front, such as `app/main.mjs`. */
  readonly path: string;
  /** Permissions, such as 0o644. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/** A symbolic link of a layer. */
export interface LayerLink {
  readonly type: 'link';
  readonly path: string;
  /** What it leads to, as it stands in the link. */
  readonly target: string;
}

/** A folder of a layer; folders above entries come by themselves, with 0o755. */
export interface LayerFolder {
  readonly type: 'folder';
  readonly path: string;
  readonly mode: number;
}

/** One entry of a layer. Owner is root and the time is fixed, whoever builds it. */
export type LayerEntry = LayerFile | LayerLink | LayerFolder;

/** A layer that is to be made: of one rate of change, so that others stay as they are when it changes. */
export interface LayerSource {
  /** Such as `libraries`, `node`, `programs` or `app`. */
  readonly name: string;
  /** What stands in the image's history. */
  readonly createdBy: string;
  /**
   * What decides the layer's bytes, known without them: layers with the same key are taken from the cache. Undefined for a
   * layer that is quick to make.
   */
  readonly key?: string;
  /** Its entries, in any order; asked for only when the cache does not hold it. */
  entries(): Promise<readonly LayerEntry[]>;
}
