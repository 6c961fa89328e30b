import { agentsAsk, fetchedBy, longestOf, part, pollOf, reconciled, waitOf } from '../../../lib/federation/plan/waits';
import { memberOf } from '../analysis/fixtures';

test('a wait is the sum of its parts', () => {
  expect(waitOf(reconciled('entries'), undefined, agentsAsk())).toEqual({
    seconds: 15,
    parts: [
      { seconds: 10, because: 'the controller manager makes entries within 10s' },
      { seconds: 5, because: 'agents ask every 5s', unseen: true },
    ],
  });
  expect(waitOf()).toEqual({ seconds: 0, parts: [] });
});

test('no part is rounded down', () => {
  expect(part(16.25, 'it').seconds).toBe(17);
});

test('of what goes on at the same time the longest counts', () => {
  expect(longestOf([part(1, 'a'), part(3, 'b'), part(3, 'c')])?.because).toBe('b');
  expect(longestOf([])).toBeUndefined();
});

describe('until a bundle is fetched', () => {
  const foreign = (fetches: object) =>
    memberOf('partner', { platform: 'external', fetches: { profiles: ['https_web'], ...fetches } });

  test.each([
    [
      'a quarter of the hint',
      memberOf('east'),
      memberOf('west'),
      75,
      'servers fetch the bundle of west every 1m15s, by its hint of 5m',
    ],
    [
      'never more often than every 15 s',
      memberOf('east'),
      memberOf('west', { endpoint: { refreshHint: 10 } }),
      15,
      'servers fetch the bundle of west every 15s, by its hint of 10s',
    ],
    [
      'as foreign systems say',
      foreign({ interval: 600 }),
      memberOf('west'),
      600,
      'partner fetches the bundle of west every 10m',
    ],
    [
      'as often as foreign systems do within the hint',
      foreign({ fetchesPerHint: 1 }),
      memberOf('west'),
      300,
      'partner fetches the bundle of west every 5m, by its hint of 5m',
    ],
  ])('%s', (_, consumer, provider, seconds, because) => {
    expect(pollOf(consumer, provider)).toBe(seconds);
    expect(fetchedBy([consumer], provider)).toEqual({ seconds, because });
  });

  test('the slowest of all', () => {
    expect(fetchedBy([memberOf('east'), foreign({ interval: 600 })], memberOf('west'))?.seconds).toBe(600);
  });

  test('by nobody, or unknown', () => {
    const unknown = memberOf('west', { platform: 'external', endpoint: { servedBySpire: false } });
    const { refreshHint: _, ...endpoint } = unknown.endpoint ?? {};
    expect(fetchedBy([], memberOf('west'))).toBeUndefined();
    expect(fetchedBy([memberOf('east')], { ...unknown, endpoint: endpoint as never })).toBeUndefined();
  });
});
