import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireBuildah, runBuildah } from '../../../lib/image-build/back-end/buildah-program';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { BaseRegistry, failureOf, Project } from '../fixtures';
import { withoutLogins } from '../registry/without-logins';

withoutLogins();

const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
  removeFolders();
});

/** Puts a program in the place of buildah, for what the real one does only when something is wrong. */
function standIn(script: string): string {
  const folder = newFolder();
  writeFileSync(join(folder, 'buildah'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  process.env.PATH = `${folder}:${path}`;
  return folder;
}

test.each(['buildah version 1.28.2 (image-spec 1.1.0-rc2, runtime-spec 1.0.2-dev)', 'buildah version 2.0.0'])(
  'takes %s',
  async (version) => {
    standIn(`echo '${version}'`);
    await expect(requireBuildah()).resolves.toBeUndefined();
  },
);

const OLD = "install another, or leave the back end out: 'spirekit' needs no other program";

test.each([
  [
    'buildah version 1.19.6 (image-spec 1.0.1)',
    `buildah is not 1.28 or newer, but says 'buildah version 1.19.6 (image-spec 1.0.1)'; ${OLD}`,
  ],
  ['buildah version 0.99', `buildah is not 1.28 or newer, but says 'buildah version 0.99'; ${OLD}`],
  ['hello', `buildah is not 1.28 or newer, but says 'hello'; ${OLD}`],
])('refuses %s', async (version, text) => {
  standIn(`echo '${version}'`);
  expect(await failureOf(requireBuildah)).toBe(text);
});

test('says that there is none', async () => {
  process.env.PATH = newFolder();
  expect(await failureOf(requireBuildah)).toBe(
    "buildah is not installed; install it where there is Linux, or leave the back end out: 'spirekit' needs no other program",
  );
});

test('says that it cannot be started', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'buildah'), '', { mode: 0o644 });
  process.env.PATH = folder;
  expect(await failureOf(requireBuildah)).toBe(
    'buildah cannot be started (EACCES); install it where there is Linux, ' +
      "or leave the back end out: 'spirekit' needs no other program",
  );
});

test('shows the last lines of what it says when it fails, as one', async () => {
  standIn("printf 'one\\ntwo\\n\\n  three\\nfour \\033[31mred\\n' >&2; exit 125");
  expect(await failureOf(() => runBuildah(['bud', '.'], { folder: '/nowhere' }))).toBe(
    'buildah bud ended with 125: two · three · four \\u{1b}[31mred; see what is wrong with it, or leave the back end out: ' +
      "'spirekit' needs no other program",
  );
});

test('says how it ended when it says nothing', async () => {
  standIn('kill -9 $$');
  expect(await failureOf(() => runBuildah(['push', 'x'], { folder: '/nowhere' }))).toBe(
    "buildah push ended with SIGKILL without a word; see what is wrong with it, or leave the back end out: 'spirekit' needs no " +
      'other program',
  );
});

test('has a store of its own, and nothing of the environment that changes what is built', async () => {
  standIn('echo "$@"; env');
  const before = { ...process.env };
  Object.assign(process.env, {
    BUILDAH_FORMAT: 'docker',
    STORAGE_DRIVER: 'btrfs',
    SOURCE_DATE_EPOCH: '7',
    HTTPS_PROXY: 'p',
  });
  try {
    const lines = (await runBuildah(['bud', '.'], { folder: '/store' })).split('\n');
    expect(lines[0]).toBe('--root /store/root --runroot /store/run --storage-driver vfs bud .');
    expect(lines.filter((line) => /^(BUILDAH|STORAGE|SOURCE|HTTPS_PROXY)/.test(line))).toEqual(['HTTPS_PROXY=p']);
  } finally {
    process.env = before;
  }
});

test('has the folder of credentials where there are any: buildah takes it for an error that there are none', async () => {
  standIn('echo "$DOCKER_CONFIG"');
  const before = { ...process.env };
  const folder = newFolder();
  process.env.DOCKER_CONFIG = folder;
  try {
    expect(await runBuildah(['push'], { folder: '/store' })).toBe('\n');
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(await runBuildah(['push'], { folder: '/store' })).toBe(`${folder}\n`);
  } finally {
    process.env = before;
  }
});

test('ends it when the work is ended', async () => {
  const folder = standIn('echo started > "$0.started"; exec sleep 60');
  const ending = new AbortController();
  const ended = failureOf(() => runBuildah(['bud', '.'], { folder, signal: ending.signal }));
  while (!readdirSync(folder).includes('buildah.started')) await new Promise((done) => setTimeout(done, 5));
  ending.abort(new Error('enough'));
  expect(await ended).toBe('Error: enough');
  expect(await failureOf(() => runBuildah(['bud', '.'], { folder, signal: ending.signal }))).toBe('Error: enough');
});

test('a build by it that fails leaves nothing', async () => {
  standIn('case "$1" in --version) echo buildah version 1.28.2;; *) echo no space left >&2; exit 1;; esac');
  const registry = await BaseRegistry.start();
  try {
    const project = new Project(registry.add());
    expect(await failureOf(() => project.build({}, { backend: 'buildah' }))).toBe(
      "buildah bud ended with 1: no space left; see what is wrong with it, or leave the back end out: 'spirekit' needs no other " +
        'program',
    );
    expect(readdirSync(project.folder).sort()).toEqual(['cache', 'package.json', 'server.ts']);
    expect(readdirSync(project.cacheFolder).sort()).toEqual(['blobs', 'layers']);
  } finally {
    await registry.end();
  }
});
