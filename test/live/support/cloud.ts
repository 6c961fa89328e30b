import type { LiveCluster } from './cluster';
import { progress } from './progress';
import { Watch } from './watch';

const BEGIN = '# live test of spirekit: begin\n';
const END = '# live test of spirekit: end\n';
const COREFILE = ['-n', 'kube-system', 'configmap', 'coredns'] as const;

/**
 * Plays what a cloud does for clusters: each Service of the type LoadBalancer gets an address, which is that of the
 * cluster's node, where kube-proxy passes it on; and names lead to such addresses.
 *
 * A Service that has an address already, of a cloud's own controller, keeps it.
 */
export class Cloud {
  private readonly watches: Watch[];
  private readonly named = new Set<LiveCluster>();

  constructor(private readonly clusters: readonly LiveCluster[]) {
    // Names of a run that was aborted lead to nowhere.
    for (const cluster of clusters) if (corefileOf(cluster).includes(BEGIN)) this.setRecords(cluster, '');
    this.watches = clusters.map((cluster) => balanceLoads(cluster));
  }

  /**
   * Makes DNS records that all clusters know.
   *
   * @param addresses by name
   */
  setDns(addresses: ReadonlyMap<string, string>): void {
    // A server for each name, so that nothing changes for other names of its domain.
    const servers = [...addresses].map(
      ([name, address]) => `${name}:53 {\n    hosts {\n        ${address} ${name}\n    }\n}\n`,
    );
    for (const cluster of this.clusters) {
      this.setRecords(cluster, servers.join(''));
      this.named.add(cluster);
    }
    progress(`DNS: ${[...addresses].map(([name, address]) => `${name} is ${address}`).join(', ')}`);
  }

  /** Takes the names away, and gives no more addresses. */
  async end(): Promise<void> {
    await Promise.all(this.watches.map((watch) => watch.end()));
    for (const cluster of this.named) this.setRecords(cluster, '');
  }

  private setRecords(cluster: LiveCluster, servers: string): void {
    const [before = ''] = corefileOf(cluster).split(BEGIN);
    const data = { Corefile: servers === '' ? before : `${before}${BEGIN}${servers}${END}` };
    cluster.kubectl('patch', ...COREFILE, '--type=merge', '-p', JSON.stringify({ data }));
    // It would read the file again by itself, a minute or two later.
    cluster.kubectl('-n', 'kube-system', 'rollout', 'restart', 'deployment/coredns');
    cluster.kubectl('-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=120s');
  }
}

/** The address that a Service's load balancer has, as a user reads it. */
export function addressOf(cluster: LiveCluster, namespace: string, service: string): string {
  const path = '{.status.loadBalancer.ingress[0].ip}';
  const wait = ['wait', `--for=jsonpath=${path}`, '--timeout=60s', `service/${service}`];
  cluster.kubectl('-n', namespace, ...wait);
  return cluster.kubectl('-n', namespace, 'get', 'service', service, `-o=jsonpath=${path}`);
}

function corefileOf(cluster: LiveCluster): string {
  return cluster.kubectl('get', ...COREFILE, '-o=jsonpath={.data.Corefile}');
}

function balanceLoads(cluster: LiveCluster): Watch {
  const node = cluster.kubectl(
    'get',
    'nodes',
    '-o=jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
  );
  const columns =
    'NAMESPACE:.metadata.namespace,NAME:.metadata.name,TYPE:.spec.type,IP:.status.loadBalancer.ingress[*].ip';
  return new Watch(cluster, ['services', '-A', '--no-headers', `-o=custom-columns=${columns}`], (line) => {
    const [namespace = '', name = '', type, address] = line.split(/\s+/);
    if (type !== 'LoadBalancer' || address !== '<none>') return;
    const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: node }] } } });
    const patch = ['patch', 'service', name, '--subresource=status', '--type=merge', '-p', status];
    cluster.tryKubectl('-n', namespace, ...patch); // it may be gone already
  });
}
