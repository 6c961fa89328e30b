import { type Descriptor, isImageConfig, isIndexType, isManifestType, MEDIA_TYPE, platformOf } from '../../lib/image';

test('the types of Docker mean the same', () => {
  const kinds = Object.entries(MEDIA_TYPE).map(([name, type]) => [name, isIndexType(type), isManifestType(type)]);
  expect(kinds.filter(([, index]) => index).map(([name]) => name)).toEqual(['index', 'dockerIndex']);
  expect(kinds.filter(([, , manifest]) => manifest).map(([name]) => name)).toEqual(['manifest', 'dockerManifest']);
});

test.each([
  [undefined, undefined],
  [{ os: 'linux', architecture: 'amd64' }, 'linux/amd64'],
  [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, 'linux/arm64'],
  [{ os: 'windows', architecture: 'amd64' }, undefined],
  [{ os: 'linux', architecture: 'arm' }, undefined],
])('the platform %j is %s', (platform, expected) => {
  expect(platformOf({ platform } as Descriptor)).toBe(expected);
});

test.each<[boolean, object]>([
  [true, {}],
  [true, { config: null, history: null }],
  [true, { config: { Env: null, Entrypoint: ['node'], Cmd: ['main.js'] }, history: [{ empty_layer: true }] }],
  [false, { os: undefined }],
  [false, { rootfs: { diff_ids: ['sha256:12'] } }],
  [false, { config: { Env: 'PATH=/bin' } }],
  [false, { config: { Entrypoint: [5] } }],
  [false, { config: { Cmd: {} } }],
  [false, { history: {} }],
  [false, { history: [null] }],
])('whether it can be read as a configuration: %s, with %j', (isOne, rest) => {
  expect(isImageConfig({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, ...rest })).toBe(
    isOne,
  );
});
