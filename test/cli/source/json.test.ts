import { join } from 'node:path';
import { parseJson, readJson } from '../../../lib/cli/source/json';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file } from '../fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const problemOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return (error as Error).message.replaceAll(folder, 'FOLDER');
  }
  throw new Error('nothing was thrown');
};

test('JSON, with the mark that some editors write before it', () => {
  expect(readJson(file(folder, 'a.json', '\ufeff{"a": [1]}\n'))).toEqual({ a: [1] });
});

test.each(['', ' \n'])('%j is empty', (text) => {
  expect(problemOf(() => parseJson(text, 'the text'))).toBe('the text is empty; JSON was expected');
});

// What Node.js says of it differs from version to version.
test.each([
  ['{"a":', /^the text is not JSON: it is cut off \(Unexpected end of JSON input.*\)$/],
  ['{"a": "b', /^the text is not JSON: it is cut off \(Unterminated string in JSON.*\)$/],
  ['members:\n- a', /^the text is not JSON \(Unexpected token .*\)$/],
])('%j: %s', (text, problem) => {
  expect(problemOf(() => parseJson(text, 'the text'))).toMatch(problem);
});

test('files that cannot be read', () => {
  expect(problemOf(() => readJson(join(folder, 'none.json')))).toBe("there is no file 'FOLDER/none.json'");
  expect(problemOf(() => readJson(folder))).toBe("'FOLDER' is a folder; name a file");
  expect(problemOf(() => readJson(join(file(folder, 'a.json', '{}'), 'b.json')))).toBe(
    "'FOLDER/a.json/b.json' cannot be read: ENOTDIR: not a directory",
  );
});

test.each(['main.ts', 'index.js', 'a/b.mjs', 'b.cts', 'c.tsx'])('%s is a program', (name) => {
  expect(problemOf(() => readJson(name))).toBe(
    `'${name}' is a program, and FILE is JSON; run it by --app, such as --app 'node ${name}'`,
  );
});
