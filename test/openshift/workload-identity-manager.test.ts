import { gateOf, ownWave, Waves } from '../../lib/core';
import { ZeroTrustWorkloadIdentityManager } from '../../lib/openshift';
import { layoutIn, newCluster, said, specOf, untyped } from './installation';

const make = (props: object = {}) => {
  const chart = newCluster();
  return new ZeroTrustWorkloadIdentityManager(chart, 'manager', untyped({ layout: layoutIn(chart), ...props }));
};

test('acceptance case A1: the sample of the operator', () => {
  expect(specOf(make())).toEqual({
    trustDomain: 'example.com',
    clusterName: 'prod-cluster',
    bundleConfigMap: 'spire-bundle',
  });
});

test('it comes with the server, and is waited for by nobody', () => {
  const manager = make();
  expect(ownWave(manager)).toBe(Waves.controlPlane);
  expect(gateOf(manager.object)).toBeUndefined();
});

test('the name of the bundle cannot be chosen', () => {
  expect(said(make({ bundleConfigMap: 'other' }))).toEqual([
    'bundleConfigMap is not a property; write one of layout (property-unknown)',
  ]);
});
