import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf } from '../../lib/image';
import { exportContext } from '../../lib/image-build';
import { removeFolders } from '../synth/fixtures';
import { BaseRegistry, failureOf, Project, stateOf } from './fixtures';
import { withoutLogins } from './registry/without-logins';

withoutLogins();

let registry: BaseRegistry;
let project: Project;
let folder: string;
beforeAll(async () => {
  registry = await BaseRegistry.start();
});
afterAll(() => registry.end());
beforeEach(() => {
  project = new Project(registry.add());
  folder = join(project.folder, 'context');
});
afterEach(removeFolders);

const exported = (rest = {}) => exportContext(project.props(rest), folder, { cacheFolder: project.cacheFolder });

test('holds a Dockerfile and the layers that the default back end has', async () => {
  const built = await project.build();
  expect(await exported()).toEqual({
    folder,
    dockerfile: join(folder, 'Dockerfile'),
    platforms: ['linux/amd64', 'linux/arm64'],
    programs: { node: '/usr/bin/node', runtime: '/app/spirekit/runtime.cjs' },
    warnings: [],
  });
  const [programs, app] = (built.platforms[0]?.layers ?? []).slice(1).map(({ digest }) => digest);
  const state = Object.entries(stateOf(folder)).map(([path, digest]) => [path.slice(folder.length + 1), digest]);
  expect(state).toEqual([
    ['Dockerfile', expect.anything()],
    ['amd64/app.tar.gz', app],
    ['amd64/programs.tar.gz', programs],
    ['arm64/app.tar.gz', app],
    ['arm64/programs.tar.gz', programs],
  ]);
});

test('is the same again, and fetches no layer of the base', async () => {
  await exported();
  const before = stateOf(folder);
  await exported();
  expect(stateOf(folder)).toEqual(before);
  expect(registry.registry.log.filter((line) => line.includes('/blobs/')).length).toBeGreaterThan(0);
  const layers = [...registry.registry.manifests.values()].flatMap(
    ({ bytes }) => (JSON.parse(bytes.toString()).layers ?? []) as { digest: `sha256:${string}` }[],
  );
  const cached = readdirSync(join(project.cacheFolder, 'blobs', 'sha256'));
  expect(layers.filter(({ digest }) => cached.includes(hexOf(digest)))).toEqual([]);
});

test('what was there before is replaced as a whole', async () => {
  await exported();
  await exported({ platforms: ['linux/arm64'] });
  expect(readdirSync(folder).sort()).toEqual(['Dockerfile', 'arm64']);
  expect(readdirSync(project.folder).sort()).toEqual(['cache', 'context', 'package.json', 'server.ts']);
});

test.each([
  [
    'something else',
    () => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
    },
    "'<context>' holds something else than a build of spirekit ('Dockerfile'); name another folder",
  ],
  ['a file', () => writeFileSync(folder, ''), "'<context>' is no folder; name another one"],
])('nothing is written where there is %s', async (_, prepare, text) => {
  prepare();
  const before = stateOf(project.folder);
  expect(await failureOf(exported, { [folder]: '<context>' })).toBe(text);
  expect(stateOf(project.folder)).toEqual(before);
});

test('what was there stays when the program does not bundle, or cannot be said in a Dockerfile', async () => {
  await exported();
  const before = stateOf(folder);
  expect(await failureOf(() => exported({ env: { A: 'b\nc' } }))).toContain("env 'A' has a value of several lines");
  project.write('server.ts', 'const = 1;');
  expect(await failureOf(exported)).toContain('server.ts:1:7');
  expect(stateOf(folder)).toEqual(before);
  expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toContain('FROM ');
});
