import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { bundleFileName } from '../../../lib/federation';
import { settled } from '../support/beside';
import { bundleCommand } from '../support/bundle-command';
import { must } from '../support/run';
import { keysOf, Member, type WebFiles, webFiles } from './federation-pair';

/** A server with https_spiffe, and one with https_web. */
const spiffe = new Member('spiffe.example.com');
const web = new Member('web.example.com');
let files: WebFiles;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-bundles-'));
  files = webFiles(web.folder);
  const serving_cert_file = { cert_file_path: files.certificate, key_file_path: files.key };
  await Promise.all([spiffe.startEndpoint(), web.startEndpoint({ https_web: { serving_cert_file } })]);
});
afterAll(async () => {
  await Promise.all([spiffe.end(), web.end()]);
  rmSync(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => bundleCommand(args, { cwd: folder });
const stored = (member: Member) =>
  readdirSync(join(folder, 'bundles')).filter((name) => name.startsWith(member.trustDomain));
/** The one bundle of a member that lies in the folder. */
function storedBundle(member: Member): SpiffeBundle {
  const [name = '', ...others] = stored(member);
  const text = readFileSync(join(folder, 'bundles', name), 'utf8');
  expect([others, name]).toEqual([[], bundleFileName(member.trustDomain, text)]);
  return SpiffeBundle.parse(member.domain, text);
}
const webArgs = () => [web.trustDomain, '--url', web.endpointUrl, '--ca', files.roots];
const spiffeArgs = () => [spiffe.trustDomain, '--url', spiffe.endpointUrl];

test("SPIRE's https_web endpoint, by its authority alone, and by no other", async () => {
  const publicly = await command('fetch', web.trustDomain, '--url', web.endpointUrl);
  expect([publicly.code, publicly.stdout]).toEqual([
    2,
    expect.stringContaining('the certificate of the server is refused'),
  ]);
  const { code, stdout } = await command('fetch', ...webArgs());
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining('proof      the Web PKI (the given authorities alone)\n'),
  ]);
  expect(keysOf(storedBundle(web))).toEqual(keysOf(web.current()));
  expect(storedBundle(web).refreshHint).toBe(10);
});

test("SPIRE's https_spiffe endpoint, pinned by what its operator reads out", async () => {
  const printed = spiffe.bundle();
  const { stdout: shown } = await bundleCommand(['show', '-'], { cwd: folder, input: printed });
  const [digest = ''] = /sha256:[0-9a-f]{64}/.exec(shown) ?? [];
  expect((await command('fetch', ...spiffeArgs(), '--sha256', `sha256:${'0'.repeat(64)}`)).code).toBe(2);
  const { code, stdout } = await command('fetch', ...spiffeArgs(), '--sha256', digest);
  expect([code, stdout]).toEqual([0, expect.stringContaining('proof      the pinned digest of its keys\n')]);
  expect(keysOf(storedBundle(spiffe))).toEqual(keysOf(spiffe.current()));
});

test('the fingerprint of its CA, as OpenSSL prints it', async () => {
  const pem = spiffe.path('authority.pem');
  writeFileSync(pem, spiffe.server('bundle', 'show'));
  const fingerprint = must('openssl', ['x509', '-in', pem, '-noout', '-fingerprint', '-sha256']).trim();
  const { code, stdout } = await command('fetch', ...spiffeArgs(), '--sha256', fingerprint);
  expect([code, stdout]).toEqual([0, expect.stringContaining('by the pinned X.509 authority alone\n')]);
  // Of a trust domain that the same server is not of.
  const other = await command('fetch', 'other.example.com', '--url', spiffe.endpointUrl, '--sha256', fingerprint);
  expect([other.code, other.stdout]).toEqual([2, expect.stringContaining('failed: ')]);
});

test('the next CA is followed by the bundle that was stored before', async () => {
  const before = stored(spiffe);
  spiffe.server('localauthority', 'x509', 'prepare');
  const known = ['--spiffe-id', spiffe.endpointId];
  const { code, stdout } = await command('fetch', ...spiffeArgs(), ...known);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/\n {2}changed {4}bundles\/.*\n {2}\+ X\.509 [0-9a-f]{16}… EC P-256, valid until /),
  ]);
  expect(stored(spiffe)).not.toEqual(before);
  expect(keysOf(storedBundle(spiffe))).toEqual(keysOf(spiffe.current()));
  expect((await command('fetch', ...spiffeArgs(), ...known)).stdout).toContain('\n  unchanged  bundles/');
});

test('a SPIRE server begins with what was stored, and fetches the next one by it', async () => {
  const [name = ''] = stored(spiffe);
  const seed = readFileSync(join(folder, 'bundles', name), 'utf8');
  web.follow(spiffe.trustDomain, spiffe.endpointUrl, { id: spiffe.endpointId, seed });
  spiffe.server('localauthority', 'x509', 'prepare');
  const expected = keysOf(spiffe.current());
  const fetched = await settled(
    20,
    () => web.fetched(spiffe.trustDomain),
    (bundle) => JSON.stringify(bundle && keysOf(bundle)) === JSON.stringify(expected),
  );
  expect(fetched && keysOf(fetched)).toEqual(expected);
});

test('what is stored is held to what is served', async () => {
  const endpoint = { servedBySpire: true, exposure: 'other', termination: 'passthrough' };
  const roots = readFileSync(files.roots, 'utf8');
  const seedOf = (member: Member) => ({ bundle: storedBundle(member).toString() });
  const members = () => [
    { name: 'reader', platform: 'kubernetes', trustDomain: 'reader.example.com' },
    {
      name: 'spiffe',
      platform: 'external',
      trustDomain: spiffe.trustDomain,
      endpoint: { ...endpoint, url: spiffe.endpointUrl, profile: 'https_spiffe', spiffeId: spiffe.endpointId },
      seed: seedOf(spiffe),
    },
    {
      name: 'web',
      platform: 'external',
      trustDomain: web.trustDomain,
      seed: seedOf(web),
      endpoint: {
        ...endpoint,
        url: web.endpointUrl,
        profile: 'https_web',
        certificate: { source: 'secret', trust: { type: 'private', roots } },
      },
    },
  ];
  const edges = ['spiffe', 'web'].map((provider) => ({ consumer: 'reader', provider, oneWay: true }));
  // As a program has it that takes its seeds from the folder.
  const program = () =>
    writeFileSync(join(folder, 'mesh.json'), JSON.stringify({ members: members(), edges, seedShelfLife: 60 }));
  program();
  const stale = await command('check', 'mesh.json', '--fetch');
  expect([stale.code, stale.stdout]).toEqual([
    0,
    expect.stringMatching(/^2 bundles read: 0 errors, 1 warning\n {2}warning .* lacks the X\.509 authority /),
  ]);
  expect((await command('fetch', 'mesh.json')).code).toBe(0);
  program();
  const { code, stdout } = await command('check', 'mesh.json', '--fetch');
  expect([code, stdout]).toEqual([0, '2 bundles read: nothing is wrong\n']);
});

describe('servers that have lost their authorities', () => {
  const [newSpiffe, newWeb] = [new Member(spiffe.trustDomain), new Member(web.trustDomain)];
  beforeAll(async () => {
    const serving_cert_file = { cert_file_path: files.certificate, key_file_path: files.key };
    await Promise.all([newSpiffe.startEndpoint(), newWeb.startEndpoint({ https_web: { serving_cert_file } })]);
  });
  afterAll(() => Promise.all([newSpiffe.end(), newWeb.end()]));

  test('https_spiffe: it cannot prove itself any more', async () => {
    const before = stored(spiffe);
    const args = [spiffe.trustDomain, '--url', newSpiffe.endpointUrl, '--spiffe-id', spiffe.endpointId];
    const { code, stdout } = await command('fetch', ...args, '--replace');
    expect([code, stdout]).toEqual([2, expect.stringContaining('has not proven to be')]);
    expect(stored(spiffe)).toEqual(before);
  });

  test('https_web: it does, and the stored bundle is replaced only where that is wanted', async () => {
    const before = stored(web);
    const args = [web.trustDomain, '--url', newWeb.endpointUrl, '--ca', files.roots];
    const { code, stdout } = await command('fetch', ...args);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('refused: it has no X.509 authority in common with the stored bundle'),
    ]);
    expect(stored(web)).toEqual(before);
    expect((await command('fetch', ...args, '--replace')).code).toBe(0);
    expect(keysOf(storedBundle(web))).toEqual(keysOf(newWeb.current()));
  });
});
