import { agentLoads } from '../../../lib/federation/rules/agent-load';
import { type Given, memberOf, meshOf, naming } from '../analysis/fixtures';
import { tableBy } from '../analysis/found';

const peers = (count: number) => Array.from({ length: count }, (_, index) => `m${index}.example`);
const mesh = (agents: number | undefined, count: number, given: Given = {}) =>
  meshOf([
    memberOf('a', { ...(agents !== undefined && { agents }), identities: [naming('x', peers(count))], ...given }),
  ]);

test('calls of agents', () => {
  expect(
    tableBy(agentLoads, {
      'as many as in the sizing table': mesh(500, 8),
      'one agent more': mesh(501, 8),
      'at several servers': mesh(1500, 8, { replicas: 3 }),
      'too many for several servers': mesh(2000, 50, { replicas: 3 }),
      'on OpenShift, where there is one server': mesh(1000, 50, { platform: 'openshift' }),
      'nodes are not known': mesh(undefined, 1000),
      'so many without federation': mesh(6000, 0),
      'with an exporter, which is on one node': mesh(500, 8, {
        exporter: peers(20).map((peer) => naming(peer, [peer])),
      }),
      'an exporter alone': mesh(100, 0, { exporter: peers(4801).map((peer) => naming(peer, [peer])) }),
      'an exporter that names no others than workloads do': mesh(500, 8, { exporter: [naming('x', peers(8))] }),
    }),
  ).toMatchInlineSnapshot(`
"# as many as in the sizing table
# one agent more
warning [a] agents are 501, and make up to 501/5s * (1 for entries + 1 for the own bundle + 8 for those of others) = 1002/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes, or run 2 servers on one datastore
# at several servers
# too many for several servers
warning [a] agents are 2000, and make up to 2000/5s * (1 for entries + 1 for the own bundle + 50 for those of others) = 20800/s, 6933/s at each of 3; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes, or run 21 servers on one datastore
# on OpenShift, where there is one server
warning [a] agents are 1000, and make up to 1000/5s * (1 for entries + 1 for the own bundle + 50 for those of others) = 10400/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes
# nodes are not known
# so many without federation
# with an exporter, which is on one node
warning [a] agents are 500, and make up to 500/5s * (1 for entries + 1 for the own bundle + 8 for those of others) + 12/5s for the federation exporter = 1002/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes, or run 2 servers on one datastore
# an exporter alone
warning [a] agents are 100, and make up to 100/5s * (1 for entries + 1 for the own bundle + 0 for those of others) + 4801/5s for the federation exporter = 1000/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes, or run 2 servers on one datastore
# an exporter that names no others than workloads do"
`);
});
