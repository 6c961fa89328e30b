import fs, { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { CommandFailure } from '../../lib/cli/failure';
import { deliver, endQuietly, write } from '../../lib/cli/output';
import { newFolder, removeFolders } from '../synth/fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const failureOf = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(CommandFailure);
  return (error as Error).message.replaceAll(folder, 'FOLDER');
};

test.each([undefined, '-'])('to %s it is shown', async (target) => {
  let shown = '';
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation(((text: string, done: () => void) => {
    shown += text;
    done();
  }) as never);
  await deliver('text\n', target).finally(() => spy.mockRestore());
  expect(shown).toBe('text\n');
});

test('into a file, new or not, of which the mode stays; nothing is left beside it', async () => {
  const target = join(folder, 'report.json');
  await deliver('one', target);
  expect(readFileSync(target, 'utf8')).toBe('one');
  chmodSync(target, 0o600);
  await deliver('two', target);
  expect(readFileSync(target, 'utf8')).toBe('two');
  expect(statSync(target).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['report.json']);
});

test('through a link, which stays one', async () => {
  writeFileSync(join(folder, 'real.json'), 'old');
  symlinkSync('real.json', join(folder, 'link.json'));
  await deliver('new', join(folder, 'link.json'));
  expect(readFileSync(join(folder, 'real.json'), 'utf8')).toBe('new');
  expect(
    readdirSync(folder, { withFileTypes: true })
      .find(({ name }) => name === 'link.json')
      ?.isSymbolicLink(),
  ).toBe(true);
});

test('into a device', async () => {
  await deliver('text', '/dev/null');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a folder is no file', async () => {
  expect(await failureOf(deliver('text', folder))).toBe("cannot write 'FOLDER': it is a folder; name a file");
});

test('a folder that is not there', async () => {
  expect(await failureOf(deliver('text', join(folder, 'none', 'report.json')))).toBe(
    "cannot write 'FOLDER/none/report.json': ENOENT: no such file or directory",
  );
});

test.each([
  ['a file in the place of a folder', 'file/report.json', 'ENOTDIR: not a directory'],
  ['a link to itself', 'circle', 'ELOOP: too many symbolic links encountered'],
])('%s', async (_, name, reason) => {
  writeFileSync(join(folder, 'file'), 'text');
  symlinkSync('circle', join(folder, 'circle'));
  expect(await failureOf(deliver('text', join(folder, name)))).toBe(`cannot write 'FOLDER/${name}': ${reason}`);
});

test('a link to what is not there stays as it is', async () => {
  symlinkSync('none.json', join(folder, 'link.json'));
  expect(await failureOf(deliver('text', join(folder, 'link.json')))).toBe(
    "cannot write 'FOLDER/link.json': it is a link to what is not there",
  );
  expect(readdirSync(folder)).toEqual(['link.json']);
});

test('a file that cannot be replaced is as it was, and nothing is left beside it', async () => {
  const target = join(folder, 'report.json');
  writeFileSync(target, 'old');
  const rename = jest.spyOn(fs, 'renameSync').mockImplementation(() => {
    throw new Error("EXDEV: cross-device link not permitted, rename 'a' -> 'b'");
  });
  const failure = await failureOf(deliver('new', target)).finally(() => rename.mockRestore());
  expect(failure).toBe("cannot write 'FOLDER/report.json': EXDEV: cross-device link not permitted");
  expect(readFileSync(target, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['report.json']);
});

test('writing ends when the text is on its way', async () => {
  const stream = new PassThrough({ highWaterMark: 1 });
  let ended = false;
  const writing = write(stream as never, 'a long text').then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  stream.resume();
  await writing;
  expect(ended).toBe(true);
});

describe('a stream that takes no more', () => {
  const failing = (code: string): Writable => {
    const error = Object.assign(new Error(`${code}: it does not go, write`), { code });
    const stream = new Writable({ write: (_text, _encoding, done) => done(error) });
    endQuietly(stream as never);
    return stream;
  };

  test('is an error that does not end the process', async () => {
    expect(await failureOf(write(failing('ENOSPC') as never, 'text'))).toBe(
      'cannot write standard output: ENOSPC: it does not go',
    );
  });

  test('has a reader that has gone, which is none', async () => {
    await expect(write(failing('EPIPE') as never, 'text')).resolves.toBe(false);
  });

  test('is standard error, of which nobody can be told', async () => {
    const stream = failing('ENOSPC');
    const real = Object.getOwnPropertyDescriptor(process, 'stderr') as PropertyDescriptor;
    Object.defineProperty(process, 'stderr', { ...real, get: () => stream });
    await expect(
      write(process.stderr, 'text').finally(() => Object.defineProperty(process, 'stderr', real)),
    ).resolves.toBe(false);
  });
});
