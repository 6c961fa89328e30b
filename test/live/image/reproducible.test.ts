import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BuiltImage } from '../../../lib/image-build';
import { nodeProgram } from '../support/node-program';
import { must, run } from '../support/run';
import { build, seedDownloads } from './builder';

/** The newest of the lines that projects are built with, beside the one that runs the tests. */
const BUILDERS = ['22.23.3', '24.21.0'] as const;

/** A project as a user has it, with packages that npm has installed, in two places. */
const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const [first, second] = [join(folder, 'shop'), join(folder, 'another place/deep/down/shop of ours')];
const LAYOUT = 'images/server';
const FILES = ['package.json', 'package-lock.json', 'runtime.tgz', 'server.mts'];
let image: BuiltImage;

const npm = (project: string, ...args: string[]): string =>
  must('npm', [...args, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: project });

beforeAll(async () => {
  mkdirSync(first);
  mkdirSync(second, { recursive: true });
  const packed = must('npm', [
    'pack',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    folder,
    resolve('runtime'),
  ]);
  copyFileSync(join(folder, packed.trim()), join(first, 'runtime.tgz'));
  copyFileSync('examples/workload-image/server.mts', join(first, 'server.mts'));
  const dependencies = { '@spirekit/runtime': 'file:runtime.tgz' };
  const manifest = { name: 'shop', version: '1.2.3', private: true, type: 'module', dependencies };
  writeFileSync(join(first, 'package.json'), JSON.stringify(manifest));
  npm(first, 'install');
  for (const file of FILES) copyFileSync(join(first, file), join(second, file));
  npm(second, 'ci');
  image = await build({ entry: 'server.mts', layout: LAYOUT, cwd: first });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An empty cache but for what was downloaded: every layer is made anew. */
function newCache(): string {
  const cache = mkdtempSync(join(folder, 'cache-'));
  seedDownloads(cache);
  return cache;
}

test('a project in another folder gives the same image, whatever surrounds the build', async () => {
  const again = await build({
    entry: join(second, 'server.mts'),
    layout: LAYOUT,
    cwd: second,
    cache: newCache(),
    env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', NODE_ENV: 'development', HOME: folder },
    within: ['sh', '-c', 'umask 077 && exec "$@"', 'sh'],
  });
  expect(again.platforms.flatMap(({ layers }) => layers).filter(({ cached }) => cached)).toEqual([]);
  expect(again.digest).toBe(image.digest);
  for (const file of ['index.json', 'oci-layout', 'spirekit.json']) {
    expect(readFileSync(join(second, LAYOUT, file), 'utf8')).toBe(readFileSync(join(first, LAYOUT, file), 'utf8'));
  }
});

test.each(BUILDERS)('Node.js %s builds the same image', async (version) => {
  const node = nodeProgram(version);
  expect(run(node, ['--version']).stdout.trim()).toBe(`v${version}`);
  const again = await build({
    entry: 'server.mts',
    layout: join(folder, `by-${version}`),
    cwd: second,
    cache: newCache(),
    node,
    options: ['--platform', 'linux/amd64'],
  });
  expect(again.platforms[0]?.layers.filter(({ cached }) => cached)).toEqual([]);
  expect(again.digest).toBe(image.platforms[0]?.digest);
});

test('another line of the program gives another image, and another layer of the app alone', async () => {
  const program = readFileSync(join(second, 'server.mts'), 'utf8');
  writeFileSync(join(second, 'server.mts'), program.replace('hello', 'good morning'));
  const changed = await build({ entry: 'server.mts', layout: join(folder, 'changed'), cwd: second });
  expect(changed.digest).not.toBe(image.digest);
  const digests = ({ platforms }: BuiltImage) => platforms.map(({ layers }) => layers.map(({ digest }) => digest));
  expect(digests(changed).map((layers) => layers.slice(0, 3))).toEqual(digests(image).map((each) => each.slice(0, 3)));
  expect(digests(changed).map((layers) => layers[3])).not.toEqual(digests(image).map((layers) => layers[3]));
});
