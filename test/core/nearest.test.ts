import { nearest } from '../../lib/core/nearest';

const KNOWN = ['prove', 'graph', 'rules'];

test.each([
  ['prov', 'prove'],
  ['porve', 'prove'],
  ['gaph', 'graph'],
  ['rulez', 'rules'],
  ['rul', 'rules'],
  ['prove', 'prove'],
])('%s is near to %s', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(`; did you mean '${meant}'?`);
});

test.each(['draw', '', 'ru', 'synthesize'])('%j is near to none', (word) => {
  expect(nearest(word, KNOWN)).toBe('');
});

test('the nearest of several; of equal ones the first', () => {
  expect(nearest('cat', ['cart', 'cat', 'bat'])).toBe("; did you mean 'cat'?");
  expect(nearest('hat', ['cat', 'bat'])).toBe("; did you mean 'cat'?");
});
