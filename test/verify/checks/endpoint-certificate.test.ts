import { renewalOutcomes } from '../../../lib/verify/checks/endpoint-certificate';

const NOW = new Date('2026-06-01T00:00:00Z');
const certificate = (notAfter?: string, renewalTime?: string) => ({
  metadata: { name: 'a' },
  status: { notAfter, renewalTime },
});

test.each([
  ['ahead', '2026-07-01T00:00:00Z', '2026-06-15T00:00:00Z', ['ok: its renewal lies ahead']],
  ['due a moment ago', '2026-07-01T00:00:00Z', '2026-05-31T23:00:00Z', ['ok: its renewal lies ahead']],
  ['overdue', '2026-06-10T00:00:00Z', '2026-05-20T00:00:00Z', ['warning: its renewal is overdue']],
  ['too late', '2026-06-01T00:00:00Z', '2026-05-20T00:00:00Z', ['error: has ended, and was not renewed']],
  ['not said', '2026-07-01T00:00:00Z', undefined, []],
  ['of nothing', undefined, undefined, []],
])('a renewal %s', (_, notAfter, renewalTime, outcomes) => {
  const said = renewalOutcomes(certificate(notAfter, renewalTime), 'place', NOW);
  expect(said.map(({ state, what }) => `${state}: ${what}`)).toEqual(outcomes);
});
