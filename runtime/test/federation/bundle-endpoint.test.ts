import { inspect } from 'node:util';
import { BundleEndpoint, type EndpointProfile, httpsSpiffe, httpsWeb } from '../../src/federation';
import { IdError, SpiffeId, TrustDomain } from '../../src/id';
import { authority, fault, td } from './fixtures';

const bundles = authority.x509Bundle();
const endpointId = 'spiffe://partner.example/spire/server';

test('an endpoint is a URL and a profile', () => {
  const profile = httpsSpiffe({ endpointId, bundles });
  const endpoint = BundleEndpoint.of({ url: 'https://partner.example:8443', profile });
  expect(endpoint.url).toBe('https://partner.example:8443/');
  expect(endpoint.profile).toBe(profile);
  expect(String(endpoint)).toBe(`https_spiffe ${endpointId} https://partner.example:8443/`);
  expect([endpoint, profile, httpsWeb()].map(Object.isFrozen)).toEqual([true, true, true]);
});

test('is shown without its query, which may hold a signature', () => {
  const endpoint = BundleEndpoint.of({ url: 'https://bucket.example/a.json?sig=secret', profile: httpsWeb() });
  expect(JSON.stringify({ endpoint })).toBe('{"endpoint":"https_web https://bucket.example/a.json?..."}');
});

test('is self-serving when its ID belongs to the trust domain whose bundle it serves', () => {
  const url = 'https://partner.example';
  const spiffe = BundleEndpoint.of({ url, profile: httpsSpiffe({ endpointId, bundles }) });
  expect(spiffe.isSelfServing(td)).toBe(true);
  expect(spiffe.isSelfServing(TrustDomain.parse('other.example'))).toBe(false);
  expect(BundleEndpoint.of({ url, profile: httpsWeb() }).isSelfServing(td)).toBe(false);
});

test('takes an endpoint ID as text or value', () => {
  const id = SpiffeId.parse(endpointId);
  expect(httpsSpiffe({ endpointId: id, bundles }).endpointId).toBe(id);
  expect(httpsSpiffe({ endpointId, bundles }).endpointId.equals(id)).toBe(true);
  expect(() => httpsSpiffe({ endpointId: 'partner.example', bundles })).toThrow(IdError);
});

test('refuses an endpoint ID without a path', async () => {
  expect(await fault(() => httpsSpiffe({ endpointId: 'spiffe://partner.example', bundles }))).toEqual([
    'bad-profile',
    "bundle endpoint profile 'https_spiffe': the endpoint ID 'spiffe://partner.example' is that of a trust domain, which " +
      "no server has; ask its operator, who of SPIRE will say 'spiffe://partner.example/spire/server'",
  ]);
});

test.each([[undefined], [null], [{}], ['bundle']])('refuses %p as the source of bundles', async (value) => {
  expect(await fault(() => httpsSpiffe({ endpointId, bundles: value as never }))).toEqual([
    'bad-profile',
    "bundle endpoint profile 'https_spiffe': has no source of bundles to verify the endpoint with; pass the bootstrap " +
      'bundle that its operator has handed over',
  ]);
});

const pem = authority.certificate.toPem();

test.each([
  ['', 'have no certificate in PEM'],
  ['/etc/ssl/cert.pem', 'have no certificate in PEM'],
  [1 as never, 'have no certificate in PEM'],
  [pem.replace(/M/, '*'), 'have a certificate that cannot be read'],
  [`${pem}${pem.slice(0, 100)}\n-----END CERTIFICATE-----\n`, 'have a certificate that cannot be read'],
])('refuses roots that nobody could be verified with', async (roots, what) => {
  expect(await fault(() => httpsWeb({ roots }))).toEqual([
    'bad-profile',
    `bundle endpoint profile 'https_web': its roots ${what}; pass the certificates of your authority, or leave 'roots' ` +
      'out for the public ones',
  ]);
});

test('takes several roots', () => {
  expect(httpsWeb({ roots: pem + pem }).roots).toBe(pem + pem);
});

test.each([[undefined], [null], [{}], ['https_web'], [{ type: 'https_x' }]])(
  'refuses %p as a profile',
  async (value) => {
    const made = () => BundleEndpoint.of({ url: 'https://partner.example', profile: value as EndpointProfile });
    expect((await fault(made))[0]).toBe('bad-profile');
  },
);

test('shows the URL for debugging', () => {
  const endpoint = BundleEndpoint.of({ url: 'https://partner.example/a', profile: httpsWeb() });
  expect(inspect(endpoint)).toContain("'https://partner.example/a'");
});
