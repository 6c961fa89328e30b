import { X509Certificate } from 'node:crypto';
import { bundleOfRoots } from '../../lib/federation';
import { earliestEnd } from '../../lib/federation/seed';
import { bundleFindings } from '../../lib/registration';
import { untyped } from './fixtures';
import { EAST_ROOT, ENDED_CA, PSS_ROOT, RSA_ROOT, WEST_ROOT } from './fixtures-certificates';

test('the bundle of an EC root', () => {
  expect(JSON.parse(bundleOfRoots(EAST_ROOT))).toMatchInlineSnapshot(`
{
  "keys": [
    {
      "crv": "P-256",
      "kty": "EC",
      "use": "x509-svid",
      "x": "gyiNxU7bHXiyKPmHQ9EnMArtWxyzDbnjIKcB2dFS6A4",
      "x5c": [
        "MIIBpjCCAUygAwIBAgIIdohNL1tbjLIwCgYIKoZIzj0EAwIwIzENMAsGA1UECgwERGVtbzESMBAGA1UEAwwJRWFzdCBSb290MCAXDTI1MDEwMTAwMDAwMFoYDzIxMjUwMTAxMDAwMDAwWjAjMQ0wCwYDVQQKDAREZW1vMRIwEAYDVQQDDAlFYXN0IFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASDKI3FTtsdeLIo+YdD0ScwCu1bHLMNueMgpwHZ0VLoDuzDpuiGTQB+1bUijmzKFYqJVgLWxJGD0fjeqwmdEZ6ao2gwZjAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUpjdzDmpRX35+8vthKIJ9zTzrJ4EwJAYDVR0RBB0wG4YZc3BpZmZlOi8vZWFzdC5leGFtcGxlLm9yZzAKBggqhkjOPQQDAgNIADBFAiB8JdAEXqCGaUpP3v3o9earjG9d5LjY/7mN3Lz4quAPKAIhAL2HiW0qBkaGpd5R85XF7GZYOatyEkVasNm2NCDE6Tvx",
      ],
      "y": "7MOm6IZNAH7VtSKObMoViolWAtbEkYPR-N6rCZ0Rnpo",
    },
  ],
}
`);
});

test('parameters stand in the order in which SPIRE writes them', () => {
  const shape = (pem: string) => Object.keys(JSON.parse(bundleOfRoots(pem)).keys[0]);
  expect(shape(EAST_ROOT)).toEqual(['use', 'kty', 'crv', 'x', 'y', 'x5c']);
  expect(shape(RSA_ROOT)).toEqual(['use', 'kty', 'n', 'e', 'x5c']);
});

test('the certificates come out as they went in, in their order', () => {
  const bundle = bundleOfRoots(`${WEST_ROOT}${RSA_ROOT}`, { refreshHint: 300 });
  expect(bundleFindings('bundle', bundle)).toEqual([]);
  const { keys, spiffe_refresh_hint: hint } = JSON.parse(bundle);
  expect(hint).toBe(300);
  expect(keys.map(({ x5c }: { x5c: string[] }) => x5c)).toEqual(
    [WEST_ROOT, RSA_ROOT].map((pem) => [new X509Certificate(pem).raw.toString('base64')]),
  );
});

test('the same roots give the same text, however they are written', () => {
  const text = bundleOfRoots(WEST_ROOT);
  expect(bundleOfRoots(`# the root\r\n${WEST_ROOT.replaceAll('\n', '\r\n')}`)).toBe(text);
  expect(bundleOfRoots(`${WEST_ROOT}${WEST_ROOT}`)).toBe(text);
});

test.each([
  [undefined, undefined],
  [0, undefined],
  [-5, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [0.5, 1],
  [300, 300],
])('the hint %p is written as %p: SPIRE reads whole numbers', (refreshHint, hint) => {
  expect(JSON.parse(bundleOfRoots(WEST_ROOT, { refreshHint })).spiffe_refresh_hint).toBe(hint);
});

test.each([
  ['nothing', undefined],
  ['text', 'MII'],
  ['a certificate that is cut off', `${EAST_ROOT}${WEST_ROOT.slice(0, 100)}`],
  ['a root of a kind that there is no JWK for', `${EAST_ROOT}${PSS_ROOT}`],
])('%s gives a bundle without keys, which the rules report', (_, pem) => {
  const bundle = bundleOfRoots(untyped(pem), untyped(null));
  expect(bundle).toBe('{"keys":[]}');
  expect(bundleFindings('seed', bundle)).toMatchObject([
    { property: 'seed', message: expect.stringContaining('has no key') },
  ]);
});

test('the end of the first that ends', () => {
  expect(earliestEnd(`${EAST_ROOT}${ENDED_CA}`)).toBe(Date.parse('2021-01-01T00:00:00Z'));
  expect(earliestEnd('MII')).toBeUndefined();
});
