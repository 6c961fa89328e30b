import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { digestOf, hexOf } from '../../lib/image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { whileLocked } from '../../lib/image-build/layout-lock';
import { newFolder, removeFolders } from '../synth/fixtures';
import { failureOf } from './fixtures';

let folder: string;
let cache: BlobCache;
let lock: string;
beforeEach(() => {
  folder = newFolder();
  cache = new BlobCache(join(folder, 'cache'));
  lock = join(cache.folder, 'locks', hexOf(digestOf(join(folder, 'image'))));
});
afterEach(removeFolders);

const layout = () => join(folder, 'image');
const heldBy = (text: string): void => {
  mkdirSync(join(cache.folder, 'locks'), { recursive: true });
  writeFileSync(lock, text);
};

test('a layout is locked for the time of the work alone, whatever its end', async () => {
  expect(await whileLocked(layout(), cache, () => existsSync(lock))).toBe(true);
  const failing = () => {
    throw new TypeError('mine');
  };
  await expect(whileLocked(layout(), cache, failing)).rejects.toThrow(new TypeError('mine'));
  expect(readdirSync(join(cache.folder, 'locks'))).toEqual([]);
});

test('who comes second waits until the first has ended, and says so', async () => {
  heldBy(`${process.ppid} ${hostname()}`);
  const labels: string[] = [];
  const progress = {
    step: (label: string) => {
      labels.push(label);
      writeFileSync(lock, `${endedProcess()} ${hostname()}`); // the other one ends
      return { advance: () => undefined, done: () => void labels.push('done') };
    },
  };
  expect(await whileLocked(layout(), cache, () => 'mine', { progress })).toBe('mine');
  expect(labels).toEqual([`wait for another build, which writes '${layout()}'`, 'done']);
  expect(existsSync(lock)).toBe(false);
});

/** The number of a process that was. */
const endedProcess = (): number => spawnSync(process.execPath, ['-v']).pid;

test.each<[string, () => string]>([
  ['a process that has ended', () => `${endedProcess()} ${hostname()}`],
  ['this process itself, by its number', () => `${process.pid} ${hostname()}`],
])('the lock of %s is none', async (_, holder) => {
  heldBy(holder());
  expect(await whileLocked(layout(), cache, () => 'mine')).toBe('mine');
  expect(readdirSync(join(cache.folder, 'locks'))).toEqual([]);
});

test.each<[string, () => string]>([
  ['a process that is there', () => `${process.ppid} ${hostname()}`],
  ['a process on another machine', () => '1 elsewhere'],
  ['somebody who is about to write who he is', () => ''],
])('the lock of %s is kept, and ends the patience', async (_, holder) => {
  heldBy(holder());
  const work = jest.fn();
  expect(await failureOf(() => whileLocked(layout(), cache, work, { patience: 100 }), { [folder]: '<folder>' })).toBe(
    `'<folder>/image' is being written by another build; wait for its end, or remove '${lock.replace(folder, '<folder>')}' if there is none`,
  );
  expect(work).not.toHaveBeenCalled();
  expect(existsSync(lock)).toBe(true);
});

test('one of a machine that is gone is none any more after a while', async () => {
  heldBy('1 elsewhere');
  const time = new Date(Date.now() - 11 * 60 * 1000);
  utimesSync(lock, time, time);
  expect(await whileLocked(layout(), cache, () => 'mine')).toBe('mine');
});

test('who is told to end does not wait', async () => {
  heldBy(`${process.ppid} ${hostname()}`);
  const ending = AbortSignal.abort(new TypeError('ended'));
  await expect(whileLocked(layout(), cache, () => 'mine', { signal: ending })).rejects.toThrow(new TypeError('ended'));
  expect(existsSync(lock)).toBe(true);
});
