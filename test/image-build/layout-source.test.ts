import { LayoutSource } from '../../lib/image-build/layout-source';
import { removeFolders } from '../synth/fixtures';
import { BaseRegistry, Project } from './fixtures';
import { withoutLogins } from './registry/without-logins';

withoutLogins();
afterEach(removeFolders);

test('what is pushed has no name of the layout, and is read as often as it is asked for', async () => {
  const bases = await BaseRegistry.start();
  const project = new Project(bases.add());
  await project.build({ platforms: ['linux/amd64'] });
  await bases.end();
  const { image } = project;
  const source = new LayoutSource(image);
  const { annotations, ...root } = image.root;
  expect(annotations).toBeDefined();
  expect(source.root).toEqual(root);
  expect(source.referrers).toEqual(image.referrers);
  expect(source.manifest(source.root)).toEqual(image.bytes(image.root));
  for (const layer of image.manifest(image.root).layers) {
    for (const _ of [1, 2]) {
      let size = 0;
      for await (const part of source.open(layer)) size += (part as Buffer).length;
      expect(size).toBe(layer.size);
    }
  }
});
