import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { fromGzip, fromXz, stored } from '../../../lib/image-build/sources/unpack';
import { XZ_ARCHIVE } from './packages';

async function all(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const part of parts) found.push(part);
  return Buffer.concat(found);
}

const CONTENT = randomBytes(3_000_000);

test('what was compressed comes back', async () => {
  expect(CONTENT.equals(await all(fromGzip(gzipSync(CONTENT))))).toBe(true);
  expect(CONTENT.equals(await all(stored(CONTENT)))).toBe(true);
  const archive = await all(fromXz(XZ_ARCHIVE));
  expect([archive.length, archive.includes('hello, library\n')]).toEqual([10_240, true]);
});

test.each([0, 1, 2, 5])('xz can be left %i turns after its first part, and others begin', async (turns) => {
  const parts = fromXz(XZ_ARCHIVE);
  const first = await parts.next();
  expect(first.done).toBe(false);
  for (let turn = 0; turn < turns; turn++) await setImmediate();
  await parts.return(undefined);
  expect((await all(fromXz(XZ_ARCHIVE))).length).toBe(10_240);
});

test('xz that is broken is told of, and others begin', async () => {
  await expect(all(fromXz(XZ_ARCHIVE.subarray(0, 100)))).rejects.toThrow(/^its xz data is broken \(code 8\)$/);
  await expect(all(fromXz(Buffer.alloc(0)))).rejects.toThrow(/^its xz data is broken/);
  expect((await all(fromXz(XZ_ARCHIVE))).length).toBe(10_240);
});
