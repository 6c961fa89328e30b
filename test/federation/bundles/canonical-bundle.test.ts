import { JwtBundle, SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { canonicalBundle } from '../../../lib/federation/bundles';
import { bundleOfRoots } from '../../../lib/federation/seed';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { authorityOf, EAST, published } from './fixtures';

test('a bundle of one root', () => {
  const bundle = SpiffeBundle.parse(EAST, bundleOfRoots(EAST_ROOT, { refreshHint: 300 }));
  expect(canonicalBundle(bundle).replace(/"MII[^"]+"/, '"…"')).toMatchInlineSnapshot(`
"{
  "keys": [
    {
      "crv": "P-256",
      "kty": "EC",
      "use": "x509-svid",
      "x": "gyiNxU7bHXiyKPmHQ9EnMArtWxyzDbnjIKcB2dFS6A4",
      "x5c": [
        "…"
      ],
      "y": "7MOm6IZNAH7VtSKObMoViolWAtbEkYPR-N6rCZ0Rnpo"
    }
  ],
  "spiffe_refresh_hint": 300
}
"
`);
});

test('the same keys in another order are the same text, and are read as the same bundle', () => {
  const authority = authorityOf(EAST);
  authority.rotateJwtKey();
  const roots = X509Bundle.parsePem(EAST, EAST_ROOT + WEST_ROOT).authorities;
  const of = (turned: boolean) => {
    const x509 = [...roots, ...authority.x509Bundle().authorities];
    const jwt = [...authority.jwtBundle().authorities];
    return SpiffeBundle.of({
      trustDomain: EAST,
      x509: X509Bundle.of(EAST, turned ? x509.reverse() : x509),
      jwt: JwtBundle.of(EAST, turned ? jwt.reverse() : jwt),
    });
  };
  const text = canonicalBundle(of(false));
  expect(canonicalBundle(of(true))).toBe(text);
  expect(SpiffeBundle.parse(EAST, text).equals(of(false))).toBe(true);
  expect(canonicalBundle(SpiffeBundle.parse(EAST, text))).toBe(text);
});

test('a number that JavaScript has not, and no keys', () => {
  const bundle = published(authorityOf(EAST), { sequence: 2n ** 64n - 1n });
  expect(SpiffeBundle.parse(EAST, canonicalBundle(bundle)).equals(bundle)).toBe(true);
  expect(canonicalBundle(SpiffeBundle.of({ trustDomain: EAST }))).toBe('{\n  "keys": []\n}\n');
});
