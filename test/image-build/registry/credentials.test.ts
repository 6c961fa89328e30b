import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ImageError, ImageReference } from '../../../lib/image';
import { askHelper } from '../../../lib/image-build/registry/credential-helper';
import { loginFor } from '../../../lib/image-build/registry/credentials';
import { Login } from '../../../lib/image-build/registry/login';
import type { RegistryCredentials, RegistryOptions } from '../../../lib/image-build/registry/options';

const SECRET = 'hush-hush';
const auth = (user: string, password = SECRET) => Buffer.from(`${user}:${password}`).toString('base64');

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-test-'));
  env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: join(folder, 'home') };
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: unknown): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** A credential helper that runs a script of the shell. */
function helper(name: string, script: string): void {
  chmodSync(put(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

const CONFIG = 'home/.docker/config.json';
const login = (reference: string, options?: RegistryOptions) => loginFor(ImageReference.parse(reference), options, env);

/** What is found: user and password, the token, or where nothing was. */
async function found(reference: string): Promise<string | undefined> {
  const it = await login(reference);
  if (it.isAnonymous) return `nothing in ${it.place}`.replaceAll(folder, '');
  return it.identityToken ?? Buffer.from(it.basic?.slice('Basic '.length) ?? '', 'base64').toString();
}

describe('entries of a file', () => {
  test.each([
    ['a.b:5000', 'a.b:5000/app', true],
    ['https://a.b', 'a.b/app', true],
    ['https://a.b/v1/', 'a.b/app', true],
    ['http://a.b/v2/', 'a.b/app', true],
    ['a.b/shop', 'a.b/shop/server', true],
    ['a.b/shop', 'a.b/other', false],
    ['a.b/v1', 'a.b/other', true],
    ['a.b', 'a.b:5000/app', false],
    ['a.b:5000', 'a.b/app', false],
    ['b', 'a.b/app', false],
    ['https://index.docker.io/v1/', 'redis', true],
    ['docker.io', 'redis', true],
    ['index.docker.io', 'grafana/grafana', true],
    ['https://registry-1.docker.io', 'redis', true],
  ])('%s is for %s: %s', async (key, reference, isFor) => {
    put(CONFIG, { auths: { [key]: { auth: auth('somebody') } } });
    expect(await found(reference)).toBe(isFor ? `somebody:${SECRET}` : "nothing in '/home/.docker/config.json'");
  });

  test('the most special one counts, as with podman', async () => {
    const auths = Object.fromEntries(['a.b', 'a.b/shop', 'a.b/shop/server'].map((key) => [key, { auth: auth(key) }]));
    put(CONFIG, { auths });
    expect(await found('a.b/shop/server')).toBe(`a.b/shop/server:${SECRET}`);
    expect(await found('a.b/shop/client')).toBe(`a.b/shop:${SECRET}`);
    expect(await found('a.b/office')).toBe(`a.b:${SECRET}`);
  });

  test('a token comes before a password, and a password may have colons', async () => {
    put(CONFIG, { auths: { 'a.b': { auth: auth('x'), identitytoken: 'token' }, 'c.d': { auth: auth('x', 'a:b:ä') } } });
    expect(await found('a.b/app')).toBe('token');
    expect(await found('c.d/app')).toBe('x:a:b:ä');
  });
});

test('files are looked into in their order', async () => {
  env = { ...env, XDG_RUNTIME_DIR: join(folder, 'run') };
  expect(await found('a.b/app')).toBe("nothing in '/home/.docker/config.json', '/run/containers/auth.json'");
  put('run/containers/auth.json', { auths: { 'a.b': { auth: auth('podman') } } });
  expect(await found('a.b/app')).toBe(`podman:${SECRET}`);
  put(CONFIG, { auths: { 'a.b': { auth: auth('docker') } } });
  expect(await found('a.b/app')).toBe(`docker:${SECRET}`);
  env = { ...env, DOCKER_CONFIG: join(folder, 'other') };
  expect(await found('a.b/app')).toBe(`podman:${SECRET}`);
  put('other/config.json', { auths: { 'a.b': { auth: auth('elsewhere') } } });
  expect(await found('a.b/app')).toBe(`elsewhere:${SECRET}`);
});

test('options come before all files', async () => {
  put(CONFIG, 'broken');
  const it = await login('a.b/app', { credentials: { username: 'me', password: SECRET } });
  expect(it.who).toBe("user 'me' from option 'credentials'");
});

describe('credential helpers', () => {
  const answer = (user: string) =>
    `read server; echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"${user}\\",\\"Secret\\":\\"$server\\"}"`;

  test('are asked for the registry, one of its own before the store for all', async () => {
    helper('own', answer('own'));
    helper('all', answer('all'));
    put(CONFIG, { credHelpers: { 'a.b': 'own' }, credsStore: 'all' });
    expect(await found('a.b/app')).toBe('own:a.b');
    expect(await found('c.d:1/app')).toBe('all:c.d:1');
    expect(await found('redis')).toBe('all:https://index.docker.io/v1/');
  });

  test('may have a token', async () => {
    helper('all', answer('<token>'));
    put(CONFIG, { credsStore: 'all' });
    expect(await found('a.b/app')).toBe('a.b');
  });

  test('may have nothing: the entries count then', async () => {
    helper('all', 'echo "credentials not found in native keychain"; exit 1');
    put(CONFIG, { credsStore: 'all', auths: { 'a.b': { auth: auth('entry') }, 'c.d': {} } });
    expect(await found('a.b/app')).toBe(`entry:${SECRET}`);
    expect(await found('c.d/app')).toBe("nothing in '/home/.docker/config.json'");
  });

  test.each([
    [
      'missing',
      undefined,
      "but there is no program 'docker-credential-missing' on PATH; install it, or remove the helper from the file and log in again",
    ],
    ['../x', undefined, "which is no part of a program's name; write what is after 'docker-credential-'"],
    [
      'locked',
      'echo "the keychain is locked" >&2; exit 3',
      "which ended with 3: the keychain is locked; run 'echo a.b | docker-credential-locked get' to see why",
    ],
    [
      'leaky',
      `echo '{"Username":"a","Secret":"${SECRET}"'; exit 1`,
      "which ended with 1; run 'echo a.b | docker-credential-leaky get' to see why",
    ],
    ['killed', 'kill -9 $$', "which ended with SIGKILL; run 'echo a.b | docker-credential-killed get' to see why"],
    [
      'half',
      `echo '{"Username":"a","Secret":"${SECRET}"'`,
      "which answers with something else than Username and Secret; check 'docker-credential-half'",
    ],
  ])('%s: a clear error', async (name, script, text) => {
    if (script !== undefined) helper(name, script);
    const file = put(CONFIG, { credHelpers: { 'a.b': name } });
    await expect(login('a.b/app')).rejects.toThrow(
      `'${file}' names the credential helper '${name}' for 'a.b', ${text}`,
    );
  });

  test('are ended by a signal', async () => {
    helper('slow', 'exec sleep 60');
    put(CONFIG, { credsStore: 'slow' });
    const signal = AbortSignal.timeout(50);
    await expect(login('a.b/app', { signal })).rejects.toThrow(/timeout/);
  });
});

test.each([
  ['does not answer', 'sleep 60'],
  ['answers without an end', 'exec yes'],
  ['leaves somebody behind who holds its output', 'sleep 60 & echo'],
])('a credential helper that %s is not waited for for ever', async (_, script) => {
  helper('slow', script);
  const steps: string[] = [];
  const progress = {
    step: (label: string) => ({ advance: () => undefined, done: () => void steps.push(label) }),
  };
  await expect(askHelper('slow', 'a.b', "'file'", { env, progress, patience: 200 })).rejects.toThrow(
    new ImageError(
      "'file' names the credential helper 'slow' for 'a.b', which did not answer within 0.2 s, and was ended; run 'echo a.b | docker-credential-slow get' to see why",
    ),
  );
  expect(steps).toEqual(["credential helper 'slow'"]);
});

test('who has no folder is told so', () => {
  expect(Login.anonymous([]).place).toBe('any file, since neither DOCKER_CONFIG nor HOME is set');
});

describe('files that are damaged', () => {
  test.each([
    [
      `{"auths":{"a.b":{"auth":"${auth('somebody')}"}`,
      'with the credentials for registries is no JSON object; mend it, or log in again',
    ],
    ['null', 'with the credentials for registries is no JSON object; mend it, or log in again'],
    [
      { auths: { 'a.b': { auth: Buffer.from(SECRET).toString('base64') } } },
      "has for 'a.b' an 'auth' that is not 'user:password' in base64; log in again by 'docker login'",
    ],
  ])('%j', async (content, text) => {
    const file = put(CONFIG, content);
    const error: Error = await login('a.b/app').then(
      () => new Error('none'),
      (thrown) => thrown,
    );
    expect(error.message).toBe(`'${file}' ${text}`);
    expect(inspect(error)).not.toContain(SECRET);
  });

  test('a folder in place of the file', async () => {
    mkdirSync(join(folder, CONFIG), { recursive: true });
    await expect(login('a.b/app')).rejects.toThrow(
      `'${join(folder, CONFIG)}' with the credentials for registries cannot be read (EISDIR); let this user read it`,
    );
  });

  test.each([
    [{ auths: [] }],
    [{ auths: { 'a.b': 'text' } }],
    [{ auths: { 'a.b': { auth: 1 } } }],
    [{ credHelpers: 7, credsStore: {} }],
    [[]],
  ])('%j has nothing', async (content) => {
    put(CONFIG, content);
    expect(await found('a.b/app')).toBe("nothing in '/home/.docker/config.json'");
  });
});

test('options that are incomplete are refused', async () => {
  for (const credentials of [{ username: 'a' }, { username: '', password: 'b' }, { identityToken: '' }]) {
    await expect(login('a.b/app', { credentials: credentials as RegistryCredentials })).rejects.toThrow(
      "option 'credentials' is incomplete; pass { username, password } or { identityToken }, as texts that are not empty",
    );
  }
});

test('the secret shows nowhere', async () => {
  for (const credentials of [{ username: 'me', password: SECRET }, { identityToken: SECRET }]) {
    const it = await login('a.b/app', { credentials });
    const shown = [inspect(it, { showHidden: true, depth: 9 }), JSON.stringify(it), String(it), it.who].join();
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(Buffer.from(`me:${SECRET}`).toString('base64'));
  }
});
