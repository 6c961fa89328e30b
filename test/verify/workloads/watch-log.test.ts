import { givenIdentity, NOTHING_GIVEN } from '../../../lib/verify/workloads/watch-log';

const svid = (hint: string) => ({
  id: `spiffe://east.example.com/${hint}`,
  hint,
  notAfter: '2026-01-01T00:00:00.000Z',
});
const line = (state: object) => JSON.stringify({ time: '2026-01-01T00:00:00.000Z', ...state });

test('the last state counts', () => {
  const log = [
    line({ code: 'permission-denied', message: 'no identity issued' }),
    line({ svids: [svid('plain')], bundles: { 'east.example.com': 1 } }),
    line({
      svids: [svid('plain'), svid('west.example.com')],
      bundles: { 'east.example.com': 1, 'west.example.com': 2 },
    }),
    '',
  ].join('\n');
  const { ids, bundles, problem } = givenIdentity(log);
  expect([...ids]).toEqual([
    ['plain', 'spiffe://east.example.com/plain'],
    ['west.example.com', 'spiffe://east.example.com/west.example.com'],
  ]);
  expect([...bundles]).toEqual([
    ['east.example.com', 1],
    ['west.example.com', 2],
  ]);
  expect(problem).toBeUndefined();
});

test('a failure is told, and takes nothing away', () => {
  const denied = line({ code: 'permission-denied', message: 'no identity issued' });
  expect(givenIdentity(denied)).toEqual({ ...NOTHING_GIVEN, problem: 'permission-denied: no identity issued' });
  const { ids, problem } = givenIdentity(`${line({ svids: [svid('plain')], bundles: {} })}\n${denied}\n`);
  expect([ids.size, problem]).toEqual([1, 'permission-denied: no identity issued']);
});

test('what is no line of the program is left out', () => {
  const log = `(node:1) Warning: {\n{"half":\n[]\n{"svids":1}\n${line({ svids: [{ id: 'spiffe://a/b' }, svid('plain')], bundles: {} })}`;
  expect([...givenIdentity(log).ids.keys()]).toEqual(['plain']);
  expect(givenIdentity('')).toEqual(NOTHING_GIVEN);
});
