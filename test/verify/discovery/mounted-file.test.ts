import { flagOf, mountedFile } from '../../../lib/verify/discovery/mounted-file';
import type { Pod } from '../../../lib/verify/discovery/pods';

test.each([
  [{ args: ['run', '-config', '/a'] }, '/a'],
  [{ args: ['--config=/a=b'] }, '/a=b'],
  [{ command: ['x', '--config', '/a'] }, '/a'],
  [{ args: ['-expandEnv'] }, undefined],
  [{}, undefined],
])('%j', (container, value) => {
  expect(flagOf({ name: 'c', ...container }, 'config')).toBe(value);
});

const pod = (volume: object): Pod => ({ metadata: { name: 'p' }, spec: { volumes: [{ name: 'v', ...volume }] } });
const mounted = (path: string, mount: object, volume: object) =>
  mountedFile(pod(volume), { name: 'c', volumeMounts: [{ name: 'v', mountPath: '/run/conf', ...mount }] }, path);
const configMap = { configMap: { name: 'map' } };

test.each<[string, ReturnType<typeof mounted>, { configMap: string; key: string } | undefined]>([
  ['a file of a folder', mounted('/run/conf/server.conf', {}, configMap), { configMap: 'map', key: 'server.conf' }],
  [
    'a key by another name',
    mounted('/run/conf/server.conf', {}, { configMap: { name: 'map', items: [{ key: 'conf', path: 'server.conf' }] } }),
    { configMap: 'map', key: 'conf' },
  ],
  [
    'a key that is not among those that are mounted',
    mounted('/run/conf/server.conf', {}, { configMap: { name: 'map', items: [{ key: 'other', path: 'other' }] } }),
    undefined,
  ],
  [
    'a single file',
    mounted('/run/conf', { subPath: 'server.conf' }, configMap),
    { configMap: 'map', key: 'server.conf' },
  ],
  ['a path that is not absolute', mounted('server.conf', {}, configMap), { configMap: 'map', key: 'server.conf' }],
  ['another folder', mounted('/etc/server.conf', {}, configMap), undefined],
  ['a folder that begins alike', mounted('/run/config/server.conf', {}, configMap), undefined],
  ['no ConfigMap', mounted('/run/conf/server.conf', {}, { hostPath: { path: '/' } }), undefined],
])('%s', (_, found, expected) => {
  expect(found).toEqual(expected);
});
