import fc from 'fast-check';
import {
  cleanText,
  element,
  escapeXml,
  fitted,
  fittedList,
  label,
  pixels,
  shortened,
  TEXTS,
  tooltip,
  widthOf,
} from '../../../lib/federation/pictures/svg-text';

test('what would end a text, or begin something else, is written as a number', () => {
  expect(escapeXml(`a<b>&"c"'d'`)).toBe('a&#60;b&#62;&#38;&#34;c&#34;&#39;d&#39;');
  expect(element('rect', { x: 1, class: undefined, width: 2.25 })).toBe('<rect x="1" width="2.3"/>');
  expect(element('path', { d: 'M0 0"' }, '<title/>')).toBe('<path d="M0 0&#34;"><title/></path>');
  expect(tooltip('a<', 'b')).toBe('<title>a&#60;\nb</title>');
});

test('what cannot be shown, or would turn what follows, is replaced', () => {
  expect(cleanText('a\nb\t c')).toBe('a b c');
  expect(cleanText('a\u0000b\u001bc\u0085d\ufffee')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde');
  expect(cleanText('a\u202eb\u2066c\u200fd')).toBe('a\ufffdb\ufffdc\ufffdd');
  expect(cleanText('a\ud800b')).toBe('a\ufffdb');
  expect(cleanText('x'.repeat(1_000_000))).toHaveLength(301);
});

test('pixels are written short, and never as minus nothing', () => {
  expect([0, -0, -0.01, 1, 1.25, 1.04, -3.14, 1e6].map(pixels)).toEqual([
    '0',
    '0',
    '0',
    '1',
    '1.3',
    '1',
    '-3.1',
    '1000000',
  ]);
});

test('what is too long loses its middle', () => {
  const style = TEXTS.text;
  expect(fitted('cluster1', 200, style)).toBe('cluster1');
  expect(fitted('apps.cluster1.clusters.example.com', 120, style)).toBe('apps.clust…e.com');
  expect(fitted('apps.cluster1.clusters.example.com', 0, style)).toBe('…');
  expect(fitted('  a  ', 200, style)).toBe('a');
  expect(fitted('東京東京東京東京東京', 100, style)).toBe('東京東京…京');
  expect(fitted('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 50, style)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
});

test('as many names as there is room for', () => {
  const names = ['a.example', 'b.example', 'c.example', 'd.example'];
  expect(fittedList(names, 400, TEXTS.small)).toBe('a.example, b.example, c.example, d.example');
  expect(fittedList(names, 200, TEXTS.small)).toBe('a.example, b.example and 2 more');
  expect(fittedList(names, 60, TEXTS.small)).toBe('a.exa…re');
  expect(fittedList([], 60, TEXTS.small)).toBe('');
});

test('the languages of others get a bounded text', () => {
  expect(shortened('x'.repeat(60))).toBe('x'.repeat(60));
  expect(shortened(`${'a'.repeat(60)}${'b'.repeat(60)}`)).toBe(`${'a'.repeat(39)}…${'b'.repeat(20)}`);
});

test('characters that fonts know in any width are told theirs', () => {
  expect(label('östlich', { x: 1, y: 2 })).toBe('<text class="text" x="1" y="2">östlich</text>');
  expect(label('東', { x: 1, y: 2, as: 'name', anchor: 'end', colour: 'muted' })).toBe(
    '<text class="name muted" x="1" y="2" text-anchor="end" textLength="18.2" lengthAdjust="spacingAndGlyphs">東</text>',
  );
  expect(label('a', { x: 1, y: 2, turned: -90 })).toBe(
    '<text class="text" x="1" y="2" transform="rotate(-90 1 2)">a</text>',
  );
});

test('whatever the text is, it fits, and is not empty if there is one', () => {
  const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }));
  fc.assert(
    fc.property(
      any,
      fc.integer({ min: 20, max: 400 }),
      fc.constantFrom(...Object.values(TEXTS)),
      (text, width, style) => {
        const shown = fitted(text, width, style);
        expect(widthOf(shown, style)).toBeLessThanOrEqual(Math.max(width, style.size * 1.2));
        expect(shown === '').toBe(cleanText(text).trim() === '');
      },
    ),
  );
});
