import { bundleOfRoots, type Member } from '../../../lib/federation';
import { bundleSizeOf } from '../../../lib/federation/analysis/bundle-size';
import { EAST_ROOT, RSA_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { memberOf } from './fixtures';

/** Bytes of certificates in PEM. */
const derOf = (pem: string): number =>
  Buffer.from(pem.replaceAll(/-----(BEGIN|END) CERTIFICATE-----/g, ''), 'base64').length;

/** The trust domain has 27 letters. */
const sizeOf = (given: Partial<Member>) =>
  bundleSizeOf(memberOf('federation', { trustDomain: 'a'.repeat(27), ...given }));

test.each([
  ['ec-p256', 531, 256],
  ['ec-p384', 593, 298],
  ['rsa-2048', 927, 489],
  ['rsa-4096', 1439, 830],
])('a CA that signs itself, with %s', (keyType, certificate, key) => {
  // Of a day: made every 12 hours, and kept for a day after its end.
  const { certificates, keys } = sizeOf({ keyType });
  expect([certificates / 4, (keys - 22) / 4]).toEqual([certificate, key]);
});

test('the letters of the trust domain are in each certificate', () => {
  expect(sizeOf({ trustDomain: 'a.example' }).certificates).toBe(4 * (504 + 'a.example'.length));
});

test.each([
  // 1 hour: one each half an hour, kept for 25 hours.
  [3600, 1, 50],
  [24 * 3600, 1, 4],
  [24 * 3600, 3, 12],
  [7 * 24 * 3600, 1, 2],
  [365 * 24 * 3600, 1, 1],
  [undefined, 1, 4],
])('a CA of %p seconds at %p servers is there %p times', (caTtl, replicas, generations) => {
  const { certificates, keys, message } = sizeOf({ caTtl: caTtl as number, replicas });
  expect(certificates).toBe(generations * 531);
  expect(keys).toBe(22 + generations * 256);
  expect(message).toBe(generations * (531 + 91 + 44));
});

test('below an upstream authority it has the roots, and the JWT keys of its own', () => {
  const { certificates, keys } = sizeOf({ upstream: { roots: `${EAST_ROOT}${RSA_ROOT}` } });
  expect(certificates).toBe(derOf(EAST_ROOT) + derOf(RSA_ROOT));
  expect(keys).toBe(22 + 4 * 256);
  expect(sizeOf({ upstream: {}, seed: { bundle: bundleOfRoots(WEST_ROOT) } }).certificates).toBe(derOf(WEST_ROOT));
});

test('of a foreign system it has what the seed holds, or one CA', () => {
  const platform = 'external' as const;
  expect(sizeOf({ platform, seed: { bundle: bundleOfRoots(`${EAST_ROOT}${WEST_ROOT}`) } }).certificates).toBe(
    derOf(EAST_ROOT) + derOf(WEST_ROOT),
  );
  expect(sizeOf({ platform })).toEqual({ certificates: 531, keys: 22 + 256, message: 531 + 91 + 44 });
});

test('what cannot be read is as small as can be', () => {
  expect(sizeOf({ keyType: 'x', upstream: { roots: 'MII' }, seed: { bundle: '{' } }).certificates).toBe(531);
});
