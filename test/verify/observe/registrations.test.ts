import { peersNamedBy } from '../../../lib/verify/observe/registrations';

test('the trust domains that a registration names, in either form', () => {
  const federatesWith = ['west.example.com', 'spiffe://lab.example.com'];
  expect(peersNamedBy({ spec: { federatesWith } })).toEqual(['west.example.com', 'lab.example.com']);
  expect(peersNamedBy({ spec: {} })).toEqual([]);
  expect(peersNamedBy({})).toEqual([]);
});
