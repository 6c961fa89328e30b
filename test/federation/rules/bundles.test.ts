import { bundleOfRoots, type Profile } from '../../../lib/federation';
import { type Draft, findingsAfter, tableOf } from '../fixtures';
import { DAY_CA, EAST_ROOT, ENDED_CA, FUTURE_ROOT, RSA_ROOT, WEST_ROOT } from '../fixtures-certificates';

/** The bundle of a foreign trust domain. */
const far =
  (bundle: string, profile: Profile = 'https_spiffe') =>
  (mesh: Draft) => {
    mesh.west.relationships.push({
      path: 'prod/west/far',
      trustDomain: 'west.example.org',
      url: 'https://far.example/',
      profile,
      ...(profile === 'https_spiffe' && { endpointSpiffeId: 'spiffe://west.example.org/spire/server' }),
      className: 'ztwim',
      bundle,
    });
  };

/** A bundle with the hint that nothing is wrong with. */
const hinted = (pem: string) => bundleOfRoots(pem, { refreshHint: 300 });

const withKeys = (...keys: unknown[]) => JSON.stringify({ keys });
const [key] = JSON.parse(bundleOfRoots(WEST_ROOT)).keys;

test('bundles in relationships', () => {
  expect(
    tableOf({
      'a good one': far(hinted(WEST_ROOT)),
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
        far(hinted(DAY_CA))(mesh);
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

test('what the first fetch by https_web replaces is only warned of', () => {
  expect(
    tableOf({
      'it has ended': far(bundleOfRoots(ENDED_CA), 'https_web'),
      'it ends soon': far(bundleOfRoots(DAY_CA), 'https_web'),
      'it has not begun': far(bundleOfRoots(FUTURE_ROOT), 'https_web'),
      'of another trust domain': far(bundleOfRoots(EAST_ROOT), 'https_web'),
      'the seed of a member': ({ west }) => {
        west.seed = { bundle: bundleOfRoots(FUTURE_ROOT) };
      },
    }),
  ).toMatchInlineSnapshot(`
"# it has ended
warning E15 [prod/west/far] trustDomainBundle has a certificate that has ended at 2021-01-01 00:00 UTC; paste the bundle of today
# it ends soon
warning E15 [prod/west/far] trustDomainBundle has a certificate that ends in 12h, but must stay usable for 720h; paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often
# it has not begun
warning E15 [prod/west/far] trustDomainBundle has a certificate that is not valid before 2027-01-01 00:00 UTC; paste a bundle that is valid now, or correct the clock
# of another trust domain
error E15 [prod/west/far] trustDomainBundle holds the CA of 'spiffe://east.example.org', not of 'west.example.org'; paste the bundle of 'west.example.org'
# the seed of a member
warning E15 [prod/west] seed.bundle has a certificate that is not valid before 2027-01-01 00:00 UTC; paste a bundle that is valid now, or correct the clock"
`);
});

test('a bundle that is no seed has a root of its owner’s, too', () => {
  expect(
    tableOf({
      'of another root, by https_spiffe': ({ west }) => {
        Object.assign(west.relationships[0] as object, { bundle: hinted(WEST_ROOT) });
      },
      'of another root, by https_web': ({ east, west }) => {
        west.upstream = { roots: RSA_ROOT };
        Object.assign(east.relationships[0] as object, { bundle: hinted(WEST_ROOT) });
      },
      'of one of its roots': ({ east, west }) => {
        west.upstream = { roots: `${RSA_ROOT}${WEST_ROOT}` };
        Object.assign(east.relationships[0] as object, { bundle: hinted(WEST_ROOT) });
      },
      'of a CA that signs itself': ({ east }) => {
        Object.assign(east.relationships[0] as object, { bundle: hinted(WEST_ROOT) });
      },
      'of roots that cannot be read': ({ east, west }) => {
        west.upstream = { notAfter: Date.parse('2030-01-01'), roots: '' };
        Object.assign(east.relationships[0] as object, { bundle: hinted(WEST_ROOT) });
      },
    }).replaceAll(/^.* E(?!15).*\n?/gm, ''),
  ).toMatchInlineSnapshot(`
"# of another root, by https_spiffe
error E15 [prod/west] relationships[0].bundle holds none of the roots above 'prod/east', which could not be verified by it; write a bundle of the roots of 'prod/east'
# of another root, by https_web
warning E15 [prod/east] relationships[0].bundle holds none of the roots above 'prod/west', which could not be verified by it; write a bundle of the roots of 'prod/west'
# of one of its roots
# of a CA that signs itself
# of roots that cannot be read
"
`);
});

test('a bundle without a hint, which decides when SPIRE tries again', () => {
  const withHint = (spiffe_refresh_hint: unknown) =>
    JSON.stringify({ ...JSON.parse(hinted(WEST_ROOT)), spiffe_refresh_hint });
  expect(
    tableOf({
      'of a root of 100 years': far(bundleOfRoots(WEST_ROOT)),
      'of https_web': far(bundleOfRoots(WEST_ROOT), 'https_web'),
      'of two roots, of which the one of a day counts': (mesh) => {
        far(bundleOfRoots(`${WEST_ROOT}${DAY_CA}`))(mesh);
        mesh.seedShelfLife = 3600;
      },
      'a hint of nothing': far(withHint(0)),
      'the seed of a member': ({ east, west }) => {
        east.seed = { bundle: bundleOfRoots(EAST_ROOT) };
        Object.assign(west.relationships[0] as object, { bundle: east.seed.bundle });
      },
      'the seed of a CA that signs itself, and lives for long': ({ west }) => {
        west.endpoint.profile = 'https_spiffe';
        west.seed = { bundle: bundleOfRoots(WEST_ROOT) };
      },
      'what is to be replaced need not be completed': far(bundleOfRoots(ENDED_CA)),
    }).replaceAll(/^.* E(?!15).*\n?/gm, ''),
  ).toMatchInlineSnapshot(`
"# of a root of 100 years
warning E15 [prod/west/far] trustDomainBundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 913 days, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# of https_web
warning E15 [prod/west/far] trustDomainBundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 913 days, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# of two roots, of which the one of a day counts
warning E15 [prod/west/far] trustDomainBundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 36m, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# a hint of nothing
warning E15 [prod/west/far] trustDomainBundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 913 days, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# the seed of a member
warning E15 [prod/east] seed.bundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 913 days, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# the seed of a CA that signs itself, and lives for long
warning E15 [prod/west] seed.bundle has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after 913 days, a 40th of the shortest certificate lifetime; add "spiffe_refresh_hint": 300
# what is to be replaced need not be completed
error E15 [prod/west/far] trustDomainBundle has a certificate that has ended at 2021-01-01 00:00 UTC; paste the bundle of today"
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
