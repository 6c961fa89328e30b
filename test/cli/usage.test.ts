import { HELP, USAGE } from '../../lib/cli/usage';
import { newFolder, removeFolders } from '../synth/fixtures';
import { file, meshData, spirekit } from './fixtures';

afterEach(removeFolders);

const optionsIn = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/^ {2}(--[a-z]+)/gm)].map(([, option = '']) => option);

test('every command has a line, and a help', () => {
  const commands = [...USAGE.matchAll(/^ {2}([a-z]+) (?:\[|[a-z]+ {2})/gm)].map(([, command]) => command);
  expect([...new Set(commands)]).toEqual(Object.keys(HELP));
});

test.each(Object.values(HELP).concat(USAGE))('texts fit into a terminal: %#', (text) => {
  expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
  expect(text).toMatch(/[^\n]\n$/);
});

test.each(['prove', 'graph', 'dashboard', 'lock'])(
  '%s knows every option of its help, and no other',
  async (command) => {
    const options = optionsIn(HELP[command]);
    expect(options).toContain('--timeout');
    for (const option of options) {
      const { stderr } = await spirekit(command, option, 'x', 'y');
      expect(stderr).not.toContain('there is no option');
    }
    const { stderr } = await spirekit(command, `${options[0]}x`);
    expect(stderr).toContain(`did you mean '${options[0]}'`);
  },
);

test('image build knows every option of its help, and no other', async () => {
  const options = [...(HELP.image ?? '').matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
  expect(options).toContain('--npm-registry');
  for (const option of options) {
    // Two words too many stop it, whether or not the option takes one of them.
    const { stderr } = await spirekit('image', 'build', option, 'x', 'y', 'z');
    expect(stderr).toMatch(/^spirekit: '[yz]' is one argument too many\n/);
  }
  expect((await spirekit('image', 'build', '--layoutx')).stderr).toContain("did you mean '--layout'");
});

test.each(['fetch', 'show', 'check'])('bundle %s knows every option that the help has for it', async (action) => {
  const known: Readonly<Record<string, readonly string[]>> = {
    fetch: [
      '--mesh',
      '--url',
      '--ca',
      '--spiffe-id',
      '--bundle',
      '--sha256',
      '--context',
      '--kubeconfig',
      '--config-map',
    ],
    show: ['--trust-domain', '--folder', '--now', '--json'],
    check: [
      '--folder',
      '--fetch',
      '--strict',
      '--now',
      '--json',
      '--wait',
      '--context',
      '--app',
      '--mesh',
      '--timeout',
    ],
  };
  for (const option of known[action] ?? []) {
    expect(HELP.bundle).toContain(option);
    // The first that is not known is told.
    const { stderr } = await spirekit('bundle', action, option, 'x', '--nonsense');
    expect(stderr).toContain("there is no option '--nonsense'");
  }
  expect((await spirekit('bundle', action, '--folderx')).stderr).toContain("did you mean '--folder'");
});

test('each action of image has a line in the usage', async () => {
  const actions = [...(HELP.image ?? '').matchAll(/^(?:Usage:| {6}) spirekit image ([a-z]+) /gm)].map(([, it]) => it);
  expect((await spirekit('image')).stderr).toContain(`write one of ${['build', 'archive', 'push'].join(', ')}\n`);
  expect(actions.sort()).toEqual(['archive', 'build', 'push']);
});

test('the words that an option of the help takes are those that it takes', async () => {
  const mesh = file(newFolder(), 'mesh.json', meshData());
  const [, tables = ''] = /--table NAME +an analysis too: (.+);/.exec(HELP.prove ?? '') ?? [];
  const [, pictures = ''] = /--picture NAME +(.+) \[/.exec(HELP.graph ?? '') ?? [];
  const [, formats = ''] = /--format FORMAT +(.+) \[/.exec(HELP.graph ?? '') ?? [];
  const codes: Record<string, number | null> = {};
  const words = (text: string) => text.split(/, | or /);
  for (const name of words(tables)) codes[name] = (await spirekit('prove', '--table', name, mesh)).code;
  for (const name of words(pictures)) codes[name] = (await spirekit('graph', '--picture', name, mesh)).code;
  for (const name of words(formats)) codes[name] = (await spirekit('graph', '--format', name, mesh)).code;
  expect(codes).toEqual({
    times: 0,
    'blast-radius': 0,
    load: 0,
    serving: 0,
    all: 0,
    mesh: 0,
    'ca-timeline': 0,
    svg: 0,
    mermaid: 0,
    dot: 0,
    matrix: 0,
  });
});
