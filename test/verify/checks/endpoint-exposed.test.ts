import { leadsTo } from '../../../lib/verify/checks/endpoint-exposed';
import type { Pod } from '../../../lib/verify/discovery/pods';

const pod = (ready: boolean): Pod => ({
  metadata: { name: 'spire-server-0', labels: { app: 'server', other: 'x' } },
  spec: { containers: [{ name: 'spire-server', ports: [{ name: 'bundle', containerPort: 8443 }] }] },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const service = (selector: Record<string, string> | undefined, port: number, targetPort?: number | string) => ({
  metadata: { name: 'service' },
  spec: { selector, ports: [{ port, targetPort }] },
});

test.each([
  ['by its number', service({ app: 'server' }, 443, 8443), true, true],
  ['by its name', service({ app: 'server' }, 443, 'bundle'), true, true],
  ['as its own port', service({ app: 'server' }, 8443), true, true],
  ['another port', service({ app: 'server' }, 443, 8081), true, false],
  ['another name', service({ app: 'server' }, 443, 'grpc'), true, false],
  ['other labels', service({ app: 'agent' }, 443, 8443), true, false],
  ['no labels at all', service(undefined, 443, 8443), true, false],
  ['a pod that is not ready', service({ app: 'server' }, 443, 8443), false, false],
])('a Service leads to the endpoint %s', (_, given, ready, leads) => {
  expect(leadsTo(given, [pod(ready)], 8443)).toBe(leads);
});

test.each([
  [443, true],
  [8443, false],
])('a Service leads there from the port of the URL alone, here %i', (port, leads) => {
  expect(leadsTo(service({ app: 'server' }, 443, 8443), [pod(true)], 8443, port)).toBe(leads);
});
