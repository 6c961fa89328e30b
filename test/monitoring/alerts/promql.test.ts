import { NOT_OK, OK, promDuration, series } from '../../../lib/monitoring';

test.each([
  [0, '0s'],
  [1, '1s'],
  [0.2, '1s'],
  [59.4, '1m'],
  [225, '3m45s'],
  [7200, '2h'],
  [86400, '1d'],
  [497_700, '5d18h15m'],
])('%d seconds are %s', (seconds, text) => {
  expect(promDuration(seconds)).toBe(text);
});

test('series with matchers, now and for a time', () => {
  expect([series('spire_server_svid_rotate', []), series('spire_server_svid_rotate', [OK, NOT_OK], 90)]).toEqual([
    'spire_server_svid_rotate{}',
    'spire_server_svid_rotate{status="OK",status!="OK"}[1m30s]',
  ]);
});
