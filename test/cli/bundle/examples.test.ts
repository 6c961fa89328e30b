import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolders } from '../../synth/fixtures';
import { FROM_SOURCE, ROOT, spirekit, tsx } from '../fixtures';

// The programs of examples/, with the library as it stands in lib/. Each is a process of its own, run from source.
jest.setTimeout(120_000);

const before = process.cwd();
beforeAll(() => {
  process.chdir(ROOT);
  Object.assign(process.env, FROM_SOURCE);
});
afterAll(() => {
  removeFolders();
  process.chdir(before);
  for (const name of Object.keys(FROM_SOURCE)) delete process.env[name];
});

const FOLDER = 'examples/partner/bundles';
const NOW = ['--now', '2027-06-01T00:00:00Z'];

test('the bundle of a partner, as it was fetched', async () => {
  const { code, stdout } = await spirekit('bundle', 'show', 'partner.example.org', '--folder', FOLDER, ...NOW);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
"partner.example.org: 1 X.509 authority, 1 JWT key (examples/partner/bundles/partner.example.org.ddb42ed45afa4256.json)

digest of its keys  sha256:002381880f02ecda01babe507f65ba9f6f0cff3446474e91b96fc2c2bf4dd940
sequence number     1
refresh hint        5m

X.509 authority d93f9d1d4f7ab3bbd55be0a641ff428cba369b8afd3169c40f67f4c5378be567
  subject    CN=partner SPIRE root (demonstration), O=Partner
  URI        spiffe://partner.example.org
  key        EC P-256
  from       2026-11-29 19:38 UTC
  until      2056-11-21 19:38 UTC (in 10766 days)

JWT key ogbUVOCw7a6wdjHcsuEk05eQYVuhlD7z
  key        EC P-256, SHA-256 a56c53596a582c9c4953eb6f4a27c994f37b2587c42c68ee092801273b10905c
"
`);
  const [name = ''] = readdirSync(FOLDER);
  expect((await spirekit('bundle', 'show', join(FOLDER, name), ...NOW)).stdout).toBe(stdout);
});

test('the program that begins with it has all that it needs, and nothing that it does not', async () => {
  expect(
    await spirekit('bundle', 'check', '--app', tsx('examples/partner/main.ts'), '--folder', FOLDER, ...NOW),
  ).toEqual({ code: 0, stdout: '1 bundle read: nothing is wrong\n', stderr: '' });
  // The program has it from its own folder, whichever is checked.
  const elsewhere = ['--app', tsx('examples/partner/main.ts'), '--folder', 'none', ...NOW];
  expect((await spirekit('bundle', 'check', ...elsewhere)).stdout).toBe('0 bundles read: nothing is wrong\n');
});

test('clusters whose roots stand in the program need none', async () => {
  const app = ['--app', tsx('examples/kubernetes-federation/main.ts'), '--folder', 'none', ...NOW];
  expect(await spirekit('bundle', 'check', ...app)).toMatchObject({
    code: 0,
    stdout: '0 bundles read: nothing is wrong\n',
  });
  expect(await spirekit('bundle', 'fetch', ...app)).toEqual({
    code: 0,
    stdout: 'No bundle is needed: every endpoint can be verified without, or by one of the program.\n',
    stderr: '',
  });
});

test('the program of cdk8s.yaml is asked where nothing is named', async () => {
  expect(await spirekit('bundle', 'check', '--folder', 'none', ...NOW)).toMatchObject({
    code: 0,
    stdout: '0 bundles read: nothing is wrong\n',
  });
});
