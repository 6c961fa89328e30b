import type { ImageBackEnd, ImageContent } from '../../../lib/image-build';
import { spirekit } from '../../../lib/image-build/back-end/spirekit';
import { removeFolders } from '../../synth/fixtures';
import { BaseRegistry, failureOf, Project } from '../fixtures';
import { withoutLogins } from '../registry/without-logins';

withoutLogins();

let registry: BaseRegistry;
let base: string;
let project: Project;
beforeAll(async () => {
  registry = await BaseRegistry.start();
  base = registry.add();
});
afterAll(() => registry.end());
beforeEach(() => {
  project = new Project(base);
});
afterEach(removeFolders);

test('spirekit is the one that is meant where none is named', async () => {
  const one = await project.build();
  expect((await project.build({}, { backend: 'spirekit' })).digest).toBe(one.digest);
});

test('another one makes the images for single platforms, and the rest is as always', async () => {
  const asked: ImageContent[] = [];
  const own: ImageBackEnd = {
    name: 'own',
    make: (content, tools) => {
      asked.push(content);
      return spirekit.make({ ...content, config: { ...content.config, User: '1000:1000' } }, tools);
    },
  };
  const built = await project.build({ env: { A: 'b' } }, { backend: own });
  expect(asked.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
  expect(asked.map(({ layers }) => layers.map(({ name }) => name))).toEqual([
    ['programs', 'app'],
    ['programs', 'app'],
  ]);
  expect(asked[0]?.base?.reference).toBe(base);
  expect(asked[0]?.config).toEqual({
    User: '65532:65532',
    Env: ['PATH=/usr/bin:/bin', 'A=b', 'LANG=C.UTF-8', 'NODE_ENV=production'],
    Entrypoint: ['/usr/bin/node', '/app/main.mjs'],
    WorkingDir: '/app',
    Labels: {
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.title': 'shop',
      'org.opencontainers.image.version': '1.2.3',
    },
    StopSignal: 'SIGTERM',
  });
  const { image } = project;
  image.requireWhole();
  expect(image.referrers).toHaveLength(2);
  expect(image.root.digest).toBe(built.digest);
  const users = image.images().map((each) => image.config(image.manifest(each).config).config?.User);
  expect(users).toEqual(['1000:1000', '1000:1000']);
});

test('one that pulls the base itself is given what the base says of itself, and no layers of it', async () => {
  const [layers] = [[] as unknown[]];
  const own: ImageBackEnd = {
    name: 'own',
    pullsBase: true,
    make: async ({ base: below }, { cache }) => {
      layers.push(...(below?.layers ?? []).map((layer) => cache.has(layer)));
      throw new Error('seen');
    },
  };
  expect(await failureOf(() => project.build({}, { backend: own }))).toBe('Error: seen');
  expect(layers).toEqual([false]);
});

test.each([
  ['podman', "backend 'podman' is no back end; write spirekit or buildah"],
  ['toString', "backend 'toString' is no back end; write spirekit or buildah"],
  [null, 'backend null is no back end; write spirekit or buildah'],
  [{ name: 'own' }, 'backend [object Object] is no back end; write spirekit or buildah'],
])('%p is none', async (backend, text) => {
  expect(await failureOf(() => project.build({}, { backend: backend as never }))).toBe(text);
});
