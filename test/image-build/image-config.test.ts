import { digestOf, type ImageConfig, settingsOf } from '../../lib/image';
import { imageConfig, promisesNode, runConfig } from '../../lib/image-build/image-config';
import type { Layer } from '../../lib/image-build/layer';

const PROPS = { entry: 'server.ts', repository: 'server' };
const configOf = (base?: Partial<ImageConfig>, rest: object = {}) =>
  runConfig({
    settings: settingsOf({ ...PROPS, ...rest }),
    labels: {},
    base: base && { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, ...base },
  });
const startOf = (Entrypoint: readonly string[] | undefined) => configOf({ config: { Entrypoint } })?.Entrypoint?.[0];

test('without a base, Node.js and nothing else is started, as nobody', () => {
  expect(configOf()).toEqual({
    User: '65532:65532',
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'NODE_ENV=production'],
    Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
    WorkingDir: '/app',
    StopSignal: 'SIGTERM',
  });
});

test('variables: those of the base, then of Node.js, then of the user, each once, by name', () => {
  const base = { config: { Env: ['PATH=/nodejs/bin', 'A=1=2', 'B=\n', 'wrong', '=x', 'NODE_ENV=test'] } };
  expect(configOf(base, { env: { B: 'b', C: 'c' } }).Env).toEqual([
    'PATH=/nodejs/bin',
    'A=1=2',
    'B=b',
    'C=c',
    'NODE_ENV=production',
  ]);
  expect(configOf({}, { env: { NODE_ENV: 'development' } }).Env).toContain('NODE_ENV=development');
});

test('of the base, nothing but its variables and its Node.js stays', () => {
  const base = { User: 'root', Cmd: ['sh'], WorkingDir: '/', Labels: { a: 'b' }, ExposedPorts: { '80/tcp': {} } };
  expect(Object.keys(configOf({ config: base }))).toEqual(['User', 'Env', 'Entrypoint', 'WorkingDir', 'StopSignal']);
});

test.each([
  [['/nodejs/bin/node'], '/nodejs/bin/node'],
  [['/usr/bin/nodejs', '--x'], '/usr/bin/nodejs'],
  [['/node'], '/node'],
  [['docker-entrypoint.sh'], '/usr/local/bin/node'],
  [['node'], '/usr/local/bin/node'],
  [['/usr/bin/nodemon'], '/usr/local/bin/node'],
  [[], '/usr/local/bin/node'],
  [undefined, '/usr/local/bin/node'],
])('of a base that starts %j, %s is started', (entry, expected) => {
  expect(startOf(entry)).toBe(expected);
});

const layer = (name: string): Layer => ({
  name,
  createdBy: `made ${name}`,
  cached: false,
  digest: digestOf(name),
  diffId: digestOf(`unpacked ${name}`),
  size: 1,
});
const made = (config: Partial<ImageConfig> | undefined) =>
  imageConfig({
    platform: 'linux/arm64',
    config: {},
    layers: [layer('programs'), layer('app')],
    base: config && {
      config: { os: 'linux', architecture: 'arm64', rootfs: { type: 'layers', diff_ids: [] }, ...config },
    },
  });
const own = ['programs', 'app'].map((name) => ({
  created: '1970-01-01T00:00:00Z',
  created_by: `made ${name}`,
  comment: 'spirekit',
}));

test('layers come upon those of the base, and have as many entries in the history', () => {
  expect(made(undefined)).toEqual({
    created: '1970-01-01T00:00:00Z',
    architecture: 'arm64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer('programs').diffId, layer('app').diffId] },
    history: own,
  });
  const history = [{ created_by: 'ENV', empty_layer: true }, { created_by: 'COPY' }];
  const upon = made({ variant: 'v8', rootfs: { type: 'layers', diff_ids: [digestOf('below')] }, history });
  expect(upon).toMatchObject({ variant: 'v8', history: [...history, ...own] });
  expect(upon.rootfs.diff_ids[0]).toBe(digestOf('below'));
});

test.each([undefined, null, [], [{ created_by: 'one' }]])(
  'a base whose history %j does not tell of its layers gets one that does',
  (history) => {
    const rootfs = { type: 'layers' as const, diff_ids: [digestOf('a'), digestOf('b')] };
    const entry = { created: '1970-01-01T00:00:00Z', comment: 'base image' };
    expect(made({ rootfs, history: history as never }).history).toEqual([entry, entry, ...own]);
  },
);

test.each<[boolean, ImageConfig['config'] | null]>([
  [true, { Entrypoint: ['/nodejs/bin/node'] }],
  [true, { Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node'] }],
  [true, { Cmd: ['/usr/local/bin/node', 'main.js'] }],
  [true, { Entrypoint: ['/bin/sh'], Env: ['PATH=/bin', 'NODE_VERSION=24.1.0'] }],
  [false, { Entrypoint: ['/bin/sh'], Env: ['PATH=/bin'] }],
  [false, { Cmd: ['nodepad'], Env: ['MY_NODE_VERSION=1'] }],
  [false, {}],
  [false, null],
])('whether Node.js is promised: %j by %j', (promised, config) => {
  const base = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, config } as ImageConfig;
  expect(promisesNode(base)).toBe(promised);
});
