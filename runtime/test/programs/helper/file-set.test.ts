import { BundleMap, JwtBundle, X509Bundle } from '../../../src/bundle';
import { TrustDomain } from '../../../src/id';
import { type FileSetOptions, fileSet, type Snapshot } from '../../../src/programs/helper/file-set';
import { X509Svid } from '../../../src/svid';
import { TestAuthority } from '../../../src/testing';

const own = new TestAuthority('example.org');
const west = new TestAuthority('west.example');
const options: FileSetOptions = {
  svidFile: 'svid.pem',
  keyFile: 'key.pem',
  bundleFile: 'bundle.pem',
  federatedFolder: 'federated',
  bundleMapFile: 'map.json',
  combinedFile: 'both.pem',
  jwksFile: 'jwks.json',
  fileMode: 0o644,
  keyMode: 0o600,
};

function snapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return {
    svid: own.intermediate().x509Svid('/web'),
    x509Bundles: [own.x509Bundle(), west.x509Bundle()],
    jwtBundles: [own.jwtBundle(), west.jwtBundle()],
    tokens: new Map([['db.jwt', own.jwtSvid('/web', { audience: 'db' })]]),
    ...parts,
  };
}

const warnings: string[] = [];
function filesOf(parts: Snapshot, changed: Partial<FileSetOptions> = {}): Record<string, string> {
  const files = fileSet(parts, { ...options, ...changed }, (message) => warnings.push(message));
  return Object.fromEntries(files.map(({ name, contents }) => [name, contents]));
}
afterEach(() => expect(warnings.splice(0)).toEqual([]));

test('what is written can be read again', () => {
  const parts = snapshot();
  const files = filesOf(parts);
  expect(Object.keys(files)).toEqual([
    'svid.pem',
    'key.pem',
    'both.pem',
    'bundle.pem',
    'federated/west.example.pem',
    'jwks.json',
    'federated/west.example.jwks.json',
    'map.json',
    'db.jwt',
  ]);
  const text = (name: string) => files[name] as string;
  expect(X509Svid.parsePem(text('svid.pem'), text('key.pem')).equals(parts.svid)).toBe(true);
  expect(text('both.pem')).toBe(text('key.pem') + text('svid.pem'));
  expect(X509Bundle.parsePem(own.trustDomain, text('bundle.pem')).equals(own.x509Bundle())).toBe(true);
  const foreign = X509Bundle.parsePem(west.trustDomain, text('federated/west.example.pem'));
  expect(foreign.equals(west.x509Bundle())).toBe(true);
  expect(JwtBundle.parse(own.trustDomain, text('jwks.json')).equals(own.jwtBundle())).toBe(true);
  const map = BundleMap.parse(text('map.json'));
  expect(map.get(west.trustDomain)?.x509.equals(west.x509Bundle())).toBe(true);
  expect(map.get(west.trustDomain)?.jwt.equals(west.jwtBundle())).toBe(true);
  expect(text('db.jwt')).toBe(parts.tokens.get('db.jwt')?.token);
});

test('only files with a secret have the mode of secrets', () => {
  const secret = fileSet(snapshot(), options, () => undefined).filter(({ mode }) => mode === 0o600);
  expect(secret.map(({ name }) => name)).toEqual(['key.pem', 'both.pem', 'db.jwt']);
  for (const { name, contents, mode } of fileSet(snapshot(), options, () => undefined)) {
    expect([name, contents.includes('PRIVATE KEY') && mode !== 0o600]).toEqual([name, false]);
  }
});

test('no file has authorities of two trust domains', () => {
  const files = filesOf(snapshot());
  const holds = (name: string, authority: TestAuthority) => files[name]?.includes(authority.certificate.toPem());
  expect([holds('bundle.pem', own), holds('bundle.pem', west)]).toEqual([true, false]);
  const foreign = 'federated/west.example.pem';
  expect([holds(foreign, own), holds(foreign, west)]).toEqual([false, true]);
});

test('an empty bundle is an empty file: nobody is believed', () => {
  const empty = X509Bundle.of(west.trustDomain, []);
  const files = filesOf(snapshot({ x509Bundles: [own.x509Bundle(), empty], jwtBundles: [] }));
  expect(files['federated/west.example.pem']).toBe('');
  expect(BundleMap.parse(files['map.json'] as string).get(west.trustDomain)?.x509.isEmpty).toBe(true);
});

test('every trust domain has a file name, however long and odd its name', () => {
  const names = ['..', 'a'.repeat(240), 'b'.repeat(241), 'b'.repeat(255), '.hidden', `sha256-${'0'.repeat(64)}`];
  const x509Bundles = names.map((name) => X509Bundle.of(TrustDomain.parse(name), []));
  const federated = Object.keys(filesOf(snapshot({ x509Bundles, jwtBundles: [] })))
    .filter((name) => name.startsWith('federated/'))
    .map((name) => name.slice('federated/'.length));
  expect(new Set(federated).size).toBe(names.length);
  for (const name of federated) {
    expect(name).toMatch(/^[A-Za-z0-9._-]{4,255}$/);
    expect(name).toMatch(/[.]pem$/);
  }
  expect(federated[0]).toBe('...pem');
});

test('a trust domain that has no form in JSON is left out of the map, not out of its own file', () => {
  // No JWK is defined for keys on this curve.
  const odd = new TestAuthority('odd.example', { keyType: 'ec-p224' });
  const files = filesOf(snapshot({ x509Bundles: [own.x509Bundle(), odd.x509Bundle()], jwtBundles: [] }));
  expect(BundleMap.parse(files['map.json'] as string).bundles.map(({ trustDomain }) => trustDomain.name)).toEqual([
    'example.org',
  ]);
  expect(files['federated/odd.example.pem']).toBe(odd.certificate.toPem());
  expect(warnings.splice(0)).toEqual([
    expect.stringMatching(/^the bundle map goes without trust domain 'odd\.example': /),
  ]);
});
