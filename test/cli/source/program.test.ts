import fs, { existsSync, readdirSync, readFileSync } from 'node:fs';
import { imagesOfProgram, proofOfProgram } from '../../../lib/cli/source/program';
import { Duration } from '../../../lib/core';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, LIBRARY, NOW, tsx } from '../fixtures';

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
  jest.restoreAllMocks();
});

// Longer than what programs may take here.
jest.setTimeout(120_000);

const TIMEOUT = Duration.parse('1m');
const run = (command: string, timeout = TIMEOUT) => proofOfProgram(command, { timeout });
const failureOf = (command: string, timeout = TIMEOUT): Promise<string> =>
  run(command, timeout).then(
    () => 'none',
    ({ message }: Error) => message,
  );

/** What is shown on standard error. */
function shownErrors(): { text: string } {
  const shown = { text: '' };
  jest.spyOn(process.stderr, 'write').mockImplementation(((text: string, done?: () => void) => {
    shown.text += text;
    done?.();
    return true;
  }) as typeof process.stderr.write);
  return shown;
}

/** A shell's command that writes a report. */
const reporting = (findings: readonly object[] = []): string => {
  file(folder, 'report.json', {
    schema: 'spirekit/program-report/1',
    groups: [],
    sections: [],
    findings: findings.map((finding) => ({ rule: 'r', path: 'a', message: 'm', text: 't', ...finding })),
  });
  return 'cp report.json "$SPIREKIT_REPORT/0001.json"';
};

describe('a program of this library', () => {
  const HEAD = `
    const { App, BundleEndpoint, FederationMesh, KubernetesCluster, Topology } = require('${LIBRARY}');
    const app = new App({ outdir: 'dist' });
    const [east, west] = ['east', 'west'].map((name) => new KubernetesCluster(app, name, {
      trustDomain: name + '.example.com',
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    }));
  `;

  test('is run for its report, judged by the moment that is asked for; it writes nothing', async () => {
    file(
      folder,
      'main.ts',
      `${HEAD}
      new FederationMesh(app, 'mesh', { members: [east, west], now: new Date('2026-01-01') });
      east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: ['nobody.example.com'] });
      app.synth();`,
    );
    const proof = await proofOfProgram(tsx('main.ts'), { timeout: TIMEOUT, now: NOW });
    expect(proof.artifact).toBe('main.ts');
    expect(proof.groups).toEqual(['east', 'west', 'mesh']);
    expect(proof.meshes.map(({ name, now, mesh }) => [name, now, mesh.members.map((it) => it.trustDomain)])).toEqual([
      ['mesh', NOW, ['east.example.com', 'west.example.com']],
    ]);
    expect(proof.meshes[0]?.findings.filter(({ rule }) => rule === 'E16')).toMatchObject([
      { member: 'east', path: 'east/identity-web', value: 'nobody.example.com' },
    ]);
    expect(readdirSync(folder)).toEqual(['main.ts']);
  });

  test('by the moment that it says itself, and with all of its apps', async () => {
    file(
      folder,
      'main.ts',
      `${HEAD}
      new FederationMesh(app, 'mesh', { members: [east, west], now: new Date('2026-01-01') });
      app.synth();
      new App().synth();
      const third = new App();
      new FederationMesh(third, 'mesh', { members: [] });
      third.synth();`,
    );
    const { meshes } = await run(tsx('main.ts'));
    expect(meshes.map(({ name, mesh }) => [name, mesh.members.length])).toEqual([
      ['mesh', 2],
      ['mesh #2', 0],
    ]);
    expect(meshes[0]?.now).toEqual(new Date('2026-01-01'));
  });
});

test.each([
  [
    'true',
    /^'true' ended well, but reported nothing: no App was synthesized, or not one of this spirekit; .* \(0\.1\.0\)$/,
  ],
  ['exit 3', /^'exit 3' ended with code 3; what it printed stands above$/],
  ['exit 127', /^'exit 127' ended with code 127: the shell did not find it; what it printed stands above$/],
  ['exit 126', /^'exit 126' ended with code 126: it is no program; what it printed stands above$/],
  ['kill -9 $$', /^'kill -9 \$\$' was ended by SIGKILL; that happens when memory is short$/],
  ['exit 137', /^'exit 137' was ended by SIGKILL; that happens when memory is short$/],
  ['exit 134', /^'exit 134' was ended by SIGABRT; what it printed stands above$/],
  ['kill -15 $$', /^'kill -15 \$\$' was ended by SIGTERM; what it printed stands above$/],
  ['exit 255', /^'exit 255' ended with code 255; what it printed stands above$/],
  ['echo "{" > $SPIREKIT_REPORT/0001.json', /^the report of 'echo .*' is not JSON/],
])('%s', async (command, message) => {
  expect(await failureOf(command)).toMatch(message);
});

test.each([
  ['a report', () => reporting(), TIMEOUT],
  ['a bad end', () => 'exit 1', TIMEOUT],
  ['no end', () => 'exec sleep 60', Duration.parse('2s')],
])('the folder for reports is gone after %s', async (_, end, timeout) => {
  const first = 'echo "$SPIREKIT_REPORT" > where; test -d "$SPIREKIT_REPORT" && touch there';
  await failureOf(`${first}; ${end()}`, timeout);
  expect(existsSync('there')).toBe(true);
  expect(existsSync(readFileSync('where', 'utf8').trim())).toBe(false);
});

test('one that does not end, even if it has reported', async () => {
  const command = `${reporting()}; exec sleep 60`;
  expect(await failureOf(command, Duration.parse('300ms'))).toBe(
    `'${command}' did not end within 300ms, and was ended; ` +
      'look for what keeps it from ending, or give it more time by --timeout',
  );
});

test('one that breaks off behind its report, which does not say why', async () => {
  const command = `${reporting([{ severity: 'warning' }])}; exit 1`;
  expect(await failureOf(command)).toBe(
    `'${command}' ended with code 1, though it reported no error; what it printed stands above`,
  );
});

test('one that breaks off for an error that it has reported', async () => {
  const shown = shownErrors();
  const command = `${reporting([{ severity: 'error' }])}; exit 1`;
  expect((await run(command)).findings).toMatchObject([{ severity: 'error', rule: 'r' }]);
  expect(shown.text).toBe(`spirekit: '${command}' ended with code 1; the errors that it reported are below\n`);
});

describe('the images of a program', () => {
  const images = (command: string) => imagesOfProgram(command, { timeout: TIMEOUT });

  test('do not depend on how it ends: it breaks off where they are not built yet', async () => {
    const shown = shownErrors();
    expect(await images(`${reporting([{ severity: 'error' }])}; exit 1`)).toEqual([]);
    expect(shown.text).toBe('');
  });

  test('are not known of one that has not reported', async () => {
    await expect(images('exit 3')).rejects.toThrow("'exit 3' ended with code 3; what it printed stands above");
  });
});

test('who sits at a terminal is told what is run, on one line', async () => {
  const shown = shownErrors();
  const before = process.stderr.isTTY;
  process.stderr.isTTY = true;
  await run(`${reporting()}\n# \u001b[31m`).finally(() => {
    process.stderr.isTTY = before;
  });
  expect(shown.text).toBe(`spirekit: running '${reporting()} # \\u001b[31m'\n`);
});

test('no place for the report', async () => {
  jest.spyOn(fs, 'mkdtempSync').mockImplementation(() => {
    throw new Error("ENOSPC: no space left on device, mkdtemp '/tmp/x'");
  });
  expect(await failureOf('true')).toBe(
    "there is no place for the program's report: ENOSPC: no space left on device, mkdtemp '/tmp/x'",
  );
});

test("a moment of the environment's is not that of this command", async () => {
  process.env.SPIREKIT_NOW = '2020-01-01T00:00:00Z';
  try {
    expect(await run(`${reporting()} && test -z "$SPIREKIT_NOW"`)).toMatchObject({ meshes: [] });
  } finally {
    delete process.env.SPIREKIT_NOW;
  }
});
