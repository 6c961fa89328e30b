import { fetchOutcome } from '../../../lib/verify/checks/edge-fetches';
import type { FetchState } from '../../../lib/verify/observe/fetch-state';

const NOW = new Date('2026-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const good = (seconds: number) => ({ was: 'good' as const, time: ago(seconds), error: '' });
const bad = { was: 'failed' as const, time: ago(10), error: 'dial tcp: lookup a: no such host' };

test.each<[string, FetchState, string]>([
  ['a moment ago', { last: good(20) }, 'ok: fetched the bundle of west 20 s ago'],
  [
    'a moment ago, after failures',
    { last: good(20), counts: { good: 1, bad: 9 } },
    'ok: fetched the bundle of west 20 s ago',
  ],
  [
    'long ago',
    { last: good(9000), counts: { good: 9, bad: 9 } },
    'warning: the last fetch of the bundle of west that was seen is 9000 s ago, and one is due every 75 s',
  ],
  [
    'failed',
    { last: bad, counts: { good: 9, bad: 9 } },
    'error: the last fetch of the bundle of west failed (2026-06-01T11:59:50.000Z): the host has no address where the server runs',
  ],
  [
    'failed for a reason that nobody knows',
    { last: { was: 'failed', error: 'something' } },
    'error: the last fetch of the bundle of west failed',
  ],
  [
    'not any more',
    { last: { was: 'ended', time: ago(60), error: '' } },
    'error: does not fetch the bundle of west any more (2026-06-01T11:59:00.000Z)',
  ],
  ['only counted', { counts: { good: 9, bad: 0 } }, 'ok: fetches the bundle of west'],
  ['only counted, never good', { counts: { good: 0, bad: 9 } }, 'error: has never fetched the bundle of west'],
  [
    'only counted, not always good',
    { counts: { good: 9, bad: 1 } },
    'warning: not all fetches of the bundle of west are good',
  ],
  ['not seen', {}, 'error: has never tried to fetch the bundle of west, as far as can be seen'],
])('%s', (_, state, outcome) => {
  const { state: verdict, what } = fetchOutcome(state, 'west', 75, NOW, 'server');
  expect(`${verdict}: ${what}`).toBe(outcome);
});

test('the error and the counters are the evidence, and the error has causes of its own', () => {
  expect(fetchOutcome({ last: bad, counts: { good: 9, bad: 2 } }, 'west', 75, NOW, 'server')).toMatchObject({
    evidence: 'dial tcp: lookup a: no such host; since its start 9 fetches were good, and 2 failed',
    causes: ['the DNS record is missing', 'the cluster asks another DNS server, which does not know it'],
  });
});
