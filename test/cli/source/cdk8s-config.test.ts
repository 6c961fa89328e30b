import { mkdirSync } from 'node:fs';
import { appOfConfig } from '../../../lib/cli/source/cdk8s-config';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file } from '../fixtures';

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

const INSTEAD = "name a FILE, or a program by --app, such as --app 'node main.js'";

test('the command of the program', () => {
  file(folder, 'cdk8s.yaml', 'language: typescript\napp: node --import tsx main.ts\noutput: dist\n');
  expect(appOfConfig()).toBe('node --import tsx main.ts');
});

test('no file', () => {
  expect(appOfConfig).toThrow(`there is no cdk8s.yaml in this folder; ${INSTEAD}`);
});

test('a folder of that name', () => {
  mkdirSync('cdk8s.yaml');
  expect(appOfConfig).toThrow("cannot read 'cdk8s.yaml': EISDIR: illegal operation on a directory, read");
});

test.each([
  ['language: typescript', `'cdk8s.yaml' has no 'app'; set it to the command that runs the program, or ${INSTEAD}`],
  ['app: ', `'cdk8s.yaml' has no 'app'; set it to the command that runs the program, or ${INSTEAD}`],
  ["app: ''", "'app' of 'cdk8s.yaml' is empty; write the command that runs the program in quotes"],
  ["app: ' '", "'app' of 'cdk8s.yaml' is empty; write the command that runs the program in quotes"],
  ['app: [node, main.js]', "'app' of 'cdk8s.yaml' is not text; write the command that runs the program in quotes"],
  ['app: node x: y', "'app' of 'cdk8s.yaml' is not text; write the command that runs the program in quotes"],
  ['', `'cdk8s.yaml' holds no settings; write app: and the command that runs the program, or ${INSTEAD}`],
  ['- app', `'cdk8s.yaml' holds no settings; write app: and the command that runs the program, or ${INSTEAD}`],
  ['node main.js', `'cdk8s.yaml' holds no settings; write app: and the command that runs the program, or ${INSTEAD}`],
])('%j', (text, message) => {
  file(folder, 'cdk8s.yaml', text);
  expect(appOfConfig).toThrow(new Error(message));
});
