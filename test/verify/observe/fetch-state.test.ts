import {
  FETCH_FAULTS,
  faultOf,
  fetchCounts,
  fetchStateOfLog,
  fetchStateOfMetrics,
} from '../../../lib/verify/observe/fetch-state';
import { logLines } from '../../../lib/verify/observe/log-lines';
import { recorded } from '../recorded';

const lines = logLines(recorded('server-log.txt'));
const metrics = fetchCounts(recorded('server-metrics.txt'));

test('a peer that is fetched', () => {
  const before = lines.filter(({ message }) => message !== 'No longer polling for updates');
  expect(fetchStateOfLog(before, 'west.example.com')).toEqual({
    last: { was: 'good', time: new Date('2026-11-29T15:10:56.648Z'), error: '' },
  });
  expect(fetchStateOfMetrics(metrics, 'west.example.com')).toEqual({ counts: { good: 3, bad: 0 } });
});

test('a peer where nothing listens', () => {
  const { last } = fetchStateOfLog(lines, 'gone.example.com');
  expect(last).toMatchObject({ was: 'failed', time: new Date('2026-11-29T15:10:26.676Z') });
  expect(faultOf(last?.error ?? '')?.means).toBe('nobody listens at the endpoint');
  expect(fetchStateOfMetrics(metrics, 'gone.example.com')).toEqual({ counts: { good: 0, bad: 1 } });
});

test('a peer that is fetched no more', () => {
  expect(fetchStateOfLog(lines, 'west.example.com')).toMatchObject({ last: { was: 'ended', error: '' } });
});

test('a peer that is fetched again, and serves what is there already', () => {
  const again = lines.find(({ message }) => message === 'Trust domain is now managed');
  expect(fetchStateOfLog([...lines, ...(again ? [again] : [])], 'west.example.com')).toEqual({
    last: { was: 'begun', time: new Date('2026-11-29T15:10:26.627Z'), error: '' },
  });
});

test('a peer of which nothing is said', () => {
  expect([fetchStateOfLog(lines, 'none.example.com'), fetchStateOfMetrics(metrics, 'none.example.com')]).toEqual([
    {},
    {},
  ]);
});

// As Go and SPIRE say them.
test.each([
  ["can't perform SPIFFE Authentication: local copy of bundle not found", /no bundle to begin with/],
  [
    'failed to fetch bundle: failed to authenticate bundle endpoint: server certificate contains no URI SAN',
    /shows no X\.509-SVID/,
  ],
  [
    'tls: failed to verify certificate: x509: certificate is valid for a.example.com, not b.example.com',
    /for another host/,
  ],
  ['tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time', /has ended/],
  ['tls: failed to verify certificate: x509: certificate signed by unknown authority', /does not believe/],
  ['dial tcp: lookup federation.west.example.com on 10.96.0.10:53: no such host', /has no address/],
  ['dial tcp 10.0.0.1:443: connect: connection refused', /nobody listens/],
  ['proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused', /the proxy of the server/],
  ['dial tcp 10.0.0.1:443: i/o timeout', /cannot be reached/],
  ['unexpected status 503 fetching bundle: no', /not with a bundle/],
])('%s', (error, means) => {
  expect(faultOf(error)?.means).toMatch(means);
});

test('an error that nobody knows', () => {
  expect(faultOf('something else')).toBeUndefined();
  expect(FETCH_FAULTS.every(({ causes }) => causes.length > 0)).toBe(true);
});
