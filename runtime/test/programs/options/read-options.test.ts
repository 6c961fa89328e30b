import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  anyText,
  flag,
  list,
  map,
  positiveDuration,
  type ReadOptions,
  readOptions,
  required,
  text,
  trustDomain,
} from '../../../src/programs/options';
import { UsageError } from '../../../src/programs/usage-error';
import { newFolder, removeFolders } from '../helper/folders';

afterEach(removeFolders);

const options = {
  folder: required('FOLDER', 'where', anyText),
  dryRun: flag('does nothing'),
  timeOut: text('TIME', 'how long', positiveDuration, 5),
  bundle: list('TD', 'whose', trustDomain),
  jwtSvid: map('FILE=AUDIENCE', 'which', anyText),
};

function faultsOf(args: readonly string[], how?: ReadOptions): readonly string[] {
  try {
    readOptions(options, args, how);
  } catch (error) {
    if (error instanceof UsageError) {
      return error.faults;
    }
    throw error;
  }
  throw new Error('nothing is wrong');
}

function config(value: unknown): string {
  const path = join(newFolder(), 'helper.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

test('options are read from words', () => {
  const { values, rest } = readOptions(
    options,
    [
      '--folder=/f',
      '--dry-run',
      '--time-out',
      '2s',
      '--bundle',
      'a',
      '--bundle=b',
      '--jwt-svid',
      'x=1',
      '--jwt-svid=x==2',
    ],
    { rest: 'command' },
  );
  expect({ ...values, bundle: values.bundle.map(String) }).toEqual({
    folder: '/f',
    dryRun: true,
    timeOut: 2000,
    bundle: ['a', 'b'],
    jwtSvid: new Map([['x', ['1', '=2']]]),
  });
  expect(rest).toEqual([]);
});

test('what is not given has its default', () => {
  const { values } = readOptions(options, ['--folder', '/f']);
  expect(values).toEqual({ folder: '/f', dryRun: false, timeOut: 5, bundle: [], jwtSvid: new Map() });
});

test('words after -- belong to the command, whatever they look like', () => {
  const { values, rest } = readOptions(
    options,
    ['--folder', 'f', '--', 'nginx', '-s', 'reload', '--', '--folder', 'g'],
    {
      rest: 'command',
    },
  );
  expect([values.folder, rest]).toEqual(['f', ['nginx', '-s', 'reload', '--', '--folder', 'g']]);
});

test('everything that is wrong is said at once', () => {
  const args = ['--nope', '--nope=1', '-x', '--dry-run=yes', '--time-out', '--bundle', 'A', 'word', '--jwt-svid', 'x'];
  expect(faultsOf([...args, '--', 'more'])).toEqual([
    "'more': nothing is expected after '--'; remove it",
    '--dry-run: takes no value; remove it',
    '--time-out: has no value; write one behind it',
    "'A': is no option; remove it",
    "'word': is no option; remove it",
    "--jwt-svid 'x': has no name; write NAME=VALUE",
    "'--nope', '-x': no such option; there are --folder, --dry-run, --time-out, --bundle, --jwt-svid",
    '--folder: is missing',
  ]);
});

test.each<[string, string[], string]>([
  [
    'a value that does not parse',
    ['--time-out', '5'],
    "--time-out '5': is no duration; write one such as '500ms', '30s', '5m' or '1h'",
  ],
  ['a second value', ['--time-out=5s', '--time-out=6s'], '--time-out: is there twice; give it once'],
  ['an empty value', ['--folder='], "--folder '': is empty; write a value"],
  [
    'a value with an explanation of its own',
    ['--bundle', 'Example.org'],
    "--bundle: trust domain 'Example.org' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write 'example.org'",
  ],
])('%s', (_, args, message) => {
  const folder = args[0]?.startsWith('--folder') ? [] : ['--folder', 'f'];
  expect(faultsOf([...folder, ...args])[0]?.slice(0, 90)).toBe(message.slice(0, 90));
  expect(faultsOf([...folder, ...args])).toHaveLength(1);
});

test('a file of JSON says the same, and words go before it', () => {
  const path = config({
    folder: '/from/file',
    dryRun: true,
    timeOut: '1m',
    bundle: ['a'],
    jwtSvid: { x: ['1', '2'], y: '3' },
    command: ['nginx', '-s', 'reload'],
  });
  const how = { configuration: true, rest: 'command' };
  const { values, rest } = readOptions(options, ['--config', path, '--folder', '/from/words'], how);
  expect({ ...values, bundle: values.bundle.map(String) }).toEqual({
    folder: '/from/words',
    dryRun: true,
    timeOut: 60_000,
    bundle: ['a'],
    jwtSvid: new Map([
      ['x', ['1', '2']],
      ['y', ['3']],
    ]),
  });
  expect(rest).toEqual(['nginx', '-s', 'reload']);
  expect(readOptions(options, ['--config', path, '--', 'true'], how).rest).toEqual(['true']);
});

test('everything that is wrong in a file is said at once, with its place', () => {
  const path = config({ foldr: 1, dryRun: 'yes', timeOut: 5, bundle: ['a', 'B/'], jwtSvid: ['x'], command: [1] });
  const faults = faultsOf(['--config', path], { configuration: true, rest: 'command' });
  expect(faults.map((fault) => fault.replace(path, 'F').slice(0, 80))).toEqual([
    "'F' foldr: is no option; there are folder, dryRun, timeOut, bundle, jwtSvid, com",
    "'F' dryRun: has to be true or false",
    "'F' timeOut: has to be a text; put it in quotes",
    '\'F\' jwtSvid: has to be an object, such as { "name": ["value"] }',
    "'F' command: has to be a text; put it in quotes",
    '--folder: is missing',
    "'F' bundle: trust domain 'B/' is not valid: trust domain characters are limited ",
  ]);
});

test.each<[string, string, RegExp]>([
  ['no object', '[]', /^--config '.*': is no JSON object; write options as \{ "name": value \}$/],
  ['no JSON', '{', /^--config '.*': /],
  ['an option twice', '{"folder":"a","folder":"b"}', /^--config '.*': .*folder/],
])('a file with %s', (_, contents, message) => {
  expect(faultsOf(['--config', config(contents), '--folder', 'f'], { configuration: true })).toEqual([
    expect.stringMatching(message),
  ]);
});

test('a file that is not there, or named twice', () => {
  const how = { configuration: true };
  expect(faultsOf(['--config', '/none', '--folder', 'f'], how)).toEqual([
    "--config '/none': ENOENT: no such file or directory, open '/none'",
  ]);
  expect(faultsOf(['--config', config({}), '--config=x', '--folder', 'f'], how)).toEqual([
    '--config: is there twice; give it once',
  ]);
});

test('names of objects are no options', () => {
  const path = config('{"__proto__":"x","constructor":"y","toString":"z"}');
  expect(faultsOf(['--config', path, '--folder', 'f', '--constructor'], { configuration: true })).toHaveLength(4);
});

test('what is wrong with values together is said with all else; those that are wrong by themselves are missing', () => {
  const check = (given: object) => [`given: ${Object.keys(given).join(', ')}`];
  expect(faultsOf(['--time-out', '0s', '--bundle', 'A', '--colour'], { check })).toEqual([
    "'--colour': no such option; there are --folder, --dry-run, --time-out, --bundle, --jwt-svid",
    '--folder: is missing',
    "--time-out '0s': is no time at all; write a longer one",
    expect.stringMatching(/^--bundle: trust domain 'A'/),
    'given: dryRun, jwtSvid',
  ]);
  expect(faultsOf(['--folder', '/f'], { check })).toEqual(['given: folder, dryRun, timeOut, bundle, jwtSvid']);
});
