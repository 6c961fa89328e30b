import { VERIFY_REPORT, verifyJson } from '../../../lib/cli/verify/json';
import { DEFAULT_BOUNDS } from '../../../lib/verify';
import { MIXED, verification } from '../../verify/data';

test('everything, with the version of its form', () => {
  const report = JSON.parse(verifyJson(verification(MIXED)));
  expect(report).toMatchObject({
    schema: VERIFY_REPORT,
    spirekit: expect.stringMatching(/^\d+\.\d+\.\d+/),
    started: '2026-06-01T12:00:00.000Z',
    ended: '2026-06-01T12:00:02.000Z',
    declared: true,
    bounds: DEFAULT_BOUNDS,
    counts: { ok: 2, warning: 1, error: 1, unseen: 2 },
    verdicts: MIXED,
  });
  expect(Object.keys(report)).toEqual([
    ...[
      'schema',
      'spirekit',
      'started',
      'ended',
      'declared',
      'bounds',
      'counts',
      'members',
      'edges',
      'checks',
      'verdicts',
    ],
  ]);
  expect(VERIFY_REPORT).toBe('spirekit/verify-report/1');
});
