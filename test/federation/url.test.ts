import { hostIn, normalUrl, withoutUserInfo } from '../../lib/federation/url';

test('the host in a URL, and of what is none the text without its password', () => {
  expect(['https://A.example.:8443/x', 'https://[::1]/', 'https://u:p@', 'west'].map(hostIn)).toEqual([
    'a.example',
    '::1',
    'https://…@',
    'west',
  ]);
});

test('one way to write a URL', () => {
  expect(['HTTPS://A.example:443', 'https://a.example/'].map(normalUrl)).toEqual(Array(2).fill('https://a.example/'));
  expect(normalUrl('nowhere')).toBe('nowhere');
});

test('passwords are not shown', () => {
  expect(['https://user:secret@a.example/', 'https://a.example/@x'].map(withoutUserInfo)).toEqual([
    'https://…@a.example/',
    'https://a.example/@x',
  ]);
});
