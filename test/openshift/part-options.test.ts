import { fakeOutput } from '../core/fixtures';
import { manifestsOf, openShift, said } from './installation';

test('what the cluster decides cannot be chosen for a part', () => {
  expect([
    ...said(openShift({ server: { federation: { profile: 'https_spiffe' }, layout: {} } })),
    ...said(openShift({ agent: { layout: {} }, csiDriver: { layout: 5 }, oidc: { layout: 'x' } })),
  ]).toMatchInlineSnapshot(`
[
  "server.federation is decided by the cluster; write bundleEndpoint (property-unknown)",
  "server.layout is decided by the cluster; write its properties on the cluster (property-unknown)",
  "agent.layout is decided by the cluster; write its properties on the cluster (property-unknown)",
  "csiDriver.layout is decided by the cluster; write its properties on the cluster (property-unknown)",
  "oidc.layout is decided by the cluster; write its properties on the cluster (property-unknown)",
]
`);
  const [server] = manifestsOf(openShift({ server: { federation: { profile: 'https_spiffe' } } }).server);
  expect(server.spec).not.toHaveProperty('federation');
});

test('null is not given', () => {
  const props = { server: { layout: null, federation: null }, operators: { ztwim: null, certManager: null } };
  expect(said(openShift(props))).toEqual([]);
});

test('choices of operators that are none', () => {
  expect([
    ...said(openShift({ operators: 'installed' })),
    ...said(openShift({ operators: { ztwim: 'there' } })),
    ...said(openShift({ operators: { ztwim: true } })),
    ...said(openShift({ operators: { ztwim: ['installed'] } })),
    ...said(openShift({ operators: { ztwim: fakeOutput() } })),
    ...said(openShift({ operators: { ztwin: 'installed' } })),
    ...said(openShift({ operators: { ztwim: { channel: 5, names: 'x' } } })),
  ]).toMatchInlineSnapshot(`
[
  "operators 'installed' is not an object; write its properties in braces (property-kind)",
  "operators.ztwim 'there' is neither options of a subscription nor 'installed'; write 'installed', or options such as { channel: 'stable-v1' } (operator-choice)",
  "operators.ztwim true is neither options of a subscription nor 'installed'; write 'installed', or options such as { channel: 'stable-v1' } (operator-choice)",
  "operators.ztwim ["installed"] is neither options of a subscription nor 'installed'; write 'installed', or options such as { channel: 'stable-v1' } (operator-choice)",
  "operators.ztwim is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (operator-choice)",
  "operators.ztwin is not a property; write one of certManager, ztwim (property-unknown)",
  "names is not a property; write one of package, namespace, namespaceLabels, operatorGroup, targetNamespaces, channel, source, sourceNamespace, installPlanApproval, startingCsv, env, brings (property-unknown)",
  "channel 5 is not text; write it in quotes (operator-subscription)",
]
`);
});
