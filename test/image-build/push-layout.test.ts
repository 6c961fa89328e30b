import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, OciLayout } from '../../lib/image';
import { pushLayout } from '../../lib/image-build';
import { removeFolders } from '../synth/fixtures';
import { BaseRegistry, failureOf, Project } from './fixtures';
import { FakeRegistry } from './registry/fake-registry';
import { withoutLogins } from './registry/without-logins';

withoutLogins();

let bases: BaseRegistry;
let target: FakeRegistry;
let project: Project;
beforeAll(async () => {
  bases = await BaseRegistry.start();
  target = await FakeRegistry.start({ referrers: true });
  project = new Project(bases.add());
  await project.build({ repository: `${target.host}/shop/server:1.2` });
});
beforeEach(() => {
  target.blobs.clear();
  target.manifests.clear();
});
afterAll(async () => {
  removeFolders();
  await bases.end();
  await target.end();
});

test('all of the image comes into the registry, with its bills of materials', async () => {
  const { image } = project;
  expect(await pushLayout(project.layout)).toEqual({
    reference: `${target.host}/shop/server@${image.root.digest}`,
    digest: image.root.digest,
  });
  const content = new Set(image.entries.flatMap((entry) => [...image.contentOf(entry)].map(({ digest }) => digest)));
  const there = new Set(
    [...target.blobs.keys(), ...target.manifests.keys()].filter((name) => name.startsWith('sha256:')),
  );
  expect([...there].sort()).toEqual([...content].sort());
  expect([...target.manifests.keys()].filter((name) => !name.startsWith('sha256:'))).toEqual(['1.2']);
  expect(target.manifests.get('1.2')?.bytes).toEqual(image.bytes(image.root));
});

test('to another place, with the tag of the image unless another is named', async () => {
  const tags = async (to: string) => {
    target.manifests.clear();
    const { reference } = await pushLayout(project.layout, { to });
    expect(reference).toBe(`${target.host}/other/place@${project.image.root.digest}`);
    return [...target.manifests.keys()].filter((name) => !name.startsWith('sha256:'));
  };
  expect(await tags(`${target.host}/other/place`)).toEqual(['1.2']);
  expect(await tags(`${target.host}/other/place:2`)).toEqual(['2']);
});

test('where there is no image, or it does not say where it belongs', async () => {
  expect(await failureOf(() => pushLayout('nowhere'))).toBe(
    "'nowhere' holds no image; build it by 'spirekit image build'",
  );
  const other = new Project(bases.add());
  await other.build();
  rmSync(join(other.layout, 'spirekit.json'));
  expect(await failureOf(() => pushLayout(other.layout), { [other.folder]: '<project>' })).toBe(
    "the image in '<project>/images/server' does not say where it belongs; name the repository",
  );
});

test('another image than was built is not pushed in its place', async () => {
  const { digest } = project.image.root;
  expect((await pushLayout(project.layout, { digest })).digest).toBe(digest);
  target.manifests.clear();
  const wanted = digestOf('what was built');
  expect(await failureOf(() => pushLayout(project.layout, { digest: wanted }), { [project.folder]: '<project>' })).toBe(
    `'<project>/images/server' holds another image by now, ${digest} instead of ${wanted}; ` +
      "give each image a folder of its own by 'layout'",
  );
  expect(target.manifests.size).toBe(0);
});

test('an image that is not whole is not pushed by halves', async () => {
  const other = new Project(bases.add());
  await other.build({ platforms: ['linux/amd64'] });
  const layout = OciLayout.open(other.layout);
  const [layer] = layout?.manifest(layout.root).layers ?? [];
  if (!layout || !layer) throw new Error('no layer');
  writeFileSync(layout.fileOf(layer.digest), '');
  const to = `${target.host}/other/place`;
  expect(await failureOf(() => pushLayout(other.layout, { to }), { [other.folder]: '<project>' })).toBe(
    `the image in '<project>/images/server' is damaged: ${layer.digest} has 0 bytes, not ${layer.size}; ` +
      'remove the folder, and build the image again',
  );
  expect([target.blobs.size, target.manifests.size]).toEqual([0, 0]);
  expect(existsSync(other.layout)).toBe(true);
});
