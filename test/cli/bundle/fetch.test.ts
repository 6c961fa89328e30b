import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import {
  BundleFolder,
  bundleDigest,
  bundleFileName,
  canonicalBundle,
  type Member,
  type MeshData,
} from '../../../lib/federation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, meshData, spirekit } from '../fixtures';

const DAY = 24 * 60 * 60;
const WEST = 'west.example.com';

let folder: string;
let bundles: string;
let authority: TestAuthority;
const fakes: FakeBundleEndpoint[] = [];
beforeEach(() => {
  folder = newFolder();
  bundles = join(folder, 'bundles');
  authority = new TestAuthority(WEST, { lifetimeSeconds: 400 * DAY });
});
afterEach(async () => {
  await Promise.all(fakes.splice(0).map((fake) => fake[Symbol.asyncDispose]()));
  removeFolders();
});

async function endpoint(profile: 'https_web' | 'https_spiffe', of = authority): Promise<FakeBundleEndpoint> {
  const fake = await FakeBundleEndpoint.start({ authority: of, profile });
  fakes.push(fake);
  return fake;
}
const stored = () => readdirSync(bundles);
/** What was printed, without what differs from run to run. */
const plain = (text: string) =>
  text
    .replaceAll(folder, 'FOLDER')
    .replace(/localhost:\d+|127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/[0-9a-f]{64}/g, 'DIGEST')
    .replace(/[0-9a-f]{16}/g, 'HASH')
    .replace(/JWT \S+/g, 'JWT KID')
    .replace(/until \S+ \S+ UTC \(in \d+ days\)/g, 'until SOME DAY');
const fetchBy = async (...args: string[]) => {
  const { code, stdout, stderr } = await spirekit('bundle', 'fetch', '--folder', bundles, ...args);
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
};

/** East, which believes west at an endpoint. */
function mesh(
  { url, roots }: FakeBundleEndpoint,
  profile: 'https_web' | 'https_spiffe',
  west: Partial<Member> = {},
): string {
  const { members, edges } = meshData();
  const [east, other] = members as [Member, Member];
  const web = { certificate: { source: 'secret', trust: { type: 'private', roots } } } as const;
  const data: MeshData = {
    edges,
    members: [
      east,
      {
        ...other,
        endpoint: {
          url,
          profile,
          servedBySpire: true,
          exposure: 'other',
          termination: 'passthrough',
          ...(profile === 'https_web' ? web : { spiffeId: `spiffe://${WEST}/spire/server` }),
          refreshHint: 300,
        },
        ...west,
      },
    ],
  };
  return file(folder, 'mesh.json', data);
}

describe('what is said on the command line alone', () => {
  test('the Web PKI with authorities of its own; then nothing has changed, then a key', async () => {
    const fake = await endpoint('https_web');
    const args = [WEST, '--url', fake.url, '--ca', file(folder, 'ca.pem', fake.roots)];
    expect(await fetchBy(...args)).toMatchInlineSnapshot(`
{
  "code": 0,
  "stderr": "",
  "stdout": "west.example.com
  from       https://HOST/
  proof      the Web PKI (the given authorities alone)
  new        FOLDER/bundles/west.example.com.HASH.json
  + X.509 HASH… EC P-256, valid until SOME DAY
  + JWT KID EC P-256
  warning: it has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late; ask those who run 'west.example.com' to set one, such as 300

1 bundle written to 'FOLDER/bundles', 0 unchanged
",
}
`);
    const [name = ''] = stored();
    const text = readFileSync(join(bundles, name), 'utf8');
    expect(stored()).toEqual([bundleFileName(WEST, text)]);
    expect(text).toBe(canonicalBundle(authority.bundle()));
    expect(BundleFolder.at(bundles).bundle(WEST)).toBe(text);

    expect((await fetchBy(...args)).stdout).toMatchInlineSnapshot(`
"west.example.com
  from       https://HOST/
  proof      the Web PKI (the given authorities alone)
  unchanged  FOLDER/bundles/west.example.com.HASH.json: 1 X.509 authority, 1 JWT KID
  warning: it has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late; ask those who run 'west.example.com' to set one, such as 300

0 bundles written to 'FOLDER/bundles', 1 unchanged
"
`);
    authority.rotateJwtKey();
    expect((await fetchBy(...args)).stdout).toMatchInlineSnapshot(`
"west.example.com
  from       https://HOST/
  proof      the Web PKI (the given authorities alone)
  changed    FOLDER/bundles/west.example.com.HASH.json
  + JWT KID EC P-256
  warning: it has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late; ask those who run 'west.example.com' to set one, such as 300

1 bundle written to 'FOLDER/bundles', 0 unchanged
"
`);
    expect(stored()).toHaveLength(1);
    expect(stored()).not.toEqual([name]);
  });

  test('a pinned digest', async () => {
    const fake = await endpoint('https_spiffe');
    const digest = bundleDigest(canonicalBundle(authority.bundle())) ?? '';
    const { code, stdout } = await fetchBy(WEST, '--url', fake.url, '--sha256', digest);
    expect(code).toBe(0);
    expect(stdout).toContain('proof      the pinned digest of its keys\n');
  });

  test('a SPIFFE ID, by a bundle in a file, and then by the one that lies in the folder', async () => {
    const fake = await endpoint('https_spiffe');
    const known = file(folder, 'known.pem', authority.x509Bundle().toPem());
    const args = [WEST, '--url', fake.url];
    expect((await fetchBy(...args, '--bundle', known)).code).toBe(0);
    const again = await fetchBy(...args, '--spiffe-id', `spiffe://${WEST}/spire/server`);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(
      `proof      spiffe://${WEST}/spire/server by the bundle of ${WEST} that is known already\n`,
    );
  });

  test('no bundle is known to verify a SPIFFE ID by', async () => {
    const fake = await endpoint('https_spiffe');
    const { code, stdout } = await fetchBy(WEST, '--url', fake.url, '--spiffe-id', `spiffe://${WEST}/spire/server`);
    expect({ code, stdout }).toMatchInlineSnapshot(`
{
  "code": 2,
  "stdout": "west.example.com
  failed: it proves itself by the bundle of 'west.example.com', of which none is known here yet; name its cluster by --context, pin it by --sha256, or give a bundle of it that is known by --bundle FILE

0 bundles written to 'FOLDER/bundles', 0 unchanged, 1 failed
",
}
`);
  });
});

describe('what is refused leaves all as it is', () => {
  const seeded = async (fake: FakeBundleEndpoint) => {
    const args = [WEST, '--url', fake.url, '--ca', file(folder, 'ca.pem', fake.roots)];
    expect((await fetchBy(...args)).code).toBe(0);
    return { args, before: stored() };
  };

  test('a bundle of other keys, until it is wanted', async () => {
    const fake = await endpoint('https_web');
    const { args, before } = await seeded(fake);
    fake.always({ body: new TestAuthority(WEST, { lifetimeSeconds: 400 * DAY }).bundle() });
    const { code, stdout } = await fetchBy(...args);
    expect({ code, stdout }).toMatchInlineSnapshot(`
{
  "code": 1,
  "stdout": "west.example.com
  from       https://HOST/
  proof      the Web PKI (the given authorities alone)
  refused: it has no X.509 authority in common with the stored bundle: it is of a trust domain that was keyed anew, or of another one; ask those who run it whether it has new keys on purpose (see 'spirekit plan recover'), and if so, write --replace

0 bundles written to 'FOLDER/bundles', 0 unchanged, 1 refused
",
}
`);
    expect(stored()).toEqual(before);
    expect((await fetchBy(...args, '--replace')).code).toBe(0);
    expect(stored()).toHaveLength(1);
    expect(stored()).not.toEqual(before);
  });

  test('an older one', async () => {
    const fake = await endpoint('https_web');
    const old = authority.bundle();
    authority.rotateJwtKey();
    const { args, before } = await seeded(fake);
    fake.always({ body: old });
    const { code, stdout } = await fetchBy(...args);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'refused: it has the sequence number 1, and the stored one 2: it is an older one, which a cache may serve; ',
    );
    expect(stored()).toEqual(before);
  });

  test.each([
    [
      'of another trust domain',
      () => new TestAuthority('east.example.com').bundle(),
      1,
      `holds the CA of 'spiffe://east.example.com', not of '${WEST}'`,
    ],
    [
      'that has ended',
      () => new TestAuthority(WEST, { now: 0, lifetimeSeconds: DAY }).bundle(),
      1,
      'has ended: none of its X.509 authorities is valid any more',
    ],
    ['without authorities', () => '{"keys":[]}', 1, 'has no X.509 authority'],
    ['that is a page', () => '<html>', 2, 'is no JSON'],
    ['that is empty', () => '', 2, 'is no JSON'],
  ])('a bundle %s', async (_, body, exit, message) => {
    const fake = await endpoint('https_web');
    const { args, before } = await seeded(fake);
    fake.always({ body: body() });
    const { code, stdout } = await fetchBy(...args, '--replace');
    expect(code).toBe(exit);
    expect(stdout).toContain(message);
    expect(stored()).toEqual(before);
  });

  test('one that was changed by hand is not written over in silence', async () => {
    const fake = await endpoint('https_web');
    const { args, before } = await seeded(fake);
    writeFileSync(join(bundles, before[0] ?? ''), '{"keys":[]}');
    const { code, stdout } = await fetchBy(...args);
    expect(code).toBe(1);
    expect(stdout).toContain('refused: it cannot follow from the stored one, which was changed since it was fetched');
    expect((await fetchBy(...args, '--replace')).code).toBe(0);
    expect(BundleFolder.at(bundles).bundle(WEST)).toBe(canonicalBundle(authority.bundle()));
  });

  test('a folder that is a file', async () => {
    const fake = await endpoint('https_web');
    file(folder, 'bundles', '');
    const { code, stdout } = await fetchBy(WEST, '--url', fake.url, '--ca', file(folder, 'ca.pem', fake.roots));
    expect(code).toBe(2);
    expect(stdout).toContain(
      "failed: a bundle cannot be read from 'FOLDER/bundles': it is no folder; name the folder of the bundles\n",
    );
  });

  test('a folder in which nothing can be written', async () => {
    const fake = await endpoint('https_web');
    const { args, before } = await seeded(fake);
    authority.rotateJwtKey();
    const text = canonicalBundle(authority.bundle());
    // In the way of the new file.
    mkdirSync(join(bundles, bundleFileName(WEST, text)));
    const { code, stdout } = await fetchBy(...args, '--replace');
    expect(code).toBe(2);
    expect(stdout).toMatch(/failed: cannot write '.*': it is a folder; name a file\n/);
    expect(stored()).toEqual(expect.arrayContaining(before));
  });
});

describe('of a federation', () => {
  test('https_web with the private authorities that it declares, by the name of the member', async () => {
    const path = mesh(await endpoint('https_web'), 'https_web');
    const { code, stdout } = await fetchBy('west', WEST, path);
    expect({ code, stdout }).toMatchInlineSnapshot(`
{
  "code": 0,
  "stdout": "west.example.com
  from       https://HOST/
  proof      the Web PKI (the given authorities alone)
  new        FOLDER/bundles/west.example.com.HASH.json
  + X.509 HASH… EC P-256, valid until SOME DAY
  + JWT KID EC P-256
  warning: it has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late; ask those who run 'west.example.com' to set one, such as 300

1 bundle written to 'FOLDER/bundles', 0 unchanged
",
}
`);
  });

  test('all that somebody begins with: https_spiffe, by the bundle that was fetched before', async () => {
    const path = mesh(await endpoint('https_spiffe'), 'https_spiffe');
    const none = await fetchBy(path);
    expect(none.code).toBe(2);
    expect(none.stdout).toContain(
      `failed: it proves itself by the bundle of '${WEST}', of which none is known here yet; `,
    );
    const digest = bundleDigest(canonicalBundle(authority.bundle())) ?? '';
    expect((await fetchBy(WEST, path, '--sha256', digest)).code).toBe(0);
    authority.rotateJwtKey();
    const all = await fetchBy(path);
    expect(all.code).toBe(0);
    expect(all.stdout).toContain("1 bundle written to 'FOLDER/bundles', 0 unchanged\n");
  });

  test('https_spiffe by the bundle of the program', async () => {
    const seed = { bundle: authority.bundle().toString() };
    const path = mesh(await endpoint('https_spiffe'), 'https_spiffe', { seed });
    expect((await fetchBy(WEST, path)).code).toBe(0);
    // The program has it, so that no other is needed; now that it is in the folder, it is renewed.
    expect((await fetchBy(path)).stdout).toContain('unchanged  FOLDER/bundles/');
  });

  test('a federation in which nobody needs one', async () => {
    const { code, stdout } = await fetchBy(mesh(await endpoint('https_web'), 'https_web'));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'No bundle is needed: every endpoint can be verified without, or by one of the program.\n',
    });
  });

  test('one that fails keeps no other from being stored', async () => {
    const fake = await endpoint('https_web');
    const path = mesh(fake, 'https_web');
    const { code, stdout } = await fetchBy(WEST, 'east', path);
    expect(code).toBe(2);
    expect(stdout).toMatch(/written to 'FOLDER\/bundles', 0 unchanged, 1 failed\n$/);
    expect(stored()).toHaveLength(1);
  });

  test('a context for nobody', async () => {
    const path = mesh(await endpoint('https_web'), 'https_web');
    expect((await fetchBy(path, '--context', 'wst=x')).stderr).toContain(
      "--context names 'wst', which is no cluster of the federation; did you mean 'west'?\n",
    );
  });

  test('nobody of that name', async () => {
    const path = mesh(await endpoint('https_web'), 'https_web');
    expect((await fetchBy('west.exmple.com', path)).stderr).toBe(
      "spirekit: 'west.exmple.com' is no member of the federation; did you mean 'west.example.com'?\nSee 'spirekit bundle --help'.\n",
    );
    expect((await fetchBy('nobody', path)).stderr).toContain('; there is east.example.com, west.example.com\n');
  });
});

test('for programs', async () => {
  const fake = await endpoint('https_web');
  const { stdout } = await fetchBy(WEST, '--url', fake.url, '--ca', file(folder, 'ca.pem', fake.roots), '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'spirekit/bundle-fetch/v1',
    bundles: [
      {
        trustDomain: WEST,
        state: 'new',
        added: { x509: ['DIGEST'] },
        removed: { x509: [], jwt: [] },
        warnings: [{ at: '', message: expect.stringContaining('has no spiffe_refresh_hint') }],
      },
    ],
  });
});

test('a bundle that is soon over is stored, and said to be', async () => {
  authority = new TestAuthority(WEST);
  const fake = await endpoint('https_web');
  const { code, stdout } = await fetchBy(WEST, '--url', fake.url, '--ca', file(folder, 'ca.pem', fake.roots));
  expect(code).toBe(0);
  expect(stdout).toMatch(/warning: it has a certificate that ends in 23h\S*, but must stay usable for 720h; /);
});

test('an endpoint that stalls is waited for so long', async () => {
  const fake = await endpoint('https_web');
  fake.always({ hang: 'answer' });
  const { code, stdout } = await fetchBy(
    WEST,
    '--url',
    fake.url,
    '--ca',
    file(folder, 'ca.pem', fake.roots),
    '--wait',
    '200ms',
  );
  expect(code).toBe(2);
  expect(stdout).toContain('no complete answer within 200 ms');
});

test.each([
  [['--url', 'x'], '--url is about one bundle; name its TRUST-DOMAIN'],
  [['a', 'b', '--url', 'x'], '--url is about one bundle; name one TRUST-DOMAIN alone'],
  [['a', '--url', 'x', '--app', 'y'], '--url says where the bundle is, and no federation is asked; leave out --app'],
  [['a', 'm.json', '--url', 'x'], '--url says where the bundle is, and no federation is asked; leave out m.json'],
  [
    ['a', '--context', 'x', '--app', 'y'],
    '--context says where the bundle is, and no federation is asked; leave out --app',
  ],
  [
    ['a', '--context', 'x', '--url', 'y'],
    '--context and --url exclude each other: a bundle comes from its cluster, or from its endpoint; leave one out',
  ],
  [
    ['a', '--sha256', 'x', '--ca', 'y'],
    '--sha256 and --ca exclude each other: a pinned bundle needs no authority; leave one out',
  ],
  [
    ['a', '--spiffe-id', 'x', '--ca', 'y'],
    '--ca and --spiffe-id exclude each other: an endpoint has a certificate of the web, or a SPIFFE ID; leave one out',
  ],
  [['a', '--sha256', 'abc'], "--sha256 'abc' is no SHA-256; write 64 hexadecimal digits"],
  [['a', '--context', 'x', '--config-map', 'y'], "--config-map 'y' is no NAMESPACE/NAME or NAMESPACE/NAME/KEY"],
  [['a', '--config-map', 'y/z'], '--config-map is about a cluster; name it by --context'],
  [
    ['--context', 'x'],
    "--context 'x' is the cluster of one trust domain; name that alone, or write --context MEMBER=x",
  ],
  [['a', '--wait', '0s', '--url', 'x'], "--wait '0s' leaves no time; write a longer one, such as 30s"],
  [['--replace'], '--replace is a decision about a trust domain; name its TRUST-DOMAIN'],
  [['a', '--folder', ''], '--folder is empty; name a folder'],
  [['a', '--url', 'x', '--mesh', 'y'], '--url says where the bundle is, and no federation is asked; leave out --mesh'],
  [['a.json', 'b.json'], "'b.json' is one FILE too many"],
  [['A', '--url', 'https://x'], /^'A' is no trust domain: /],
  [['--insecure'], "there is no option '--insecure'"],
])('%j', async (args, message) => {
  const { code, stderr, stdout } = await spirekit('bundle', 'fetch', ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const [, said = ''] = /^spirekit: (.*)\nSee 'spirekit bundle --help'\.\n$/.exec(stderr) ?? [];
  if (typeof message === 'string') expect(said).toBe(message);
  else expect(said).toMatch(message);
});

test('files that cannot be read, and a proxy that is none', async () => {
  const missing = await fetchBy('a', '--url', 'https://x', '--ca', join(folder, 'none.pem'));
  expect(missing.stderr).toBe("spirekit: there is no file 'FOLDER/none.pem'\n");
  const none = await fetchBy('a', '--url', 'https://x', '--ca', file(folder, 'ca.pem', 'x'));
  expect(none.stderr).toMatch(/^spirekit: --ca 'FOLDER\/ca\.pem' holds no certificate in PEM; /);
  const { HTTPS_PROXY } = process.env;
  process.env.HTTPS_PROXY = 'socks5://proxy';
  try {
    const { code, stderr } = await fetchBy('a', '--url', 'https://x');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "spirekit: HTTPS_PROXY names no HTTP proxy; write one such as 'http://proxy.example.com:3128', or unset it\n",
    });
  } finally {
    if (HTTPS_PROXY === undefined) delete process.env.HTTPS_PROXY;
    else process.env.HTTPS_PROXY = HTTPS_PROXY;
  }
});
