import { exporterOutcome } from '../../../lib/verify/checks/edge-exporter';
import type { ExportedPeer } from '../../../lib/verify/observe/exporters';

const NOW = new Date('2026-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const fetches = { good: 3, bad: 1 };

test.each<[ExportedPeer, string]>([
  [
    { isHeld: true, matches: true, fetchedAt: ago(20), fetches },
    'ok: gets the bundle of west, as it was served 20 s ago',
  ],
  [{ isHeld: true }, 'ok: gets the bundle of west'],
  [{}, 'warning: says nothing of west'],
  [{ isHeld: false, fetches }, 'error: gets no bundle of west from the Workload API'],
  [{ isHeld: true, fetches }, 'error: has never fetched the bundle of west'],
  [
    { isHeld: true, fetchedAt: ago(301), fetches, refreshHint: 300 },
    'error: has last fetched the bundle of west 301 s ago, and tries every 75 s',
  ],
  [{ isHeld: true, fetchedAt: ago(1200), fetches }, 'ok: gets the bundle of west, as it was served 1200 s ago'],
  [
    { isHeld: true, fetchedAt: ago(1201), fetches },
    'error: has last fetched the bundle of west 1201 s ago, and tries every 300 s',
  ],
  [
    { isHeld: true, fetchedAt: ago(14_401), fetches, refreshHint: 86_400 },
    'error: has last fetched the bundle of west 14401 s ago, and tries every 3600 s',
  ],
  [
    { isHeld: true, matches: false, fetchedAt: ago(20) },
    'warning: what workloads get of west is not what its endpoint serves',
  ],
])('%j', (seen, outcome) => {
  const { state, what } = exporterOutcome(seen, 'west', NOW, 'exporter');
  expect(`${state}: ${what}`).toBe(outcome);
});
