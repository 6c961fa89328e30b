import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { xmlElement } from '../../../lib/cli/report/xml';

const parse = (lines: readonly string[]) =>
  new DOMParser({
    onError: (level, message) => {
      // It warns of what stands for characters that XML cannot hold.
      if (!message.includes('replacement character')) throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(lines.join('\n'), 'text/xml').documentElement;

test('an empty element, one with text, one with others', () => {
  expect(xmlElement('a', {})).toEqual(['<a/>']);
  expect(xmlElement('a', { b: 1, c: 'x' }, '')).toEqual(['<a b="1" c="x"></a>']);
  expect(xmlElement('a', {}, [...xmlElement('b', {}, 'two\nlines'), ...xmlElement('c', {})])).toEqual([
    '<a>',
    '  <b>two\nlines</b>',
    '  <c/>',
    '</a>',
  ]);
});

test('what XML reads as more than text, and what it cannot hold', () => {
  expect(xmlElement('a', { b: `<&>"'\t\n\r` }, `<&>"'\t\n\r]]>`)).toEqual([
    `<a b="&lt;&amp;&gt;&quot;'&#9;&#10;&#13;">&lt;&amp;&gt;&quot;'\t\n&#13;]]&gt;</a>`,
  ]);
  expect(xmlElement('a', {}, '\u0000\u001b\ud800x\udc00\ufffe\uffff\u0085😀')).toEqual([
    '<a>\ufffd\ufffd\ufffdx\ufffd\ufffd\ufffd\u0085😀</a>',
  ]);
});

test('a reader gets what was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const element = parse(xmlElement('a', { b: text }, text));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
      const kept = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
      expect(element?.getAttribute('b')).toBe(kept);
      expect(element?.textContent).toBe(kept);
    }),
  );
});
