import { gateOf, ownWave, Waves } from '../../lib/core';
import { ZtwimSpiffeCsiDriver } from '../../lib/openshift';
import { layoutIn, newCluster, said, specOf, untyped } from './installation';

const make = (props: object = {}) => {
  const chart = newCluster();
  return new ZtwimSpiffeCsiDriver(chart, 'csi', untyped({ layout: layoutIn(chart), ...props }));
};

test('acceptance case A6: the sample of the operator', () => {
  expect(specOf(make())).toEqual({ agentSocketPath: '/run/spire/agent-sockets', pluginName: 'csi.spiffe.io' });
});

test('the next wave waits for it', () => {
  const driver = make();
  expect(ownWave(driver)).toBe(Waves.nodes);
  expect(gateOf(driver.object)?.condition).toEqual({ type: 'condition', condition: 'Ready' });
});

test('placement, and nothing else', () => {
  expect(specOf(make({ nodeSelector: { a: 'b' } })).nodeSelector).toEqual({ a: 'b' });
  expect(said(make({ agentSocketPath: '/other' })).map((it) => it.split(';')[0])).toEqual([
    'agentSocketPath is not a property',
  ]);
});
