import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeLeftovers } from '../../lib/image-build/leftovers';
import { besideOf } from '../../lib/image-build/whole-file';
import { newFolder, removeFolders } from '../synth/fixtures';

afterEach(removeFolders);

const HOUR = 60 * 60 * 1000;
const age = (path: string, hours: number): void => {
  const time = new Date(Date.now() - hours * HOUR);
  utimesSync(path, time, time);
};

test('what was never finished is removed when it is a day old, and nothing else is', () => {
  const folder = newFolder();
  const files = ['server', '.server', '.env.production', '.server.0123456789abcdef', '.server.0123456789AB'];
  for (const name of files) writeFileSync(join(folder, name), '');
  const [old, young, other] = [
    besideOf(join(folder, 'server')),
    besideOf(join(folder, 'server')),
    besideOf(join(folder, 'a')),
  ];
  for (const path of [old, young, other]) {
    mkdirSync(path);
    writeFileSync(join(path, 'blob'), 'half');
    age(path, path === young ? 23 : 25);
  }
  for (const name of files) age(join(folder, name), 1000);
  removeLeftovers(folder, 'server');
  const left = (...paths: string[]) => [...files, ...paths.map((path) => path.slice(folder.length + 1))].sort();
  expect(readdirSync(folder).sort()).toEqual(left(young, other));
  removeLeftovers(folder);
  expect(readdirSync(folder).sort()).toEqual(left(young));
});

test('a folder that is not there has none', () => {
  expect(() => removeLeftovers(join(newFolder(), 'none'))).not.toThrow();
});
