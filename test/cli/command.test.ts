import { manifest } from '../../lib/cli/package';
import { HELP, USAGE } from '../../lib/cli/usage';
import { spirekit } from './fixtures';

test('without a command it says what there is, and fails', async () => {
  expect(await spirekit()).toEqual({ code: 2, stdout: '', stderr: USAGE });
});

test.each(['--help', '-h', 'help'])('%s shows what there is', async (word) => {
  expect(await spirekit(word)).toEqual({ code: 0, stdout: USAGE, stderr: '' });
});

test.each(Object.keys(HELP))('the help of %s, asked for in either way', async (command) => {
  const shown = { code: 0, stdout: HELP[command], stderr: '' };
  expect(await spirekit('help', command)).toEqual(shown);
  expect(await spirekit(command, '--help')).toEqual(shown);
  expect(await spirekit(command, 'x', '--nonsense', '-h')).toEqual(shown);
});

test.each(['--version', '-v'])('%s shows the version', async (word) => {
  expect(await spirekit(word)).toEqual({ code: 0, stdout: `${manifest().version}\n`, stderr: '' });
});

test.each([
  [['prov'], "there is no command 'prov'; did you mean 'prove'?"],
  [['draw'], "there is no command 'draw'"],
  [['--json'], "there is no option '--json'"],
  [['toString'], "there is no command 'toString'"],
  [['help', 'constructor'], "there is no command 'constructor'"],
  [['help', 'grap'], "there is no command 'grap'; did you mean 'graph'?"],
  [[''], "there is no command ''"],
  [['\u001b[31mgraph\n'], "there is no command '\\u001b[31mgraph '"],
])('%j is not understood', async (args, message) => {
  expect(await spirekit(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit --help'.\n`,
  });
});

test('what is not understood of a command leads to its help', async () => {
  expect((await spirekit('rules', 'E05', 'E06')).stderr).toBe(
    "spirekit: 'E06' is one argument too many\nSee 'spirekit rules --help'.\n",
  );
});

describe('what nobody has foreseen', () => {
  const breakOff = (thrown: unknown) =>
    jest.doMock('../../lib/cli/rules', () => ({ rules: () => Promise.reject(thrown) }));

  afterEach(() => {
    jest.dontMock('../../lib/cli/rules');
    jest.resetModules();
  });

  test('says where it happened, and is no finding', async () => {
    breakOff(new TypeError('not foreseen'));
    const { code, stdout, stderr } = await spirekit('rules');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^spirekit: TypeError: not foreseen\n +at .*command\.test\.ts/);
  });

  test.each(['a text', undefined])('%j is shown, whatever it is', async (thrown) => {
    breakOff(thrown);
    expect(await spirekit('rules')).toEqual({ code: 2, stdout: '', stderr: `spirekit: ${thrown}\n` });
  });
});
