import { verifyX509Svid } from '../../src/svid';
import { PathCache } from '../../src/svid/path-cache';
import { authorityOf, NOW } from './fixtures';

const authority = authorityOf();

test('there is one for each bundle', () => {
  const bundle = authority.x509Bundle();
  expect(PathCache.of(bundle)).toBe(PathCache.of(bundle));
  expect(PathCache.of(authority.x509Bundle())).not.toBe(PathCache.of(bundle));
});

test('keys tell chains apart, also where the bytes are divided', () => {
  const key = (...parts: string[]) => PathCache.keyOf(parts.map((part) => Buffer.from(part)));
  expect(key('ab', 'c')).toBe(key('ab', 'c'));
  const keys = [key('abc'), key('ab', 'c'), key('a', 'bc'), key('a', 'b', 'c'), key('abc', ''), key('1:abc')];
  expect(new Set(keys).size).toBe(keys.length);
});

test('chains of more than 16 KiB are not kept', () => {
  expect(PathCache.keyOf([Buffer.alloc(16384)])).toBeDefined();
  expect(PathCache.keyOf([Buffer.alloc(16384), Buffer.alloc(1)])).toBeUndefined();
  const large = authority.issue({
    path: '/large',
    extraExtensions: [{ oid: '1.2.3', critical: false, value: Buffer.alloc(20_000) }],
  });
  const bundle = authority.x509Bundle();
  const verify = () => verifyX509Svid(large.chain, bundle, { now: NOW });
  expect(verify()).not.toBe(verify());
  expect(verify()).toEqual(verify());
});

test('256 chains are kept, and those that were used last', () => {
  const bundle = authority.x509Bundle();
  const svid = verifyX509Svid(authority.issue('/web').chain, bundle, { now: NOW });
  const cache = PathCache.of(authority.x509Bundle());
  for (let i = 0; i < 256; i++) {
    cache.set(`${i}`, svid);
  }
  expect(cache.get('0', NOW)).toBe(svid);
  cache.set('256', svid);
  expect(cache.get('1', NOW)).toBeUndefined();
  expect(cache.get('0', NOW)).toBe(svid);
  expect(cache.get('256', NOW)).toBe(svid);
});

test('a path counts while all of its certificates are valid', () => {
  const bundle = authority.x509Bundle();
  const { chain } = authority.issue({ path: '/web', notBefore: NOW - 1000, notAfter: NOW + 1000 });
  const svid = verifyX509Svid(chain, bundle, { now: NOW });
  const key = PathCache.keyOf(chain) as string;
  const at = (now: number) => PathCache.of(bundle).get(key, now) === svid;
  expect([NOW - 1001, NOW - 1000, NOW + 1000, NOW + 1001, Number.NaN].map(at)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});
