import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { digestOf } from '../../lib/image';
import { gzip } from '../../lib/image-build/gzip';
import { failureOf } from './fixtures';
import { bytes } from './registry/images';

async function compressed(parts: Iterable<Uint8Array>): Promise<Buffer> {
  const written: Buffer[] = [];
  await gzip(parts, (part) => written.push(Buffer.from(part)));
  return Buffer.concat(written);
}

/** Cuts bytes into parts at some places. */
function* cut(whole: Buffer, places: readonly number[]): Generator<Uint8Array> {
  let from = 0;
  for (const to of [...places].map((place) => place % (whole.length + 1)).sort((a, b) => a - b)) {
    yield whole.subarray(from, to);
    from = to;
  }
  yield whole.subarray(from);
}

test('gives the input back, by the same bytes however it is cut', async () => {
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.string({ maxLength: 2_000 }).map((text) => Buffer.from(text.repeat(3))),
  );
  await fc.assert(
    fc.asyncProperty(input, fc.array(fc.nat(), { maxLength: 5 }), async (given, places) => {
      const whole = Buffer.from(given);
      const result = await compressed([whole]);
      expect(gunzipSync(result).equals(whole)).toBe(true);
      expect((await compressed(cut(whole, places))).equals(result)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test('what is longer than one part too', async () => {
  const whole = Buffer.concat([Buffer.alloc(15_000_000, 'abc'), bytes(2_000_000), Buffer.alloc(1_000_000, 'x')]);
  const result = await compressed([whole]);
  expect(gunzipSync(result).equals(whole)).toBe(true);
  expect((await compressed(cut(whole, [1, 8_388_607, 8_388_609, 16_777_215]))).equals(result)).toBe(true);
});

test('of nothing it is an empty file', async () => {
  expect(gunzipSync(await compressed([]))).toHaveLength(0);
});

// Caches and registries hold what other machines have made: whoever changes the bytes changes every digest.
test('the bytes are those of every machine', async () => {
  const text = Buffer.from('the same bytes on every machine\n'.repeat(100));
  const result = await compressed([text]);
  expect(result.subarray(0, 10).toString('hex')).toBe('1f8b0800000000000003');
  expect(digestOf(result)).toMatchInlineSnapshot(
    `"sha256:da426ee0c86f1dee334d15d849c90b767c83798259e70ba70337de4cec040f1e"`,
  );
});

test('tells what was read, and ends when it is told to', async () => {
  const advanced: number[] = [];
  await gzip([Buffer.alloc(9_000_000)], () => undefined, { advance: (count) => advanced.push(count) });
  expect(advanced).toEqual([8_388_608, 611_392]);
  const ending = new AbortController();
  const work = () =>
    gzip([Buffer.alloc(90_000_000)], () => undefined, {
      advance: () => ending.abort(new Error('enough')),
      signal: ending.signal,
    });
  expect(await failureOf(work)).toBe('Error: enough');
});
