import { actsOn, managerConf } from '../../../lib/verify/discovery/manager-conf';

test('the smallest', () => {
  expect(managerConf({ trustDomain: 'east.example.com' })).toEqual({
    trustDomain: 'east.example.com',
    watchClassless: false,
    reconcilesTrustDomains: true,
  });
});

test('the whole', () => {
  const conf = {
    trustDomain: 'east.example.com',
    clusterName: 'east',
    className: 'spire',
    watchClassless: true,
    metrics: { bindAddress: '0.0.0.0:8082' },
    reconcile: { clusterSPIFFEIDs: true },
  };
  expect(managerConf(conf)).toEqual({
    trustDomain: 'east.example.com',
    className: 'spire',
    watchClassless: true,
    reconcilesTrustDomains: false,
  });
});

test.each([undefined, null, 'text', [], { metrics: { bindAddress: '0' }, className: 7 }])(
  '%j says nothing',
  (given) => {
    expect(managerConf(given)).toEqual({ watchClassless: false, reconcilesTrustDomains: true });
  },
);

test.each([
  // its class, whether without, class of the object, acted on
  [undefined, false, undefined, true],
  [undefined, false, 'spire', false],
  ['spire', false, 'spire', true],
  ['spire', false, 'other', false],
  ['spire', false, undefined, false],
  ['spire', false, '', false],
  ['spire', true, undefined, true],
  ['spire', true, 'other', false],
] as const)(
  'a manager of class %s (classless: %s) and an object of class %s: %s',
  (className, watchClassless, of, is) => {
    expect(actsOn({ className, watchClassless, reconcilesTrustDomains: true }, of)).toBe(is);
  },
);
