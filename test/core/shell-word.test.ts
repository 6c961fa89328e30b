import { shellWord } from '../../lib/core';

test.each([
  ['crd/a.b', 'crd/a.b'],
  ['--for=jsonpath={.a[0]}', "'--for=jsonpath={.a[0]}'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('the word %j is written %s', (word, written) => {
  expect(shellWord(word)).toBe(written);
});
