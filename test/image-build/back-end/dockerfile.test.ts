import fc from 'fast-check';
import type { ImagePlatform } from '../../../lib/image';
import type { ImageContent } from '../../../lib/image-build';
import { dockerfileOf } from '../../../lib/image-build/back-end/dockerfile';

const DIGEST = `sha256:${'1'.repeat(64)}` as const;

const layer = (name: string) => ({ name, createdBy: name, cached: true, digest: DIGEST, size: 1, diffId: DIGEST });

function content(config: Partial<ImageContent['config']> = {}, platform: ImagePlatform = 'linux/amd64'): ImageContent {
  return {
    platform,
    config: {
      User: '65532:65532',
      Env: ['PATH=/usr/bin:/bin', 'NODE_ENV=production'],
      Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
      WorkingDir: '/app',
      StopSignal: 'SIGTERM',
      ...config,
    },
    base: undefined,
    layers: [layer('libraries'), layer('node'), layer('app')],
  };
}

const base = {
  reference: `registry.example.com/node@${DIGEST}`,
  config: { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } } as const,
  layers: [],
};

test('begins from nothing, and is one for all platforms', () => {
  const labels = { 'org.opencontainers.image.title': 'shop', 'org.opencontainers.image.version': '1.2.3' };
  const text = dockerfileOf([content({ Labels: labels }), content({ Labels: labels }, 'linux/arm64')]);
  expect(text).toMatchInlineSnapshot(`
"# An image of spirekit: its layers lie beside this file, in a folder for each architecture.
FROM scratch
ARG TARGETARCH
ENV PATH="/usr/bin:/bin" NODE_ENV="production"
USER 65532:65532
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node","/app/main.mjs"]
CMD []
ADD \${TARGETARCH}/libraries.tar.gz /
ADD \${TARGETARCH}/node.tar.gz /
ADD \${TARGETARCH}/app.tar.gz /
WORKDIR /app
LABEL org.opencontainers.image.title="shop" org.opencontainers.image.version="1.2.3"
"
`);
});

test('begins from a base by its digest', () => {
  const lines = dockerfileOf([{ ...content(), base, layers: [layer('programs'), layer('app')] }]).split('\n');
  expect(lines.filter((line) => /^(FROM|ADD|LABEL)/.test(line)).join('\n')).toMatchInlineSnapshot(`
"FROM registry.example.com/node@sha256:1111111111111111111111111111111111111111111111111111111111111111
ADD \${TARGETARCH}/programs.tar.gz /
ADD \${TARGETARCH}/app.tar.gz /"
`);
});

// What Docker's documentation says of quotes: a backslash makes ", \ and $ plain, and everything else is.
const unquoted = (text: string) => {
  expect(text).toMatch(/^"(?:[^"\\$]|\\["\\$])*"$/u);
  return text.slice(1, -1).replace(/\\(["\\$])/g, '$1');
};

test('writes every text of one line so that it is read as it is', () => {
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'"\\$\'`#{} \ta=') }));
  fc.assert(
    fc.property(
      texts.filter((text) => !/[\r\n]/.test(text)),
      (text) => {
        const lines = dockerfileOf([content({ Env: [`A=${text}`], Labels: { 'a.b/c-d_E': text } })]).split('\n');
        const [env = '', label = ''] = ['ENV A=', 'LABEL a.b/c-d_E='].map((start) =>
          lines.find((line) => line.startsWith(start))?.slice(start.length),
        );
        expect([unquoted(env), unquoted(label)]).toEqual([text, text]);
      },
    ),
  );
});

test.each([
  [
    { Env: ['PATH=/bin', 'CERTIFICATE=a\nb'] },
    "env 'CERTIFICATE' has a value of several lines, which a Dockerfile cannot hold; " +
      "leave it out, or the back end: 'spirekit' takes any text",
  ],
  [
    { Labels: { notes: 'a\rb' } },
    "labels 'notes' has a value of several lines, which a Dockerfile cannot hold; " +
      "leave it out, or the back end: 'spirekit' takes any text",
  ],
  [
    { Labels: { 'a b': 'c' } },
    "labels 'a b' has a name that not every Dockerfile can hold; leave it out, or the back end: 'spirekit' takes any text",
  ],
])('refuses what it cannot hold: %j', (config, text) => {
  expect(() => dockerfileOf([content(config)])).toThrow(new Error(text));
});

test('refuses bases that differ by platform', () => {
  const other = content({ Entrypoint: ['/nodejs/bin/node', '/app/main.mjs'] }, 'linux/arm64');
  expect(() =>
    dockerfileOf([
      { ...content(), base },
      { ...other, base },
    ]),
  ).toThrow(
    new Error(
      `base 'registry.example.com/node@${DIGEST}' has other variables or another program for linux/arm64 than for linux/amd64, ` +
        'and one Dockerfile has one of each; name a single platform',
    ),
  );
});
