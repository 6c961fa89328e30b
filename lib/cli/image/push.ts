import { pushLayout } from '../../image-build';
import { EXIT, UsageFailure } from '../failure';
import { readOptions } from '../options';
import { write } from '../output';
import { REGISTRY_OPTIONS, registryOptions } from './registry-options';
import { withProgress } from './work';

const OPTIONS = { to: { type: 'string' }, ...REGISTRY_OPTIONS } as const;

/** `spirekit image push LAYOUT`: pushes an image that was built. */
export async function push(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('image', args, OPTIONS);
  const [layout] = positionals;
  if (layout === undefined) {
    throw new UsageFailure('the folder of an image is missing; write the one that spirekit image build named', 'image');
  }
  const pushed = await withProgress((progress, signal) =>
    pushLayout(layout, {
      ...registryOptions(values),
      ...(values.to !== undefined && { to: values.to }),
      progress,
      signal,
    }),
  );
  await write(process.stdout, `${pushed.reference}\n`);
  return EXIT.ok;
}
