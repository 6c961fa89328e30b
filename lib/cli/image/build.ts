import {
  IMAGE_PLATFORMS,
  type ImageBuildProps,
  ImageError,
  type ImagePlatform,
  ImageReference,
  OciLayout,
} from '../../image';
import {
  type BuiltImage,
  buildImage,
  type PushedImage,
  pushLayout,
  writeDockerArchive,
  writeOciArchive,
} from '../../image-build';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { oneOf, readOptions } from '../options';
import { write } from '../output';
import { imagesOf } from '../source';
import { pairsOf } from './pairs';
import { REGISTRY_OPTIONS, registryOptions } from './registry-options';
import { imagesJson, imageText } from './text';
import { withProgress } from './work';

const OPTIONS = {
  app: { type: 'string' },
  timeout: { type: 'string' },
  repository: { type: 'string' },
  layout: { type: 'string' },
  platform: { type: 'string', multiple: true },
  node: { type: 'string' },
  base: { type: 'string' },
  file: { type: 'string', multiple: true },
  env: { type: 'string', multiple: true },
  label: { type: 'string', multiple: true },
  define: { type: 'string', multiple: true },
  'source-map': { type: 'boolean' },
  backend: { type: 'string', default: 'spirekit' },
  cache: { type: 'string' },
  'npm-registry': { type: 'string' },
  'debian-mirror': { type: 'string', multiple: true },
  push: { type: 'boolean' },
  'oci-archive': { type: 'string' },
  'docker-archive': { type: 'string' },
  json: { type: 'boolean' },
  ...REGISTRY_OPTIONS,
} as const;

/** Options that describe an image: a program describes its own. */
const OF_AN_IMAGE = [
  'repository',
  'layout',
  'platform',
  'node',
  'base',
  'file',
  'env',
  'label',
  'define',
  'source-map',
] as const;

const BACKENDS = ['spirekit', 'buildah'] as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

/** `spirekit image build [ENTRY]`: builds the image of a program, or those that a program of constructs has. */
export async function build(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('image', args, OPTIONS);
  const backend = oneOf('image', 'backend', values.backend, BACKENDS);
  const images = await propsOf(positionals[0], values);
  requireOne(images, values);
  const done: { readonly built: BuiltImage; readonly pushed?: PushedImage }[] = [];
  for (const props of images) {
    done.push(
      await withProgress(async (progress, signal) => {
        const options = {
          backend,
          progress,
          signal,
          ...(values.cache !== undefined && { cacheFolder: values.cache }),
          ...(values['npm-registry'] !== undefined && { npmRegistry: values['npm-registry'] }),
          ...(values['debian-mirror'] && { debianMirrors: values['debian-mirror'] }),
          registry: registryOptions(values),
        };
        const built = await buildImage(props, options);
        await archive(built, values);
        if (!values.push) return { built };
        return { built, pushed: await pushLayout(built.layout, { ...registryOptions(values), progress, signal }) };
      }),
    );
  }
  await write(process.stdout, values.json ? imagesJson(done) : done.map(imageText).join('\n'));
  return EXIT.ok;
}

async function propsOf(entry: string | undefined, values: Values): Promise<readonly ImageBuildProps[]> {
  if (entry !== undefined) {
    if (values.app !== undefined)
      throw new UsageFailure('--app is about a program of constructs; leave it or ENTRY out', 'image');
    return [propsOfEntry(entry, values)];
  }
  const superfluous = OF_AN_IMAGE.find((option) => values[option] !== undefined);
  if (superfluous) {
    throw new UsageFailure(
      `--${superfluous} describes an image, and ENTRY is missing; name the program, or leave it out`,
      'image',
    );
  }
  const images = await imagesOf('image', values);
  if (images.length > 0) return images.map(({ props }) => props);
  throw new CommandFailure(
    'the program has no WorkloadImage, so that there is nothing to build; name the ENTRY of an image',
  );
}

function propsOfEntry(entry: string, values: Values): ImageBuildProps {
  const { repository, layout, node, base } = values;
  if (repository === undefined) {
    throw new UsageFailure(
      '--repository is missing; write where the image is pushed to, such as registry.example.com/shop/server',
      'image',
    );
  }
  const platforms = values.platform?.map((word) => oneOf('image', 'platform', word, IMAGE_PLATFORMS)) as
    | ImagePlatform[]
    | undefined;
  return {
    entry,
    repository,
    ...(layout !== undefined && { layout }),
    ...(platforms && { platforms }),
    ...(node !== undefined && { node }),
    ...(base !== undefined && { base }),
    ...(values.file && { files: Object.entries(pairsOf('file', values.file)).map(([from, to]) => ({ from, to })) }),
    ...(values.env && { env: pairsOf('env', values.env) }),
    ...(values.label && { labels: pairsOf('label', values.label) }),
    ...(values.define && { define: pairsOf('define', values.define) }),
    ...(values['source-map'] && { sourceMap: true }),
  };
}

/** An archive is one file, and holds one image. */
function requireOne(images: readonly ImageBuildProps[], values: Values): void {
  const option = (['oci-archive', 'docker-archive'] as const).find((each) => values[each] !== undefined);
  if (option === undefined || images.length === 1) return;
  throw new UsageFailure(
    `--${option} takes one image, and the program has ${images.length}; name the ENTRY of one`,
    'image',
  );
}

async function archive(built: BuiltImage, values: Values): Promise<void> {
  const layout = OciLayout.open(built.layout);
  if (!layout) throw new ImageError(`'${built.layout}' holds no image any more; build it again`);
  if (values['oci-archive'] !== undefined) writeOciArchive(layout, values['oci-archive']);
  if (values['docker-archive'] === undefined) return;
  const [image, ...others] = built.platforms;
  if (!image || others.length > 0) {
    throw new UsageFailure('--docker-archive holds one platform; name it by --platform', 'image');
  }
  await writeDockerArchive(layout, image.platform, ImageReference.parse(built.repository), values['docker-archive']);
}
