import { fetchOutcome } from '../../../lib/verify/checks/edge-fetches';
import type { FetchState } from '../../../lib/verify/observe/fetch-state';

const NOW = new Date('2026-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const good = (seconds: number) => ({ was: 'good' as const, time: ago(seconds), error: '' });
const begun = (seconds: number) => ({ was: 'begun' as const, time: ago(seconds), error: '' });
const failed = (seconds: number) => ({
  was: 'failed' as const,
  time: ago(seconds),
  error: 'dial tcp: lookup a: no such host',
});

test.each<[string, FetchState, string]>([
  ['a moment ago', { last: good(20) }, 'ok: fetches the bundle of west, and got it 20 s ago'],
  [
    'a moment ago, after failures',
    { last: good(20), counts: { good: 1, bad: 9 } },
    'ok: fetches the bundle of west, and got it 20 s ago',
  ],
  [
    'the same bundle for long, of which SPIRE writes nothing',
    { last: good(9000), counts: { good: 9, bad: 9 } },
    'ok: fetches the bundle of west, and got it 9000 s ago',
  ],
  [
    'failed',
    { last: failed(10), counts: { good: 9, bad: 9 } },
    'error: the last fetch of the bundle of west failed (2026-06-01T11:59:50.000Z): the host has no address where the server runs',
  ],
  [
    'failed, and the next try may still be under way',
    { last: failed(120), counts: { good: 9, bad: 9 } },
    'error: the last fetch of the bundle of west failed (2026-06-01T11:58:00.000Z): the host has no address where the server runs',
  ],
  [
    'failed, and not again when it was due',
    { last: failed(121), counts: { good: 9, bad: 9 } },
    'ok: fetches the bundle of west: the last failure was 121 s ago, and another try is due every 75 s',
  ],
  [
    'failed, and never good',
    { last: failed(121), counts: { good: 0, bad: 9 } },
    'error: has never fetched the bundle of west',
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
  ['begun, and got what it has', { last: begun(5), counts: { good: 1, bad: 0 } }, 'ok: fetches the bundle of west'],
  [
    'begun, and never good',
    { last: begun(5), counts: { good: 0, bad: 1 } },
    'error: has never fetched the bundle of west',
  ],
  [
    'begun, and not counted',
    { last: begun(5) },
    'warning: has begun to fetch the bundle of west 5 s ago, and how that went is not seen yet',
  ],
  ['begun long ago, and not counted', { last: begun(9000) }, 'ok: fetches the bundle of west'],
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
  expect(fetchOutcome({ last: failed(10), counts: { good: 9, bad: 2 } }, 'west', 75, NOW, 'server')).toMatchObject({
    evidence: 'dial tcp: lookup a: no such host; since its start 9 fetches were good, and 2 failed',
    causes: ['the DNS record is missing', 'the cluster asks another DNS server, which does not know it'],
  });
});

test.each<[string, FetchState]>([
  ['ended', { last: { was: 'ended', time: ago(60), error: '' } }],
  ['never tried', {}],
])('where the relationship may be gone, nobody is told to refresh it: %s', (_, state) => {
  expect(fetchOutcome(state, 'west', 75, NOW, 'server')).toMatchObject({
    causes: [expect.stringMatching(/: see V21 and V23$/)],
    next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation list',
  });
});
