import { IMAGE_PLATFORMS, type ImageBuildProps, type ImagePlatform, pathFrom, takesPlaceOf } from '../../image';
import { type BuiltImage, buildImage, type PushedImage, pushLayout } from '../../image-build';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { oneOf, readOptions } from '../options';
import { write } from '../output';
import { pairsOf } from '../pairs';
import type { ProgramImageReport } from '../source';
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
  requireFolder();
  const images = await propsOf(positionals[0], values);
  const done: { readonly built: BuiltImage; readonly pushed?: PushedImage }[] = [];
  for (const { props, path } of images) {
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
        if (!values.push) return { built };
        const { layout, repository: to, digest } = built;
        return {
          built,
          pushed: await pushLayout(layout, { ...registryOptions(values), to, digest, progress, signal }),
        };
      }).catch((error) => {
        // Of several images, which one it is.
        if (!(error instanceof CommandFailure) || path === undefined) throw error;
        throw new CommandFailure(`image '${path}': ${error.message}`);
      }),
    );
  }
  await write(process.stdout, values.json ? imagesJson(done) : done.map(imageText).join('\n'));
  return EXIT.ok;
}

/** What is to be built, and where its construct is in a program of constructs. */
interface Wanted {
  readonly props: ImageBuildProps;
  readonly path?: string;
}

/** @throws CommandFailure if the current folder was removed: nothing can be found from there */
function requireFolder(): void {
  try {
    process.cwd();
  } catch {
    throw new CommandFailure('the current folder was removed; change to one that is there');
  }
}

async function propsOf(entry: string | undefined, values: Values): Promise<readonly Wanted[]> {
  if (entry !== undefined) {
    const superfluous = (['app', 'timeout'] as const).find((option) => values[option] !== undefined);
    if (superfluous) {
      throw new UsageFailure(`--${superfluous} is about a program of constructs; leave it or ENTRY out`, 'image');
    }
    return [{ props: propsOfEntry(entry, values) }];
  }
  const superfluous = OF_AN_IMAGE.find((option) => values[option] !== undefined);
  if (superfluous) {
    throw new UsageFailure(
      `--${superfluous} describes an image, and ENTRY is missing; name the program, or leave it out`,
      'image',
    );
  }
  // Loaded here: what reads programs of constructs takes longer to load than an image takes to build anew.
  const { imagesOf } = require('../source') as typeof import('../source');
  const images = await imagesOf('image', values);
  if (images.length > 0) return eachOnce(images);
  throw new CommandFailure(
    `${values.app === undefined ? "the program of 'cdk8s.yaml'" : 'the program of --app'} has no WorkloadImage, so that there is nothing to build; name another by --app, or the ENTRY of an image`,
  );
}

/**
 * What is to be built of the images of a program.
 *
 * @throws CommandFailure if something is wrong with one, or two would take each other's place
 */
function eachOnce(images: readonly ProgramImageReport[]): Wanted[] {
  const wrong = images.flatMap(({ path, problems }) => problems.map((problem) => `image '${path}': ${problem}`));
  if (wrong.length > 0) throw new CommandFailure(wrong.join('; '));
  const byLayout = new Map<string, ProgramImageReport>();
  for (const image of images) {
    const { layout = '' } = image.props;
    const other = byLayout.get(layout);
    if (other && takesPlaceOf(other.props, image.props)) {
      throw new CommandFailure(
        `images '${other.path}' and '${image.path}' would both be put into '${pathFrom('.', layout)}'; ` +
          'give one of them another folder by layout',
      );
    }
    byLayout.set(layout, image);
  }
  return [...byLayout.values()];
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
    ...(values.file && {
      files: Object.entries(pairsOf('file', values.file, 'FROM=TO')).map(([from, to]) => ({ from, to })),
    }),
    ...(values.env && { env: pairsOf('env', values.env) }),
    ...(values.label && { labels: pairsOf('label', values.label) }),
    ...(values.define && { define: pairsOf('define', values.define, 'NAME=EXPR') }),
    ...(values['source-map'] && { sourceMap: true }),
  };
}
