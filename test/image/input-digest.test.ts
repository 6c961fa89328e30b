import { digestOf } from '../../lib/image';
import { inputDigest } from '../../lib/image/input-digest';

const of = (manifest: unknown, path = 'package.json') => inputDigest(path, Buffer.from(JSON.stringify(manifest)));

test('of a file it is that of its content', () => {
  expect(inputDigest('src/server.ts', Buffer.from('x'))).toBe(digestOf('x'));
});

test('a package.json with another script, tool or author is the same', () => {
  const manifest = { name: 'shop', version: '1.0.0', type: 'module' };
  const same = { ...manifest, scripts: { test: 'jest' }, devDependencies: { jest: '30' }, author: 'somebody' };
  expect(of(same, 'packages/shop/package.json')).toBe(of(manifest));
  expect(inputDigest('package.json', Buffer.from(JSON.stringify(manifest, undefined, 4)))).toBe(of(manifest));
});

test.each([
  ['version', '1.0.1'],
  ['type', 'commonjs'],
  ['exports', './other.js'],
  ['sideEffects', false],
  ['dependencies', { undici: '7' }],
])('one with another %s is another one', (field, value) => {
  const manifest = { name: 'shop', version: '1.0.0', type: 'module' };
  expect(of({ ...manifest, [field]: value })).not.toBe(of(manifest));
});

test.each(['no JSON', '[]', 'null', ''])('what is none counts as it is: %p', (text) => {
  expect(inputDigest('package.json', Buffer.from(text))).toBe(digestOf(text));
});
