import { IMAGE_PLATFORMS, ImageError } from '../../../lib/image';
import { NODE_VERSIONS, nodeVersion } from '../../../lib/image-build/sources';

test.each(NODE_VERSIONS)(
  '$version is pinned for each platform, by a hash of its own',
  ({ version, integrity, size }) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect([Object.keys(integrity), Object.keys(size ?? {})]).toEqual([[...IMAGE_PLATFORMS], [...IMAGE_PLATFORMS]]);
    for (const text of Object.values(integrity)) expect(text).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    for (const bytes of Object.values(size ?? {})) expect(bytes).toBeGreaterThan(40_000_000);
  },
);

test('each line and each hash stands once', () => {
  const lines = NODE_VERSIONS.map(({ version }) => version.split('.')[0]);
  const hashes = NODE_VERSIONS.flatMap(({ integrity }) => Object.values(integrity));
  expect([new Set(lines).size, new Set(hashes).size]).toEqual([lines.length, hashes.length]);
});

test.each([
  [undefined, '24.22.3'],
  ['24', '24.22.3'],
  ['v24', '24.22.3'],
  ['24.22', '24.22.3'],
  ['24.22.3', '24.22.3'],
  ['v24.22.3', '24.22.3'],
  ['22', '22.23.5'],
  ['26', '26.12.1'],
])('%s is %s', (wanted, version) => {
  expect(nodeVersion(wanted).version).toBe(version);
});

test.each(['', ' ', 'v', '2', '24.2', '24.22.3.1', '20', 'lts', '24.x', '../24', 'null'])(
  '%j is not known',
  (wanted) => {
    expect(() => nodeVersion(wanted)).toThrow(
      new ImageError(
        `node '${wanted}' is not among the versions known here, 26.12.1, 24.22.3, 22.23.5; write one of them, or an image with another by 'base'`,
      ),
    );
  },
);
