import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { bundleDigest } from '../../../lib/federation/bundle-digest';
import { bundleDifference, bundleView, canonicalBundle } from '../../../lib/federation/bundles';
import { bundleOfRoots } from '../../../lib/federation/seed';
import { EAST_ROOT, RSA_ROOT } from '../fixtures-certificates';
import { authorityOf, EAST, published } from './fixtures';

test('roots', () => {
  const bundle = SpiffeBundle.parse(EAST, bundleOfRoots(EAST_ROOT + RSA_ROOT, { refreshHint: 300 }));
  expect(bundleView(bundle)).toMatchInlineSnapshot(`
{
  "digest": "sha256:c7b127cce9723e3cdecd7b89b3ba5ebab34e6ff84fd0ae0a3bde67ab52a7df47",
  "ignored": [],
  "jwt": [],
  "refreshHint": 300,
  "x509": [
    {
      "fingerprint": "4cfb48aee1eff0a0b65ec043eb5342f9a9c4c9be3d70c12193e05be9da1da972",
      "keyType": "EC P-256",
      "notAfter": 2125-01-01T00:00:00.000Z,
      "notBefore": 2025-01-01T00:00:00.000Z,
      "subject": "CN=East Root, O=Demo",
      "uris": [
        "spiffe://east.example.org",
      ],
    },
    {
      "fingerprint": "1cac2dd0ffac26cd6d9da5e1aaeec36c0b3b7257af32c245d77b61e9b41ed8ac",
      "keyType": "RSA 2048",
      "notAfter": 2125-01-01T00:00:00.000Z,
      "notBefore": 2025-01-01T00:00:00.000Z,
      "subject": "CN=RSA Root, O=Demo",
      "uris": [],
    },
  ],
}
`);
});

test('all of it, and the digest that a lock knows it by', () => {
  const bundle = published(authorityOf(EAST), { sequence: 7n });
  const { digest, jwt, sequence } = bundleView(bundle);
  expect(digest).toBe(bundleDigest(canonicalBundle(bundle)));
  expect(jwt).toEqual([
    {
      keyId: bundle.jwt.authorities[0]?.keyId,
      keyType: 'EC P-256',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
  expect(sequence).toBe(7n);
});

test('what came and what went', () => {
  const authority = authorityOf(EAST);
  const was = published(authority);
  expect(bundleDifference(was, was)).toEqual({
    added: { x509: [], jwt: [] },
    removed: { x509: [], jwt: [] },
    isContinuous: true,
  });
  const other = published(authorityOf(EAST));
  const { added, removed, isContinuous } = bundleDifference(was, other);
  expect([added, removed]).toEqual(
    [other, was].map((each) => {
      const { x509, jwt } = bundleView(each);
      return { x509, jwt };
    }),
  );
  expect(isContinuous).toBe(false);
  // By a key for JWT-SVIDs no endpoint can be verified.
  const { trustDomain, jwt } = was;
  expect(bundleDifference(was, SpiffeBundle.of({ trustDomain, x509: other.x509, jwt })).isContinuous).toBe(false);
  authority.rotateJwtKey();
  expect(bundleDifference(was, published(authority))).toMatchObject({
    added: { x509: [], jwt: [{}] },
    isContinuous: true,
  });
});
