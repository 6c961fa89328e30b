import { bundleFileName, contentHash, readBundleFileName } from '../../../lib/federation/bundles';

test('a file is called by whose bundle it holds and what that is', () => {
  const name = bundleFileName('west.example.com', 'text');
  expect(name).toBe('west.example.com.982d9e3eb996f559.json');
  expect(readBundleFileName(name)).toEqual({ trustDomain: 'west.example.com', hash: contentHash('text') });
});

test('a trust domain that ends like a hash', () => {
  const trustDomain = 'west.0123456789abcdef';
  expect(readBundleFileName(bundleFileName(trustDomain, ''))?.trustDomain).toBe(trustDomain);
});

test.each([
  'west.example.com.json',
  'west.example.com.982d9e3eb996f55.json',
  'west.example.com.982D9E3EB996F559.json',
  'West.982d9e3eb996f559.json',
  '.982d9e3eb996f559.json',
  'west.example.com.982d9e3eb996f559.json.bak',
  'README.md',
])('%s is no name of a bundle', (name) => {
  expect(readBundleFileName(name)).toBeUndefined();
});
