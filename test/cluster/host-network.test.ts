import { ApiObject } from 'cdk8s';
import { transform } from '../../lib/kube';
import { fakeOutput } from '../core/fixtures';
import { findings, type Manifest } from '../spire/installation';
import { newShop, plain } from './program-image';

const port = (containerPort: number, more: object = {}) => ({
  containers: [{ name: 'main', image: 'web:1', ports: [{ containerPort, ...more }] }],
});
const onHost = { hostNetwork: true };

/** Findings for workloads in a namespace that lets them have the node's network. */
function inFree(...workloads: { kind?: string; [field: string]: unknown }[]): string[] {
  const { cluster } = newShop();
  const free = cluster.addNamespace('free', { podSecurity: 'privileged' });
  workloads.forEach((fields, index) => {
    cluster.giveIdentity(plain(free, `web${index}`, fields));
  });
  return findings(cluster);
}

describe('namespaces', () => {
  test('that refuse it', () => {
    const { cluster, shop } = newShop();
    cluster.giveIdentity(plain(shop, 'network', onHost));
    cluster.giveIdentity(plain(shop, 'port', port(8443, { hostPort: 443 })));
    cluster.giveIdentity(plain(cluster.addNamespace('base', { podSecurity: 'baseline' }), 'web', onHost));
    expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo/shop/network] hostNetwork true is refused in namespace 'shop', which enforces 'restricted': there would be no pods; leave it out, or make the namespace with podSecurity: 'privileged' (host-network)
error [demo/shop/port] hostPort 443 is refused in namespace 'shop', which enforces 'restricted': there would be no pods; leave it out, or make the namespace with podSecurity: 'privileged' (host-network)
error [demo/base/web] hostNetwork true is refused in namespace 'base', which enforces 'baseline': there would be no pods; leave it out, or make the namespace with podSecurity: 'privileged' (host-network)"
`);
  });

  test('that allow it, or of which nothing is known', () => {
    expect(inFree(onHost)).toEqual([]);
    const { cluster } = newShop();
    const metadata = { name: 'web', namespace: 'elsewhere' };
    const template = { metadata: { labels: { app: 'web' } }, spec: { hostNetwork: true, containers: [] } };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } };
    cluster.giveIdentity(new ApiObject(cluster, 'web', web));
    expect(findings(cluster)).toEqual([]);
  });
});

describe('ports', () => {
  test('that two take', () => {
    const daemon = { kind: 'DaemonSet', ...onHost };
    const text = [
      ...inFree({ ...daemon, ...port(8443) }, { ...onHost, ...port(8443) }),
      ...inFree({ ...onHost, ...port(8443) }, port(80, { hostPort: 8443 })),
      ...inFree(
        { ...daemon, ...port(53, { protocol: 'UDP' }) },
        { ...daemon, ...port(53, { protocol: 'UDP', hostIP: '10.0.0.1' }) },
      ),
    ];
    expect(text.join('\n')).toMatchInlineSnapshot(`
"error [demo/free/web1] hostPort 8443 (TCP) is a port of the node that 'demo/free/web0' takes too, so that one of the two finds no node; choose another port, or leave the node's network (host-network)
warning [demo/free/web1] hostPort 8443 (TCP) is a port of the node that 'demo/free/web0' takes too, so that the two never run on one node; choose another port, or leave the node's network (host-network)
error [demo/free/web1] hostPort 53 (UDP) is a port of the node that 'demo/free/web0' takes too, so that one of the two finds no node; choose another port, or leave the node's network (host-network)"
`);
  });

  test('three of one port are two findings', () => {
    const web = { ...onHost, ...port(8443) };
    expect(inFree(web, web, web)).toHaveLength(2);
  });

  test('of a component of SPIRE that was put on the network of its node', () => {
    const { cluster } = newShop();
    const free = cluster.addNamespace('free', { podSecurity: 'privileged' });
    const agent = cluster.node
      .findAll()
      .find(
        (it): it is ApiObject => ApiObject.isApiObject(it) && it.kind === 'DaemonSet' && it.name === 'spire-agent',
      ) as ApiObject;
    const [container] = agent.toJson().spec.template.spec.containers;
    const taken = container.ports[0].containerPort;
    cluster.giveIdentity(plain(free, 'web', { ...onHost, ...port(taken) }));
    // The agent sees the node's processes, and has a network of its own.
    expect(findings(cluster)).toEqual([]);
    transform(agent, (manifest: Manifest) => {
      manifest.spec.template.spec.hostNetwork = true;
      return manifest;
    });
    expect(findings(cluster)).toEqual([
      `error [demo/free/web] hostPort ${taken} (TCP) is a port of the node that '${agent.node.path}' takes too, so that one ` +
        "of the two finds no node; choose another port, or leave the node's network (host-network)",
    ]);
  });

  test('that are no clash', () => {
    const udp = { protocol: 'UDP' };
    expect([
      inFree({ ...onHost, ...port(1) }, { ...onHost, ...port(2) }),
      inFree({ ...onHost, ...port(1) }, { ...onHost, ...port(1, udp) }),
      inFree({ ...onHost, ...port(1) }, port(1)),
      inFree(port(1, { hostPort: 1, hostIP: '10.0.0.1' }), port(1, { hostPort: 1, hostIP: '10.0.0.2' })),
      inFree(
        { ...onHost, ...port(1), nodeSelector: { pool: 'a' } },
        { ...onHost, ...port(1), nodeSelector: { pool: 'b' } },
      ),
      inFree({ ...onHost, ...port(1), affinity: { nodeAffinity: {} } }, { ...onHost, ...port(1) }),
      inFree({ ...onHost, containers: [{ name: 'a', image: 'a', ports: [{ containerPort: fakeOutput() }] }] }),
    ]).toEqual(Array.from({ length: 7 }, () => []));
  });
});
