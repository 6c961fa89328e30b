import { performance } from 'node:perf_hooks';
import { type BuiltImage, buildImage, type Progress } from '../lib/image-build';
import { BlobCache } from '../lib/image-build/blob-cache';
import { REPOSITORY } from './image-command';

/** The first build on this machine, or one that found all that it needs. */
export interface FirstBuild {
  readonly image: BuiltImage;
  /** The user's cache, which has all that has to be downloaded now. */
  readonly cache: string;
  readonly downloads: { readonly count: number; readonly ms: number };
}

/** Builds an image for all platforms with the user's own cache, so that nothing that is measured waits for a network. */
export async function firstBuild(entry: string, layout: string): Promise<FirstBuild> {
  const cache = new BlobCache().folder;
  const watch = new DownloadWatch();
  process.stderr.write(`first build, cache ${cache} …\n`);
  const image = await buildImage({ entry, layout, repository: REPOSITORY }, { cacheFolder: cache, progress: watch });
  return { image, cache, downloads: { count: watch.count, ms: watch.ms } };
}

/** Tells downloads from other steps of a build, and how long they took. */
class DownloadWatch implements Progress {
  count = 0;
  ms = 0;

  step(label: string): ReturnType<Progress['step']> {
    const began = performance.now();
    return {
      advance: () => undefined,
      done: (note) => {
        if (note === undefined || note === 'from the cache') return;
        this.count++;
        this.ms += performance.now() - began;
        process.stderr.write(`${label}: ${note}\n`);
      },
    };
  }
}
