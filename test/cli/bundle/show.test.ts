import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { bundleFileName, canonicalBundle } from '../../../lib/federation';
import { bundleOfRoots } from '../../../lib/federation/seed';
import { EAST_ROOT, RSA_ROOT } from '../../federation/fixtures-certificates';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { COMMAND, file, spirekit } from '../fixtures';

jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const NOW = ['--now', '2026-06-01T00:00:00Z'];
const KEY = {
  use: 'jwt-svid',
  kid: 'vAzkdqhG',
  kty: 'EC',
  crv: 'P-256',
  x: 'gyiNxU7bHXiyKPmHQ9EnMArtWxyzDbnjIKcB2dFS6A4',
  y: '7MOm6IZNAH7VtSKObMoViolWAtbEkYPR-N6rCZ0Rnpo',
};

/** Two roots, a key for JWT-SVIDs, and one that nobody uses. */
function document(rest: object = { spiffe_sequence: 7, spiffe_refresh_hint: 300 }): string {
  const { keys } = JSON.parse(bundleOfRoots(EAST_ROOT + RSA_ROOT)) as { keys: object[] };
  return JSON.stringify({ keys: [...keys, KEY, { ...KEY, use: 'wit-svid' }], ...rest });
}
const shown = async (...args: string[]) => {
  const { code, stdout, stderr } = await spirekit('bundle', 'show', ...args);
  return { code, text: `${stdout}${stderr}`.replaceAll(folder, 'FOLDER') };
};

test('a file', async () => {
  const { code, text } = await shown(file(folder, 'east.json', document()), ...NOW);
  expect(code).toBe(0);
  expect(text).toMatchInlineSnapshot(`
"east.example.org: 2 X.509 authorities, 1 JWT key (FOLDER/east.json)

digest of its keys  sha256:55f7c4cf1ac856f5b1450a603d1a2bb9584bc215bc681c2db8b9b7d505dca1f8
sequence number     7
refresh hint        5m

X.509 authority 4cfb48aee1eff0a0b65ec043eb5342f9a9c4c9be3d70c12193e05be9da1da972
  subject    CN=East Root, O=Demo
  URI        spiffe://east.example.org
  key        EC P-256
  from       2025-01-01 00:00 UTC
  until      2125-01-01 00:00 UTC (in 36008 days)

X.509 authority 1cac2dd0ffac26cd6d9da5e1aaeec36c0b3b7257af32c245d77b61e9b41ed8ac
  subject    CN=RSA Root, O=Demo
  key        RSA 2048
  from       2025-01-01 00:00 UTC
  until      2125-01-01 00:00 UTC (in 36008 days)

JWT key vAzkdqhG
  key        EC P-256, SHA-256 94f2a41507ff8cc935224b3211211aef50303736598cb0bc7d77e188a1abcfb0

keys[3] is not used: it has the use 'wit-svid'
"
`);
});

test('a bundle of the folder', async () => {
  const east = canonicalBundle(SpiffeBundle.parse(TrustDomain.parse('east.example.org'), document()));
  file(folder, bundleFileName('east.example.org', east), east);
  const { code, text } = await shown('east.example.org', '--folder', folder, ...NOW);
  expect(code).toBe(0);
  expect(text.split('\n')[0]).toBe(
    `east.example.org: 2 X.509 authorities, 1 JWT key (FOLDER/${bundleFileName('east.example.org', east)})`,
  );
  expect(await shown('west.example.org', '--folder', folder)).toMatchInlineSnapshot(`
{
  "code": 2,
  "text": "spirekit: the bundle of 'west.example.org' is not there: the folder 'FOLDER' has no bundle of 'west.example.org'; run 'spirekit bundle fetch west.example.org --folder FOLDER'
",
}
`);
});

test('certificates in PEM, of which nothing says whose they are', async () => {
  const path = file(folder, 'root.pem', RSA_ROOT);
  const first = async (...args: string[]) => (await shown(`${folder}/root.pem`, ...NOW, ...args)).text.split('\n')[0];
  expect(path).toBe(join(folder, 'root.pem'));
  expect(await first()).toBe(
    'a trust domain that nothing in it names: 1 X.509 authority, 0 JWT keys (FOLDER/root.pem; certificates in PEM, which lack JWT keys and refresh hint)',
  );
  expect(await first('--trust-domain', 'rsa.example.org')).toMatch(/^rsa\.example\.org: /);
});

test('when it was over, or has not begun', async () => {
  const path = file(folder, 'root.json', bundleOfRoots(EAST_ROOT));
  const line = async (now: string) =>
    (await shown(path, '--now', now)).text.split('\n').filter((each) => /^ {2}(ended|not|until) /.test(each));
  expect(await line('2125-01-03T00:00:00Z')).toEqual(['  ended      2125-01-01 00:00 UTC (2 days ago)']);
  expect(await line('2024-12-31T22:00:00Z')).toEqual(['  not valid before 2025-01-01 00:00 UTC (in 2 hours)']);
  expect(await line('2124-12-31T23:59:00Z')).toEqual(['  until      2125-01-01 00:00 UTC (in 1 minute)']);
});

test('for programs', async () => {
  const path = file(folder, 'east.json', document({ spiffe_sequence: 1, spiffe_refresh_hint: 60 }));
  expect(JSON.parse((await shown(path, '--json')).text)).toMatchObject({
    schema: 'spirekit/bundle/v1',
    trustDomain: 'east.example.org',
    form: 'spiffe',
    sequence: '1',
    refreshHint: 60,
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    x509: [{ keyType: 'EC P-256', notAfter: '2125-01-01T00:00:00.000Z' }, { keyType: 'RSA 2048' }],
    jwt: [{ keyId: 'vAzkdqhG' }],
    ignored: [{ index: 3, reason: "has the use 'wit-svid'" }],
  });
});

test('standard input, and a terminal that is not to be commanded', async () => {
  const stdout = execFileSync(process.execPath, [...COMMAND, 'bundle', 'show', '-'], {
    cwd: folder,
    input: document().replace('vAzkdqhG', '\\u001b[31m'),
    encoding: 'utf8',
  });
  expect(stdout).toContain('JWT key \\u001b[31m\n');
});

test.each([
  ['a page', '<html>', "'FOLDER/x.json' is a web page (HTML or XML), no bundle; "],
  ['nothing', '', "'FOLDER/x.json' is empty; "],
  ['a list', '[]', "'FOLDER/x.json' is no SPIFFE bundle: is no JSON object; "],
  [
    'what is huge',
    ' '.repeat(4 * 1024 * 1024 + 1),
    "'FOLDER/x.json' has more than 4194304 bytes, which are read of a bundle at most\n",
  ],
])('%s', async (_, content, message) => {
  const { code, text } = await shown(file(folder, 'x.json', content));
  expect(code).toBe(2);
  expect(text).toContain(`spirekit: ${message}`);
});

test('what cannot be meant', async () => {
  expect((await shown()).text).toContain('nothing is named; write a FILE or a TRUST-DOMAIN\n');
  expect((await shown('a', 'b')).text).toContain("'b' is one argument too many\n");
  expect((await shown('A')).text).toContain("'A' is no trust domain: ");
  expect((await shown('a', '--trust-domain', 'b')).text).toContain(
    "--trust-domain says whose a FILE is, and 'a' is a trust domain itself\n",
  );
  expect((await shown(folder)).text).toContain("'FOLDER' is a folder; name a file\n");
  expect((await shown('/dev/zero')).text).toContain(
    "'/dev/zero' has more than 4194304 bytes, which are read of a bundle at most\n",
  );
  // As SPIRE's commands write it, it is no file.
  expect((await shown('spiffe://a', '--folder', folder)).text).toContain(`has no bundle of 'a'; run`);
  expect((await shown(join(folder, 'none.json'))).text).toContain("there is no file 'FOLDER/none.json'\n");
});
