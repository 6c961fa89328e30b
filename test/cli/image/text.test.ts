import { join } from 'node:path';
import { imagesJson, imageText } from '../../../lib/cli/image/text';
import { digestOf } from '../../../lib/image';
import type { BuiltImage } from '../../../lib/image-build';

const layers = (factor: number) =>
  ['libraries', 'node', 'programs', 'app'].map((name, at) => ({
    name,
    digest: digestOf(name),
    size: factor * 10 ** (2 * at),
    cached: false,
  }));

const built: BuiltImage = {
  reference: `registry.example.com/shop/server@${digestOf('image')}`,
  digest: digestOf('image'),
  repository: 'registry.example.com/shop/server',
  layout: join(process.cwd(), 'images', 'server'),
  programs: { node: '/usr/local/bin/node', runtime: '/app/spirekit/runtime.cjs' },
  platforms: [
    { platform: 'linux/amd64', digest: digestOf('amd64'), layers: layers(3) },
    { platform: 'linux/arm64', digest: digestOf('arm64'), layers: layers(50) },
  ],
  files: 1,
  warnings: ['something may be wrong'],
};

test('a table of layers and their sizes', () => {
  expect(imageText({ built })).toMatchInlineSnapshot(`
"registry.example.com/shop/server@sha256:6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51eca43917d7a43e3d

  layer      linux/amd64  linux/arm64
  libraries          3 B         50 B
  node             300 B      4.9 KiB
  programs      29.3 KiB    488.3 KiB
  app            2.9 MiB     47.7 MiB
                 2.9 MiB     48.2 MiB

  warning: something may be wrong
  from 1 file, in images/server
"
`);
});

test('whether it was pushed', () => {
  const pushed = { reference: built.reference, digest: built.digest };
  expect(imageText({ built, pushed })).toContain('  from 1 file, in images/server, pushed\n');
  const { schema, images } = JSON.parse(imagesJson([{ built }, { built, pushed }]));
  expect(schema).toBe('spirekit/images/1');
  expect(images).toEqual([
    { ...built, pushed: false },
    { ...built, pushed: true },
  ]);
});
