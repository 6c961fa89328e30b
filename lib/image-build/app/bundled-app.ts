import type { ImagePlatform } from '../../image';
import type { Component } from '../component';
import type { LayerSource } from '../layer-entry';

/** A file that decides what is in the image, or a folder that was taken as a whole: when it changes, the image is stale. */
export interface InputFile {
  /** Relative to the project folder, with `/`; begins with `../` for what lies outside of it. Of a folder, it ends with `/`. */
  readonly path: string;
  /** Hexadecimal, of its content, or of the names in the folder. */
  readonly sha256: string;
}

/** A program as it goes into images. */
export interface BundledApp {
  /** Absolute path of the folder that `inputs` are relative to. */
  readonly projectFolder: string;
  /** The program's first file, relative to the project folder, with `/`. */
  readonly entry: string;
  /**
   * The layer `app` for one of the platforms that it was bundled for. It has no key, being there already. The same
   * object for all platforms whose layers are the same.
   */
  layer(platform: ImagePlatform): LayerSource;
  /**
   * Every file that had a say, by path: sources, packages with their package.json, static files. Not the lock file: what changes in
   * it changes what is installed, or concerns no package of the program.
   */
  readonly inputs: readonly InputFile[];
  /** The npm packages in the program, by name. */
  readonly components: readonly Component[];
  /** What may be wrong and does not stop the build, one sentence each. */
  readonly warnings: readonly string[];
}
