import type { Progress } from './progress';

/** Where what an image is made of comes from. Whatever the place, content is held to pinned hashes. */
export interface SourceOptions {
  /**
   * Folder for what was downloaded and for finished layers; several builds may use it at once.
   *
   * @default - `$SPIREKIT_CACHE`, else `spirekit` in `$XDG_CACHE_HOME`, `~/.cache`, on macOS in `~/Library/Caches`, on Windows
   * in `%LOCALAPPDATA%`
   */
  readonly cacheFolder?: string;
  /** @default - the `npm_config_registry` that npm sets for its programs, else `https://registry.npmjs.org` */
  readonly npmRegistry?: string;
  /** Where Debian packages are, tried in this order. @default - deb.debian.org, then snapshot.debian.org */
  readonly debianMirrors?: readonly string[];
  /** @default - nobody is told */
  readonly progress?: Progress;
  /** Ends the work. @default - nothing ends it */
  readonly signal?: AbortSignal;
}
