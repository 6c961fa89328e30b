import { join } from 'node:path';
import { type ImageBuildProps, layoutFolderOf, settingsDigest, settingsOf } from '../../lib/image';

const PROPS: ImageBuildProps = { entry: 'src/server.ts', repository: 'registry.example.com/shop/server:1.2' };
const digestFor = (rest: Partial<ImageBuildProps>) => settingsDigest(settingsOf({ ...PROPS, ...rest }));

test('what was left out has something that stands for it', () => {
  expect(settingsOf(PROPS)).toEqual({
    platforms: ['linux/amd64', 'linux/arm64'],
    node: '24',
    base: undefined,
    env: {},
    labels: {},
    define: {},
    sourceMap: false,
    files: [],
  });
});

test.each<[string, Partial<ImageBuildProps>]>([
  ['the defaults', { platforms: ['linux/amd64', 'linux/arm64'], node: '24', env: {}, sourceMap: false, files: [] }],
  ['another order of platforms', { platforms: ['linux/arm64', 'linux/amd64', 'linux/arm64'] }],
  ['another place of the image', { layout: 'elsewhere' }],
  ['another entry point', { entry: 'src/client.ts' }],
])('%s are the same settings', (_, rest) => {
  expect(digestFor(rest)).toBe(digestFor({}));
});

test('the order of names does not matter', () => {
  expect(digestFor({ env: { A: '1', B: '2' } })).toBe(digestFor({ env: { B: '2', A: '1' } }));
});

test('each of these is another image', () => {
  const all: Partial<ImageBuildProps>[] = [
    {},
    { platforms: ['linux/amd64'] },
    { node: '22' },
    { base: `base@sha256:${'0'.repeat(64)}` },
    { env: { A: '1' } },
    { env: { A: '2' } },
    { labels: { A: '1' } },
    { define: { A: '1' } },
    { sourceMap: true },
    { files: [{ from: 'src/public', to: 'public' }] },
    { files: [{ from: 'src/other', to: 'public' }] },
    { files: [{ from: 'src/public', to: 'other' }] },
  ];
  expect(new Set(all.map(digestFor)).size).toBe(all.length);
});

test('files are seen from the entry point, so that both may move', () => {
  const moved = { entry: '/elsewhere/src/server.ts', files: [{ from: '/elsewhere/public', to: 'public' }] };
  expect(settingsOf({ ...PROPS, ...moved }).files).toEqual([{ from: '../public', to: 'public' }]);
  expect(digestFor(moved)).toBe(digestFor({ files: [{ from: 'public', to: 'public' }] }));
});

test.each([
  [{ repository: 'registry.example.com:5000/shop/server:1.2' }, join('images', 'server')],
  [{ repository: 'server' }, join('images', 'server')],
  [{ repository: `shop/server@sha256:${'0'.repeat(64)}` }, join('images', 'server')],
  [{ repository: '' }, join('images', '')],
  [{ repository: 'server', layout: 'build/image' }, 'build/image'],
])('the folder of %j is %s', (props, expected) => {
  expect(layoutFolderOf(props)).toBe(expected);
});
