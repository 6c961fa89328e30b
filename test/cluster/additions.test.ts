import * as fc from 'fast-check';
import { fakeOutput } from '../core/fixtures';
import { IMAGE, podGiven, said } from './program-image';

test('an image alone changes nothing, and is said to', () => {
  expect(said({ image: IMAGE })).toMatchInlineSnapshot(
    `"warning [demo/shop/web] image has no effect: neither a probe nor a helper runs from it; add probe or helper, or leave it out (no-effect)"`,
  );
});

test('null counts as not given', () => {
  expect(said({ image: null, probe: null, helper: null })).toBe('');
});

test('an image whose reference is known late is handed on', () => {
  const image = fakeOutput();
  const { initContainers } = podGiven({
    image: { ...IMAGE, image: image as never },
    helper: { as: 'sidecar', folder: '/run/svid' },
  });
  expect(initContainers[0].image).toBe(image);
});

test('refused: what is no image', () => {
  const { programs } = IMAGE;
  const text = [
    { probe: {}, helper: { as: 'sidecar', folder: '/run/svid' } },
    { probe: {}, image: 'web:1' },
    { probe: {}, image: fakeOutput() },
    { probe: {}, image: {} },
    { probe: {}, image: { image: 'web:1', programs: { node: 'node', runtime: '/app/runtime.cjs' } } },
    { probe: {}, image: { image: 7, programs } },
  ].map((options) => said(options));
  expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/web] probe has no image to run from; set image, such as to a WorkloadImage (identity-image)
error [demo/shop/web] helper has no image to run from; set image, such as to a WorkloadImage (identity-image)
error [demo/shop/web] image 'web:1' is not an image with the runtime in it; pass a WorkloadImage, or { image: '…@sha256:…', programs: { node: '/…', runtime: '/…' } } (identity-image)
error [demo/shop/web] image is not an image with the runtime in it; pass a WorkloadImage, or { image: '…@sha256:…', programs: { node: '/…', runtime: '/…' } } (identity-image)
error [demo/shop/web] image is not an image with the runtime in it; pass a WorkloadImage, or { image: '…@sha256:…', programs: { node: '/…', runtime: '/…' } } (identity-image)
error [demo/shop/web] image is not an image with the runtime in it; pass a WorkloadImage, or { image: '…@sha256:…', programs: { node: '/…', runtime: '/…' } } (identity-image)
error [demo/shop/web] image.image is not text; write the reference of the image (identity-image)"
`);
});

const part = (...names: string[]) =>
  fc.oneof(
    fc.anything(),
    fc.record(Object.fromEntries(names.map((name) => [name, fc.anything()])), { requiredKeys: [] }),
  );
const probe = part('container', 'minRemaining', 'bundles', 'dial', 'audience', 'hint', 'timeout', 'period');
const image = part('image', 'programs');
const helper = part(
  'as',
  'folder',
  'name',
  'svidFile',
  'jwtSvid',
  'jwtBundles',
  'keyMode',
  'timeout',
  'health',
  'resources',
);

test('whatever plain JavaScript passes is said to be wrong, and nothing breaks', () => {
  const options = fc.record(
    { image: fc.oneof(fc.constant(IMAGE), image), probe: fc.oneof(probe, fc.record({ liveness: probe })), helper },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(options, (given) => {
      const lines = said(given);
      expect(lines).not.toMatch(/TypeError|not a function|cannot read|not iterable|\(validation\)/i);
    }),
    { numRuns: 100 },
  );
});
