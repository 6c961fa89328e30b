import { join } from 'node:path';
import { architectureOf, ImageError, OciLayout } from '../../image';
import { registryOptions } from '../build-options';
import { SILENT } from '../progress';
import { inTemporaryFolder } from '../temporary-folder';
import type { BackEndTools, ImageBackEnd, ImageContent, MadeImage } from './back-end';
import { requireBuildah, runBuildah } from './buildah-program';
import { registryArguments } from './buildah-registry';
import { DOCKERFILE, writeContext } from './context';
import { requireWanted } from './wanted';

/**
 * Lets buildah make the image, and pull the base by itself, with the policies that it is set up with.
 *
 * Its store is a folder of its own for the time of the build. In the store of the user each build would leave images, and the steps
 * that are kept there save little: when an image is written, buildah compresses all of its layers again.
 */
export const buildah: ImageBackEnd = {
  name: 'buildah',
  pullsBase: true,
  make: async (content, tools) => {
    await requireBuildah();
    return inTemporaryFolder(tools.cache.folder, 'buildah', (folder) => madeIn(folder, content, tools));
  },
};

async function madeIn(folder: string, content: ImageContent, { cache, options }: BackEndTools): Promise<MadeImage> {
  const { progress = SILENT, signal } = options;
  const { base, platform } = content;
  const context = join(folder, 'context');
  writeContext(context, [content], cache);
  const step = progress.step(`buildah ${platform}`);
  const store = { folder, signal };
  const id = await runBuildah(
    [
      'bud',
      '--quiet',
      '--layers', // one for each archive
      '--format=oci',
      '--timestamp=0',
      '--identity-label=false',
      '--isolation=chroot', // nothing is run, and it needs least
      `--platform=${platform}`,
      ...(base ? registryArguments(base.reference, registryOptions(options), folder) : []),
      `--file=${join(context, DOCKERFILE)}`,
      context,
    ],
    store,
  );
  const out = join(folder, 'image');
  await runBuildah(['push', '--quiet', '--format=oci', id.trim(), `oci:${out}:${architectureOf(platform)}`], store);
  const made = await takenFrom(out, content, cache);
  step.done();
  return made;
}

/** Takes the image that buildah has written: its layers into the cache, when it is the one that was wanted. */
async function takenFrom(folder: string, content: ImageContent, cache: BackEndTools['cache']): Promise<MadeImage> {
  const layout = OciLayout.open(folder);
  if (!layout)
    throw new ImageError("buildah wrote no image; leave the back end out: 'spirekit' needs no other program");
  const { mediaType, digest, size } = layout.root;
  const manifest = layout.manifest(layout.root);
  const config = layout.config(manifest.config);
  requireWanted('buildah', content, { manifest, config });
  const names = [...(content.base?.layers ?? []).map(() => 'base'), ...content.layers.map(({ name }) => name)];
  const layers = manifest.layers.map((layer, at) => ({ ...layer, name: names[at] ?? 'base' }));
  for (const layer of layers) await cache.take(layout.fileOf(layer.digest), layer.digest);
  return {
    manifest: { mediaType, digest, size },
    config,
    documents: new Map([
      [digest, layout.bytes(layout.root)],
      [manifest.config.digest, layout.bytes(manifest.config)],
    ]),
    layers: layers.map((layer) => ({ name: layer.name, digest: layer.digest, size: layer.size, cached: false })),
  };
}
