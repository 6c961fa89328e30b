import { bundleOfRoots } from '../../../lib/federation';
import { type Draft, findingsAfter, tableOf } from '../fixtures';
import { DAY_CA, EAST_ROOT, ENDED_CA, FUTURE_ROOT, WEST_ROOT } from '../fixtures-certificates';

/** The bundle of a foreign trust domain. */
const far =
  (bundle: string, trustDomain = 'west.example.org') =>
  (mesh: Draft) => {
    mesh.west.relationships.push({
      path: 'prod/west/far',
      trustDomain,
      url: 'https://far.example/',
      profile: 'https_web',
      className: 'ztwim',
      bundle,
    });
  };

const withKeys = (...keys: unknown[]) => JSON.stringify({ keys });
const [key] = JSON.parse(bundleOfRoots(WEST_ROOT)).keys;

test('bundles in relationships', () => {
  expect(
    tableOf({
      'a good one': far(bundleOfRoots(WEST_ROOT)),
      PEM: far(WEST_ROOT),
      'no keys': far(withKeys()),
      'only a key for tokens': far(withKeys({ use: 'jwt-svid', kty: 'EC', kid: 'a' })),
      'a key that is none beside a good one': far(withKeys(null, key)),
      'a certificate that is cut off': far(withKeys({ ...key, x5c: [key.x5c[0].slice(0, 100)] })),
      'of another trust domain': far(bundleOfRoots(EAST_ROOT)),
      'of another trust domain among good ones': far(bundleOfRoots(`${WEST_ROOT}${EAST_ROOT}`)),
      'it has ended': far(bundleOfRoots(ENDED_CA)),
      'it ends soon': far(bundleOfRoots(DAY_CA)),
      'one of two ends soon': far(bundleOfRoots(`${WEST_ROOT}${DAY_CA}`)),
      'it has not begun': far(bundleOfRoots(FUTURE_ROOT)),
      'it ends soon, and is written anew more often': (mesh) => {
        far(bundleOfRoots(DAY_CA))(mesh);
        mesh.seedShelfLife = 12 * 3600;
      },
    }),
  ).toMatchInlineSnapshot(`
"# a good one
# PEM
error E15 [prod/west/far] trustDomainBundle is PEM, not a SPIFFE bundle in JSON; paste what 'spire-server bundle show -format spiffe' prints
# no keys
error E15 [prod/west/far] trustDomainBundle has no key for 'x509-svid': no X509-SVID of the trust domain will be believed; paste what 'spire-server bundle show -format spiffe' prints
# only a key for tokens
error E15 [prod/west/far] trustDomainBundle has no key for 'x509-svid': no X509-SVID of the trust domain will be believed; paste what 'spire-server bundle show -format spiffe' prints
# a key that is none beside a good one
error E15 [prod/west/far] trustDomainBundle.keys[0] is not a key; paste what 'spire-server bundle show -format spiffe' prints
# a certificate that is cut off
error E15 [prod/west/far] trustDomainBundle.keys[0].x5c has a certificate that cannot be read; paste what 'spire-server bundle show -format spiffe' prints
# of another trust domain
error E15 [prod/west/far] trustDomainBundle holds the CA of 'spiffe://east.example.org', not of 'west.example.org'; paste the bundle of 'west.example.org'
# of another trust domain among good ones
error E15 [prod/west/far] trustDomainBundle holds the CA of 'spiffe://east.example.org', not of 'west.example.org'; paste the bundle of 'west.example.org'
# it has ended
error E15 [prod/west/far] trustDomainBundle has a certificate that has ended at 2021-01-01 00:00 UTC; paste the bundle of today
# it ends soon
error E15 [prod/west/far] trustDomainBundle has a certificate that ends in 12h, but must stay usable for 720h; paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often
# one of two ends soon
error E15 [prod/west/far] trustDomainBundle has a certificate that ends in 12h, but must stay usable for 720h; paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often
# it has not begun
error E15 [prod/west/far] trustDomainBundle has a certificate that is not valid before 2027-01-01 00:00 UTC; paste a bundle that is valid now, or correct the clock
# it ends soon, and is written anew more often"
`);
});

test('a seed is judged once, however many begin with it', () => {
  const seed = bundleOfRoots(EAST_ROOT.replace('-----END', 'x-----END'));
  expect(
    findingsAfter(({ east, west }) => {
      east.seed = { bundle: seed };
      Object.assign(west.relationships[0] as object, { bundle: seed });
    }),
  ).toMatchInlineSnapshot(`
[
  "error E15 [prod/east] seed.bundle has no key for 'x509-svid': no X509-SVID of the trust domain will be believed; paste what 'spire-server bundle show -format spiffe' prints",
]
`);
});

test('years later, the roots of today are old', () => {
  const later = new Date('2124-12-20T00:00:00Z');
  expect(findingsAfter(() => undefined, later)).toMatchInlineSnapshot(`
[
  "error E15 [prod/east] seed.bundle has a certificate that ends in 288h, but must stay usable for 720h; paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often",
]
`);
});
