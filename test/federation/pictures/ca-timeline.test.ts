import fc from 'fast-check';
import { caTimelineSvg, meshFrom } from '../../../lib/federation';
import { caRows } from '../../../lib/federation/pictures/ca-rows';
import { LONGEST, memberAt, meshOf, timesMesh } from './fixtures';
import { all, hasClass, numberOf, outside, overlaps, read, textsOf } from './svg';

const DAY = 24 * 3600;

test('members with equal settings share a row, those with the fewest chances first', () => {
  const { rows, left, unknown } = caRows(meshOf(40));
  expect(rows.map(({ caTtl, hint, interval, members }) => [caTtl, hint, interval, members.length])).toEqual([
    [3600, 300, 75, 3],
    [DAY, 900, 225, 15],
    [DAY, 300, 75, 11],
    [DAY, undefined, undefined, 2],
    [3600, undefined, undefined, 1],
  ]);
  expect([left, unknown.length]).toEqual([0, 8]);
});

test('what SPIRE does by the clock', () => {
  const of = (caTtl: number, hint?: number) => {
    const [row] = caRows(timesMesh([[caTtl, hint]])).rows;
    return [row?.preparedBefore, row?.activatedBefore, row?.ahead, row?.interval, row?.hints].map(
      (it) => it && it / 60,
    );
  };
  expect(of(DAY, 300)).toEqual([12 * 60, 4 * 60, 8 * 60, 1.25, 96 / 60]);
  expect(of(365 * DAY, DAY)).toEqual([30 * 1440, 7 * 1440, 23 * 1440, 360, 23 / 60]);
  // Without a hint, by a tenth of the lifetime; and no hint is shorter than a minute.
  expect(of(DAY)).toEqual([720, 240, 480, 36, undefined]);
  expect(of(DAY, 1)).toEqual([720, 240, 480, 0.25, 8]);
});

test('a cluster that says nothing has what SPIRE has where nothing is set', () => {
  const { caTtl, endpoint, ...member } = memberAt(0);
  const { refreshHint, ...silent } = endpoint as NonNullable<typeof endpoint>;
  const [row] = caRows(meshFrom({ members: [{ ...member, endpoint: silent }], edges: [] })).rows;
  expect([row?.caTtl, row?.hint]).toEqual([DAY, 300]);
});

test('bars are where the times are', () => {
  const root = read(caTimelineSvg(timesMesh([[DAY, 300]])));
  const bars = all(root, 'rect').filter((rect) => /^(signs|held|over)\d$/.test(rect.getAttribute('class') ?? ''));
  const [first] = bars;
  const start = first ? numberOf(first, 'x') : 0;
  // 24 h are 436 pixels.
  const hours = (value: number) => Math.round((value / 436) * 240) / 10;
  const shown = bars.slice(0, 5).map((bar) => {
    const from = numberOf(bar, 'x') - start;
    return [bar.getAttribute('class'), hours(from), hours(from + numberOf(bar, 'width'))];
  });
  expect(shown.slice(0, 2).concat(shown.slice(3, 4))).toEqual([
    ['signs0', 0, 20],
    ['held0', 20, 24],
    ['held1', 12, 20],
  ]);
});

test('what a row says', () => {
  const texts = textsOf(read(caTimelineSvg(timesMesh()))).map(({ text }) => text);
  expect(texts.slice(0, 22)).toMatchInlineSnapshot(`
[
  "From one CA to the next",
  "6 members · 6 settings",
  "CA 2h",
  "refresh hint 15m",
  "1 member",
  "platform/staging-eu-central-1-6",
  "this CA signs",
  "kept 24h more",
  "W = 40m",
  "the next one signs",
  "10 fetches, every 3m45s",
  "W is 2.6 × the hint",
  "next is published",
  "1h",
  "and signs",
  "1h40m",
  "ends",
  "2h",
  "CA 24h",
  "refresh hint 2h",
  "1 member",
  "platform/edge-eu-central-1-11",
]
`);
  expect(texts.filter((text) => /^\d+ fetch/.test(text))).toEqual([
    '10 fetches, every 3m45s',
    '16 fetches, every 30m',
    '92 fetches, every 6h',
    '384 fetches, every 1m15s',
    '960 fetches, every 15m',
    '13 fetches, every 1h48m',
  ]);
});

test('too few chances are marked', () => {
  const marked = (hint: number) => {
    const root = read(caTimelineSvg(timesMesh([[DAY, hint]])));
    return all(root, 'circle').map((circle) => circle.getAttribute('class'));
  };
  // 8 hours: 3 times the hint at least, and 5 times where all is well.
  expect([marked(10_000), marked(9000), marked(5760)]).toEqual([['mark-error'], ['mark-warning'], []]);
});

test('each fetch has a tick, where there is room for them', () => {
  const ticks = (hint: number) => {
    const path = all(read(caTimelineSvg(timesMesh([[DAY, hint]]))), 'path').find((it) => hasClass(it, 'tick'));
    return path?.getAttribute('d')?.match(/M/g)?.length;
  };
  expect([ticks(7200), ticks(2880), ticks(300)]).toEqual([16, 40, 45]);
});

test.each([0, 1, 12, 40, 1000])(
  '%i members: no text lies on another, all are in it, and the size is bounded',
  (count) => {
    const svg = caTimelineSvg(meshOf(count, 'none'), { title: LONGEST });
    const root = read(svg);
    const texts = textsOf(root);
    expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
    expect(svg.length).toBeLessThan(60_000);
    expect(caTimelineSvg(meshOf(count, 'none'), { title: LONGEST })).toBe(svg);
  },
);

test('no more than twelve settings are drawn', () => {
  const many = timesMesh(Array.from({ length: 1000 }, (_, index) => [DAY + index * 60, 300] as const));
  const root = read(caTimelineSvg(many));
  const texts = textsOf(root).map(({ text }) => text);
  expect(texts.filter((text) => text === 'this CA signs')).toHaveLength(12);
  expect(texts).toContain('and 988 settings more, with more chances to be seen');
});

test('whatever the times are, no text lies on another', () => {
  const caTtl = fc.integer({ min: 1, max: 100 * 365 * DAY });
  const hint = fc.option(fc.integer({ min: 1, max: 365 * DAY }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(fc.tuple(caTtl, hint), { minLength: 1, maxLength: 4 }), (settings) => {
      const root = read(caTimelineSvg(timesMesh(settings)));
      const texts = textsOf(root);
      expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
    }),
  );
});
