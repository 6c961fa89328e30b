import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import { bundleFileName, canonicalBundle, type Member, type MeshData } from '../../../lib/federation';
import { missingBundle } from '../../../lib/registration';
import { authorityOf, DAY, NOW, published } from '../../federation/bundles/fixtures';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, meshData, spirekit } from '../fixtures';

const WEST = 'west.example.com';

let folder: string;
let bundles: string;
const here = process.cwd();
// Where a program lies, that is asked which bundles it needs.
afterEach(() => process.chdir(here));
beforeEach(() => {
  folder = newFolder();
  bundles = join(folder, 'bundles');
  mkdirSync(bundles);
  process.chdir(folder);
});
afterEach(removeFolders);

const at = (moment: Date) => ['--now', moment.toISOString()];
const checked = async (...args: string[]) => {
  const { code, stdout, stderr } = await spirekit('bundle', 'check', ...args);
  const text = `${stdout}${stderr}`
    .replaceAll(folder, 'FOLDER')
    .replace(/[0-9a-f]{16}/g, 'HASH')
    .replace(/localhost:\d+/g, 'HOST')
    // Columns are as wide as the paths of this machine.
    .replace(/(\S) {2,}/g, '$1  ');
  return { code, text };
};
const put = (authority: TestAuthority, name = authority.trustDomain.name): string => {
  const text = canonicalBundle(published(authority));
  return file(bundles, bundleFileName(name, text), text);
};

/** East believes west, whose endpoint is of this profile. */
function mesh(profile: 'https_web' | 'https_spiffe', west: Partial<Member> = {}): string {
  const { members, edges } = meshData();
  const [east, other] = members as [Member, Member];
  const { endpoint } = other;
  const data: MeshData = {
    edges,
    members: [east, { ...other, ...(endpoint && { endpoint: { ...endpoint, profile } }), ...west }],
  };
  return file(folder, 'mesh.json', data);
}

test('bundles that are good', async () => {
  put(authorityOf(WEST));
  put(authorityOf('east.example.com'));
  expect(await checked('--folder', bundles, ...at(NOW))).toEqual({
    code: 0,
    text: '2 bundles read: nothing is wrong\n',
  });
});

test('everything that can be wrong in a folder', async () => {
  put(authorityOf(WEST, 40));
  put(authorityOf('east.example.com', 1));
  put(authorityOf('foreign.example.com'), 'north.example.com');
  file(bundles, 'south.example.com.0123456789abcdef.json', '{"keys":[]}');
  file(bundles, bundleFileName('page.example.com', '<html>'), '<html>');
  put(authorityOf('two.example.com'));
  put(authorityOf('two.example.com'));
  file(bundles, 'README.md', '');
  file(bundles, '.hidden', '');
  const result = await checked('--folder', bundles, ...at(new Date(NOW.getTime() + 12 * DAY * 1000)));
  expect(result.code).toBe(1);
  expect(result.text).toMatchInlineSnapshot(`
"3 bundles read: 6 errors, 1 warning
  warning  FOLDER/bundles/README.md  is no file of a bundle, by its name; leave it out: 'spirekit bundle fetch' names files <trust domain>.<hash>.json
  error  FOLDER/bundles/page.example.com.HASH.json  cannot be read from 'bundles/page.example.com.HASH.json', which is a web page (HTML or XML), no bundle; fetch it anew by 'spirekit bundle fetch page.example.com --replace'
  error  FOLDER/bundles/south.example.com.HASH.json  was changed since it was fetched: 'bundles/south.example.com.HASH.json' has the SHA-256 HASH…, and its name another; fetch it anew by 'spirekit bundle fetch south.example.com --replace'
  error  FOLDER/bundles/two.example.com.HASH.json  is there 2 times in the folder 'bundles': 'two.example.com.HASH.json', 'two.example.com.HASH.json'; leave one of them, or fetch it anew by 'spirekit bundle fetch two.example.com --replace'
  error  FOLDER/bundles/east.example.com.HASH.json  has a certificate that has ended at 2026-06-02 00:00 UTC; fetch it anew by 'spirekit bundle fetch east.example.com'
  error  FOLDER/bundles/north.example.com.HASH.json  holds the CA of 'spiffe://foreign.example.com', not of 'north.example.com'; give the bundle of 'north.example.com'
  error  FOLDER/bundles/west.example.com.HASH.json  has a certificate that ends in 672h, but must stay usable for 720h; fetch it anew by 'spirekit bundle fetch west.example.com' before that, or give 'west.example.com' longer-lived roots
"
`);
});

describe('of a federation', () => {
  test('a bundle that nobody uses, and one that is missing', async () => {
    put(authorityOf('north.example.com'));
    put(authorityOf('east.example.com'));
    const { code, text } = await checked(mesh('https_spiffe'), '--folder', bundles, ...at(NOW));
    expect(code).toBe(1);
    expect(text).toMatchInlineSnapshot(`
"2 bundles read: 1 error, 2 warnings
  warning  FOLDER/bundles/east.example.com.HASH.json  is used by nobody: no cluster believes 'east'; remove it
  warning  FOLDER/bundles/north.example.com.HASH.json  is used by nobody: the federation has no such member; remove it
  error  west  has no bundle in 'FOLDER/bundles', and nobody can verify its endpoint by https_spiffe the first time; run 'spirekit bundle fetch west.example.com'
"
`);
  });

  test('a program that would take it from the folder', async () => {
    const bundle = missingBundle({ message: 'is not there', remedy: 'fetch it' });
    const path = mesh('https_spiffe', { seed: { bundle } });
    expect((await checked(path, '--folder', bundles)).text).toContain("run 'spirekit bundle fetch west.example.com'");
    put(authorityOf(WEST));
    expect((await checked(path, '--folder', bundles, ...at(NOW))).code).toBe(0);
  });

  test('a bundle that lies there, and with which the program does not begin', async () => {
    const authority = authorityOf(WEST);
    put(authority);
    const none = await checked(mesh('https_web'), '--folder', bundles, ...at(NOW));
    expect([none.code, none.text]).toEqual([
      0,
      expect.stringContaining(
        "is not used: the program gives 'west' no bundle to begin with; write seed: BundleFolder.at(…).bundle('west.example.com')\n",
      ),
    ]);
    const other = { bundle: published(authorityOf(WEST)).toString() };
    const stale = await checked(mesh('https_web', { seed: other }), '--folder', bundles, ...at(NOW));
    expect(stale.text).toContain("is not used: the program begins with another bundle of 'west'; ");
    const own = { bundle: published(authority, { sequence: 9n, refreshHint: 60 }).toString() };
    expect(await checked(mesh('https_web', { seed: own }), '--folder', bundles, ...at(NOW))).toEqual({
      code: 0,
      text: '1 bundle read: nothing is wrong\n',
    });
  });

  test('one of a program that has its roots, or whose Job fetches it, is not missing', async () => {
    const seed = { bundle: published(authorityOf(WEST)).toString() };
    expect((await checked(mesh('https_spiffe', { seed }), '--folder', bundles)).code).toBe(0);
    const { members, edges } = meshData();
    const [east, west] = members as [Member, Member];
    const [relationship] = east.relationships ?? [];
    const data: MeshData = {
      edges,
      members: [
        { ...east, relationships: relationship ? [{ ...relationship, firstBundle: 'web' }] : [] },
        { ...west, ...(west.endpoint && { endpoint: { ...west.endpoint, profile: 'https_spiffe' } }) },
      ],
    };
    expect((await checked(file(folder, 'job.json', data), '--folder', bundles)).code).toBe(0);
  });

  test('an end that the first fetch makes good is a warning', async () => {
    put(authorityOf(WEST, 20));
    const path = mesh('https_web');
    const { code, text } = await checked(path, '--folder', bundles, ...at(NOW));
    expect([code, text]).toEqual([0, expect.stringContaining('warning  FOLDER/bundles/')]);
    expect((await checked(path, '--folder', bundles, '--strict', ...at(NOW))).code).toBe(1);
  });
});

test('single files', async () => {
  const good = file(folder, 'good.json', published(authorityOf(WEST)).toString());
  const web = file(folder, 'page.json', '<html>');
  const config = file(folder, 'map.json', { apiVersion: 'v1', kind: 'ConfigMap' });
  const pem = file(folder, 'root.pem', authorityOf(WEST).x509Bundle().toPem());
  const named = file(
    folder,
    'west.example.com.0123456789abcdef.json',
    published(authorityOf('east.example.com')).toString(),
  );
  expect(await checked(good, ...at(NOW))).toEqual({ code: 0, text: '1 bundle read: nothing is wrong\n' });
  const { code, text } = await checked(good, web, config, pem, named, ...at(NOW));
  expect(code).toBe(1);
  expect(text).toMatchInlineSnapshot(`
"2 bundles read: 5 errors, 0 warnings
  error  FOLDER/page.json  is a web page (HTML or XML), no bundle; look whether the URL is that of the bundle, and whether a login or an error page answers
  error  FOLDER/map.json  is a ConfigMap of Kubernetes, which may hold a bundle and is none; fetch it by 'spirekit bundle fetch TRUST-DOMAIN --context NAME', or give the value of its key alone
  error  FOLDER/root.pem  is certificates in PEM, as 'spire-server bundle show' prints without '-format spiffe', and lacks the JWT keys and the refresh hint; give what 'spire-server bundle show -format spiffe' prints
  error  FOLDER/west.example.com.HASH.json  was changed since it was fetched: its name has the hash of another content; fetch it anew by 'spirekit bundle fetch west.example.com'
  error  FOLDER/west.example.com.HASH.json  holds the CA of 'spiffe://east.example.com', not of 'west.example.com'; give the bundle of 'west.example.com'
"
`);
});

test('a file of which nobody knows whose it is, unless that is said', async () => {
  const keys = [WEST, 'east.example.com'].flatMap((each) => JSON.parse(authorityOf(each).bundle().toString()).keys);
  const both = file(folder, 'both.json', {
    keys: keys.filter(({ use }) => use === 'x509-svid'),
    spiffe_refresh_hint: 300,
  });
  expect(await checked(both, ...at(NOW))).toMatchInlineSnapshot(`
{
  "code": 1,
  "text": "1 bundle read: 2 errors, 0 warnings
  error  FOLDER/both.json  holds the CA of 'spiffe://west.example.com', and one of another trust domain; say whose it is by --trust-domain NAME
  error  FOLDER/both.json  holds the CA of 'spiffe://east.example.com', and one of another trust domain; say whose it is by --trust-domain NAME
",
}
`);
  const none = file(folder, 'none.json', { keys: [], spiffe_refresh_hint: 300 });
  expect((await checked(none, ...at(NOW))).text).toContain(
    'has no X.509 authority, so that nobody of its trust domain would be believed; ',
  );
  const other = file(folder, 'other.json', published(authorityOf(WEST)).toString());
  expect((await checked(other, '--trust-domain', 'north.example.com', ...at(NOW))).text).toContain(
    "holds the CA of 'spiffe://west.example.com', not of 'north.example.com'; ",
  );
  expect(await checked(other, both, '--trust-domain', WEST)).toEqual({
    code: 2,
    text: "spirekit: --trust-domain says whose a FILE is; name one FILE\nSee 'spirekit bundle --help'.\n",
  });
});

test('for programs', async () => {
  const { code, text } = await checked(file(folder, 'page.json', '<html>'), '--json');
  expect(code).toBe(1);
  expect(JSON.parse(text)).toMatchObject({
    schema: 'spirekit/bundle-check/v1',
    bundles: [],
    findings: [{ severity: 'error', place: 'FOLDER/page.json', message: 'is a web page (HTML or XML), no bundle' }],
  });
});

describe('with what is served', () => {
  let fake: FakeBundleEndpoint;
  afterEach(() => fake[Symbol.asyncDispose]());

  async function serving(authority: TestAuthority) {
    fake = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
    const trust = { type: 'private', roots: fake.roots } as const;
    const { members, edges } = meshData();
    const [east, west] = members as [Member, Member];
    const endpoint = west.endpoint && {
      ...west.endpoint,
      url: fake.url,
      certificate: { source: 'secret', trust } as const,
    };
    return file(folder, 'mesh.json', {
      edges,
      members: [east, { ...west, seed: { bundle: published(authority).toString() }, ...(endpoint && { endpoint }) }],
    });
  }

  test('the same, one key more, one key less, no key in common', async () => {
    const authority = new TestAuthority(WEST, { lifetimeSeconds: 400 * DAY });
    const path = await serving(authority);
    put(authority);
    const args = [path, '--folder', bundles, '--fetch'];
    expect(await checked(...args)).toEqual({ code: 0, text: '1 bundle read: nothing is wrong\n' });
    const before = authority.bundle();
    authority.rotate();
    expect((await checked(...args)).text).toContain(
      "lacks the X.509 authority HASH…, which is served; fetch it anew by 'spirekit bundle fetch west.example.com'\n",
    );
    fake.always({ body: before });
    expect((await checked(...args)).code).toBe(0);
    fake.always({ body: new TestAuthority(WEST).bundle() });
    const { code, text } = await checked(...args);
    expect([code, text]).toEqual([
      1,
      expect.stringContaining('has no X.509 authority in common with what is served; '),
    ]);
  });

  test('nothing is known of an endpoint that gives no bundle', async () => {
    const authority = new TestAuthority(WEST, { lifetimeSeconds: 400 * DAY });
    const path = await serving(authority);
    put(authority);
    fake.always({ status: 500 });
    const { code, text } = await checked(path, '--folder', bundles, '--fetch');
    expect([code, text]).toEqual([1, expect.stringContaining('cannot be compared with what is served: ')]);
  });
});

test.each([
  [['--folder', 'x', 'y.json'], "--folder is checked as a whole, and 'y.json' by itself; leave one out"],
  [['--kubeconfig', 'x'], '--context and --kubeconfig belong to --fetch; add that'],
  [['--fetch'], '--fetch asks the endpoints of a federation; name it by FILE or --app'],
  [['--now', 'soon'], "--now 'soon' is no time; write one with its zone, such as 2026-01-31T12:00:00Z"],
])('%j', async (args, message) => {
  const { code, text } = await checked(...args);
  expect({ code, text }).toEqual({ code: 2, text: `spirekit: ${message}\nSee 'spirekit bundle --help'.\n` });
});

test('of members that cannot be read nothing is concluded', async () => {
  const broken = file(folder, 'broken.json', { members: ['east'], edges: [] });
  expect(await checked(broken)).toEqual({
    code: 2,
    text: 'spirekit: the federation cannot be read: members[0] is not an object; write its properties in braces\n',
  });
});

test('nothing to check', async () => {
  const { code, text } = await checked('--folder', join(folder, 'none'), '--now', '2026-06-01');
  expect({ code, text }).toEqual({
    code: 2,
    text: "spirekit: there is no folder 'FOLDER/none'; name it by --folder, or bundles by FILE\n",
  });
});
