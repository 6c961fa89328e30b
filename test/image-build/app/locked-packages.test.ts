import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError } from '../../../lib/image';
import { bundleApp } from '../../../lib/image-build/app';
import { type Files, lockOf, packageFiles, projectOf } from './fixtures/project';

const project: Files = {
  'package.json': {},
  'a.ts': "import 'x'; import '@y/y';",
  ...packageFiles('x', '1.2.3', { 'index.js': 'require("z");' }),
  ...packageFiles('@y/y', '2.0.0', { 'index.js': '' }),
  ...packageFiles('x/node_modules/z', '3.0.0', { 'index.js': '' }, { name: 'z' }),
};
const build = (folder: string) => bundleApp({ entry: join(folder, 'a.ts'), platforms: ['linux/amd64'] });
const locked = (versions: Readonly<Record<string, string>>) =>
  build(projectOf({ ...project, 'package-lock.json': lockOf(versions) }));

test('what is installed as the lock file says is taken, in packages of packages too', async () => {
  const { inputs } = await locked({ x: '1.2.3', '@y/y': '2.0.0', 'x/node_modules/z': '3.0.0' });
  expect(inputs.map(({ path }) => path)).toContain('node_modules/x/node_modules/z/package.json');
});

test("versions with a 'v' in front are those without it, as lock files write them", async () => {
  const files = { ...packageFiles('x', 'v1.2.3', { 'index.js': '' }), 'package.json': {}, 'a.ts': "import 'x';" };
  await expect(build(projectOf({ ...files, 'package-lock.json': lockOf({ x: '1.2.3' }) }))).resolves.toBeDefined();
  await expect(build(projectOf({ ...files, 'package-lock.json': lockOf({ x: '1.2.4' }) }))).rejects.toThrow(
    new ImageError("node_modules has 'x' v1.2.3 where package-lock.json says 1.2.4; run 'npm ci'"),
  );
});

test.each<[Record<string, string>, string]>([
  [
    { x: '1.2.4', '@y/y': '2.0.0', 'x/node_modules/z': '3.0.0' },
    "node_modules has 'x' 1.2.3 where package-lock.json says 1.2.4; run 'npm ci'",
  ],
  [
    { x: '1.2.3', '@y/y': '2.0.0', z: '3.0.0' },
    "node_modules/x/node_modules has 'z' 3.0.0, of which package-lock.json does not know; run 'npm ci'",
  ],
  [
    { x: '1.2.3', '@y/y': '1.0.0', 'x/node_modules/z': '3.0.1' },
    "node_modules has '@y/y' 2.0.0 where package-lock.json says 1.0.0, and 1 more differ; run 'npm ci'",
  ],
])('%j is refused', async (versions, message) => {
  await expect(locked(versions)).rejects.toThrow(new ImageError(message));
});

test('lock files of other managers stand for what is installed', async () => {
  await expect(build(projectOf({ ...project, 'pnpm-lock.yaml': '' }))).resolves.toBeDefined();
});

test('packages ask for a lock file, a program without any does not', async () => {
  await expect(build(projectOf(project))).rejects.toThrow(
    new ImageError(
      "package '@y/y': no lock file in the project folder says its version; run 'npm install --package-lock-only'",
    ),
  );
  await expect(build(projectOf({ 'package.json': {}, 'a.ts': '' }))).resolves.toBeDefined();
});

test('packages of a folder above are those of another lock file', async () => {
  const folder = projectOf({ ...project, 'sub/package-lock.json': lockOf({}), 'sub/a.ts': "import 'x';" });
  await expect(build(join(folder, 'sub'))).rejects.toThrow(
    new ImageError(
      "package 'x': is installed in '../node_modules/x', of which package-lock.json does not know; run 'npm ci' in the project folder, or remove its lock file if that of a folder above counts",
    ),
  );
});

test('a package that is damaged is installed anew', async () => {
  const folder = projectOf({ ...project, 'yarn.lock': '' });
  rmSync(join(folder, 'node_modules/@y/y/package.json'));
  await expect(build(folder)).rejects.toThrow(
    new ImageError("node_modules/@y/y/package.json: does not exist; install the project's packages anew"),
  );
});
