import { countVerdicts, doubtful, ok, unseen, type VerdictState, worstOf, wrong } from '../../lib/verify/verdict';

test('counts', () => {
  const states: VerdictState[] = ['ok', 'error', 'ok', 'unseen'];
  expect(countVerdicts(states.map((state) => ({ state })))).toEqual({ ok: 2, warning: 0, error: 1, unseen: 1 });
});

test.each<[VerdictState[], VerdictState | undefined]>([
  [[], undefined],
  [['ok'], 'ok'],
  [['ok', 'warning'], 'warning'],
  [['warning', 'unseen'], 'unseen'],
  [['unseen', 'error', 'ok'], 'error'],
])('the worst of %j is %s', (states, worst) => {
  expect(worstOf(states)).toBe(worst);
});

test('outcomes', () => {
  expect([ok('a', 'b'), wrong('a', 'b', { evidence: 'c' }), doubtful('a', 'b'), unseen('a', 'b')]).toEqual([
    { state: 'ok', what: 'a', where: 'b', evidence: '' },
    { state: 'error', what: 'a', where: 'b', evidence: 'c' },
    { state: 'warning', what: 'a', where: 'b' },
    { state: 'unseen', what: 'a', where: 'b' },
  ]);
});
