import { faultsIn, LOG_FAULTS } from '../../../lib/verify/observe/log-faults';
import { logLines } from '../../../lib/verify/observe/log-lines';
import { recorded } from '../recorded';

const EVER = new Date(0);

test('of a real server: an entry that names a trust domain without bundle, and nothing else', () => {
  const found = faultsIn(logLines(recorded('server-log.txt')), 'spire-server', EVER);
  expect(found.map(({ fault, count, last }) => [fault.means, count, last.message])).toEqual([
    [
      'an entry names a trust domain whose bundle the server does not hold: it is not made, and its workload gets no identity',
      1,
      'Failed to create entry',
    ],
  ]);
});

test('of a real controller manager: the same, twice', () => {
  const found = faultsIn(logLines(recorded('manager-log.txt')), 'spire-controller-manager', EVER);
  expect(found.map(({ fault, count }) => [fault.means, count])).toEqual([
    ['the server refuses an entry: its workload gets no identity, or keeps an old one', 2],
  ]);
});

test('what was not said for a while is over', () => {
  const lines = logLines(recorded('server-log.txt'));
  expect(faultsIn(lines, 'spire-server', new Date('2026-11-29T15:10:26Z'))).toHaveLength(1);
  expect(faultsIn(lines, 'spire-server', new Date('2026-11-29T15:10:27Z'))).toEqual([]);
});

// As the source of SPIRE 1.15.3 and of the controller manager 0.7.0 has them.
test.each([
  ['spire-server', 'level=error msg="Unable to rotate X509 CA" error="no"', /next authority cannot be made/],
  ['spire-server', 'level=error msg="Unable to rotate JWT key" error="no"', /next authority cannot be made/],
  ['spire-server', 'level=warning msg="X509CA slot unusable" slot_id=A', /key of an authority is lost/],
  ['spire-server', 'level=error msg="Failed to publish bundle" error="no"', /bundle is not published/],
  [
    'spire-server',
    'level=warning msg="Notifier failed to handle event" error="no"',
    /ConfigMap from which agents start/,
  ],
  [
    'spire-server',
    'level=warning msg="Ignoring federation relationship with unknown profile type"',
    /profile that the server/,
  ],
  ['spire-server', 'level=error msg="Failed" error="datastore-sql: database is locked"', /datastore does not answer/],
  ['spire-server', 'level=error msg="Failed to attest: agent is banned"', /an agent is refused/],
  ['spire-controller-manager', '2026-01-01T00:00:00Z\tERROR\tr\tFailed to list SPIRE entries', /cannot ask the server/],
  [
    'spire-controller-manager',
    '2026-01-01T00:00:00Z\tERROR\tr\tIgnoring invalid ClusterFederatedTrustDomain',
    /has no effect/,
  ],
  [
    'spire-controller-manager',
    '2026-01-01T00:00:00Z\tERROR\tr\tFailed to update federation relationship',
    /refuses a relationship/,
  ],
  [
    'spire-controller-manager',
    '2026-01-01T00:00:00Z\tERROR\tr\tFailed to list ClusterSPIFFEIDs',
    /cannot read what it acts on/,
  ],
  ['spire-controller-manager', '2026-01-01T00:00:00Z\tERROR\tr\tFailed to render entry', /gives no entry for a pod/],
] as const)('%s: %s', (program, line, means) => {
  const text = program === 'spire-server' ? `time="2026-01-01T00:00:00Z" ${line}` : line;
  const [found, ...more] = faultsIn(logLines(text), program, EVER);
  expect(found?.fault.means).toMatch(means);
  expect(more).toEqual([]);
});

test('a pod that has no node yet is no fault', () => {
  const line =
    '2026-11-29T15:50:27.040Z\tERROR\tentry-reconciler\tFailed to render entry\t{"clusterSPIFFEID": "/web", "error": "node  not found in cache"}';
  expect(faultsIn(logLines(line), 'spire-controller-manager', EVER)).toEqual([]);
});

test('every fault says what it means, why, and what to look at', () => {
  for (const { means, causes, next } of LOG_FAULTS) {
    expect([means.length > 10, causes.length > 0, next.includes('kubectl')]).toEqual([true, true, true]);
  }
});
