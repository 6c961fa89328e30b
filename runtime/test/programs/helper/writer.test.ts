import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readHelperOptions } from '../../../src/programs/helper/helper-options';
import { TargetFolder } from '../../../src/programs/helper/target-folder';
import { Writer } from '../../../src/programs/helper/writer';
import { TestAuthority } from '../../../src/testing';
import { newFolder, removeFolders } from './folders';

afterEach(removeFolders);

const authority = new TestAuthority('example.org');
const snapshot = {
  svid: authority.x509Svid('/web'),
  x509Bundles: [authority.x509Bundle()],
  jwtBundles: [],
  tokens: new Map(),
};
const quiet = new AbortController().signal;

/** A writer whose changes of the folder go on when they are told to, and what is begun and done of them. */
async function gated() {
  const path = newFolder();
  const folder = await TargetFolder.open(path, 0o755, () => undefined);
  const done: string[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const replace = folder.replace.bind(folder);
  const clear = folder.clear.bind(folder);
  jest.spyOn(folder, 'replace').mockImplementation(async (files) => {
    done.push('replace');
    await gate;
    await replace(files);
    done.push('replaced');
  });
  jest.spyOn(folder, 'clear').mockImplementation(async () => {
    done.push('clear');
    await gate;
    await clear();
    done.push('cleared');
  });
  const writer = new Writer(readHelperOptions(['--folder', path]), folder, () => undefined);
  return { writer, open, done, hasFiles: () => existsSync(join(path, 'svid.pem')) };
}

test('what is removed while a set is written goes once it is there', async () => {
  const { writer, open, done, hasFiles } = await gated();
  const changes = [writer.write(snapshot, quiet), writer.remove()];
  open();
  await Promise.all(changes);
  expect(done).toEqual(['replace', 'replaced', 'clear', 'cleared']);
  expect([writer.hasWritten, hasFiles()]).toEqual([false, false]);
});

test('a set that is written while another is removed stays', async () => {
  const { writer, open, done, hasFiles } = await gated();
  const changes = [writer.remove(), writer.write(snapshot, quiet)];
  open();
  await Promise.all(changes);
  expect(done).toEqual(['clear', 'cleared', 'replace', 'replaced']);
  expect([writer.hasWritten, hasFiles()]).toEqual([true, true]);
});

test('a change that fails does not keep the next from being made', async () => {
  const { writer, open, done } = await gated();
  open();
  const wrong = { ...snapshot, svid: undefined as never };
  const [failed, removed] = await Promise.allSettled([writer.write(wrong, quiet), writer.remove()]);
  expect([failed.status, removed.status, done]).toEqual(['rejected', 'fulfilled', ['clear', 'cleared']]);
});
