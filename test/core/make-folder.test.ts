import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../lib/core';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder and those above it, there already or not', () => {
  const made = join(folder, 'a', 'b', 'c');
  makeFolder(made);
  makeFolder(made);
  makeFolder(join(folder, 'a', 'b'));
  expect(statSync(made).isDirectory()).toBe(true);
});

test('a file in its place, or above it, is said and stays', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  expect(() => makeFolder(file)).toThrow(/^EEXIST: /);
  expect(() => makeFolder(join(file, 'below'))).toThrow(/^ENOTDIR: /);
  expect(statSync(file).size).toBe(4);
});

test('where the system makes none it is refused, and not tried for ever', () => {
  expect(() => makeFolder('/proc/spirekit/below')).toThrow();
  expect(existsSync('/proc/spirekit')).toBe(false);
});
