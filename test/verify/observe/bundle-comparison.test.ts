import { authorityWords, compareBundles } from '../../../lib/verify/observe/bundle-comparison';
import { eastHeld, eastOwn, westOwn } from '../recorded';

test('a bundle is equal to itself', () => {
  const { isEqual, missing, surplus } = compareBundles(westOwn(), westOwn());
  expect({ isEqual, words: [missing, surplus].map(authorityWords) }).toEqual({ isEqual: true, words: ['', ''] });
});

test('the authority that was prepared after the last fetch is missing', () => {
  const { isEqual, missing, surplus } = compareBundles(eastHeld(), westOwn());
  expect({ isEqual, missing: authorityWords(missing), surplus: authorityWords(surplus) }).toEqual({
    isEqual: false,
    missing: 'X.509 authority 65042edb85d2… (until 2026-11-29T16:10:59.000Z)',
    surplus: '',
  });
});

test('that of another trust domain: all is missing, and all is surplus', () => {
  const { missing, surplus } = compareBundles(eastOwn(), eastHeld());
  expect(authorityWords(missing)).toMatch(/^X\.509 authority 6e03e8a00464… \(until 2026-.*\), JWT key vAzkdqhGE5I4…$/);
  expect(authorityWords(surplus)).toMatch(/^X\.509 authority c333ec2cda15… \(until 2026-.*\), JWT key WLzc7uH9sv5N…$/);
});

test('a JWT key with the same id and another key is another one', () => {
  const own = eastOwn();
  const [key] = own.jwt;
  const other = { ...own, jwt: [{ keyId: key?.keyId ?? '', fingerprint: 'ff', tainted: false }] };
  expect(compareBundles(other, own).isEqual).toBe(false);
});
