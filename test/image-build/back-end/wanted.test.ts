import { type ImageConfig, type Manifest, MEDIA_TYPE } from '../../../lib/image';
import type { ImageContent } from '../../../lib/image-build';
import { requireWanted } from '../../../lib/image-build/back-end/wanted';

const DIGEST = `sha256:${'1'.repeat(64)}` as const;
const layer = { mediaType: MEDIA_TYPE.layer, digest: DIGEST, size: 1 };

const content: ImageContent = {
  platform: 'linux/arm64',
  config: {
    User: '65532:65532',
    Env: ['A=1', 'B=2'],
    Entrypoint: ['/usr/bin/node', '/app/main.mjs'],
    WorkingDir: '/app',
    Labels: { a: 'b' },
    StopSignal: 'SIGTERM',
  },
  base: {
    reference: `registry.example.com/node@${DIGEST}`,
    config: { architecture: 'arm64', os: 'linux', rootfs: { type: 'layers', diff_ids: [DIGEST] } },
    layers: [layer],
  },
  layers: [{ name: 'app', createdBy: '', cached: true, digest: DIGEST, size: 1, diffId: DIGEST }],
};

const manifest: Manifest = {
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.manifest,
  config: { mediaType: MEDIA_TYPE.config, digest: DIGEST, size: 1 },
  layers: [layer, layer],
};

const config: ImageConfig = {
  architecture: 'arm64',
  os: 'linux',
  rootfs: { type: 'layers', diff_ids: [DIGEST, DIGEST] },
  config: content.config,
};

test('takes what was wanted, whatever the order of variables and what a base says more', () => {
  const more = { Env: ['B=2', 'A=1'], Labels: { base: 'x', a: 'b' }, ExposedPorts: { '80/tcp': {} }, Cmd: [] };
  const given = { manifest, config: { ...config, config: { ...content.config, ...more } } };
  expect(() => requireWanted('buildah', content, given)).not.toThrow();
});

const REMEDY = "take another version of it, or leave the back end out: 'spirekit' needs no other program";
const changed = (change: object): ImageConfig => ({ ...config, config: { ...content.config, ...change } });

test.each<[string, Partial<Manifest>, ImageConfig, string]>([
  ['platform', {}, { ...config, architecture: 'amd64' }, 'the platform "linux/amd64" instead of "linux/arm64"'],
  ['layers', { layers: [layer] }, config, 'the number of layers 1 instead of 2'],
  [
    'types',
    { layers: [layer, { ...layer, mediaType: 'application/x' }] },
    config,
    `the kinds of layers ["${MEDIA_TYPE.layer}","application/x"] instead of ["${MEDIA_TYPE.layer}"]`,
  ],
  ['user', {}, changed({ User: 'root' }), 'the User "root" instead of "65532:65532"'],
  [
    'program',
    {},
    changed({ Entrypoint: undefined }),
    'the Entrypoint none instead of ["/usr/bin/node","/app/main.mjs"]',
  ],
  ['arguments', {}, changed({ Cmd: ['sh'] }), 'the Cmd ["sh"] instead of []'],
  ['variables', {}, changed({ Env: ['A=1'] }), 'the Env ["A=1"] instead of ["A=1","B=2"]'],
  ['labels', {}, changed({ Labels: { a: 'c' } }), 'the Labels {"a":"c"} instead of {"a":"b"}'],
  ['signal', {}, changed({ StopSignal: 'SIGKILL' }), 'the StopSignal "SIGKILL" instead of "SIGTERM"'],
  ['folder', {}, changed({ WorkingDir: '/' }), 'the WorkingDir "/" instead of "/app"'],
  [
    'nothing',
    {},
    { architecture: 'arm64', os: 'linux', rootfs: config.rootfs },
    'the User none instead of "65532:65532"',
  ],
])('refuses another %s', (_, change, made, text) => {
  expect(() => requireWanted('buildah', content, { manifest: { ...manifest, ...change }, config: made })).toThrow(
    new Error(`buildah made an image with ${text}; ${REMEDY}`),
  );
});
