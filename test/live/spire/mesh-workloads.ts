import { chmodSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { any, federated } from '@spirekit/runtime/authorize';
import type { X509BundleSource } from '@spirekit/runtime/bundle';
import type { X509SvidSource } from '@spirekit/runtime/svid';
import { connect, createServer, peerId } from '@spirekit/runtime/tls';
import { Testing } from 'cdk8s';
import { ClusterStaticEntry, Parent } from '../../../lib/registration';
import { eventuallyBeside } from '../support/beside';
import type { MeshCluster } from './mesh-cluster';

/** What an agent hands to a workload, as far as a test looks at it. */
export interface Handed {
  /** SPIFFE IDs of its X509-SVIDs. */
  readonly ids: readonly string[];
  /** Foreign trust domains whose bundles it gets. */
  readonly bundles: readonly string[];
}

interface FetchAnswer {
  readonly svids: readonly { readonly spiffe_id: string }[];
  readonly federated_bundles?: Readonly<Record<string, unknown>>;
}

/** A process, which the agent tells from others by its user: there is no kubelet, and no pod. */
export interface StaticWorkload {
  readonly name: string;
  readonly user: number;
  /** Foreign trust domains. */
  readonly federatesWith: readonly string[];
  /** @default - none */
  readonly dnsNames?: readonly string[];
}

/** The object that registers a process at the agent of a cluster's node, written by our construct. */
export function staticEntry(
  cluster: MeshCluster,
  { name, user, federatesWith, dnsNames = [] }: StaticWorkload,
): string {
  const { trustDomain, clusterName, node } = cluster;
  const chart = Testing.chart();
  new ClusterStaticEntry(chart, name, {
    name,
    className: 'spire',
    spiffeId: `spiffe://${trustDomain}/${name}`,
    parentId: Parent.k8sPsatNode(trustDomain, clusterName, node.uid),
    selectors: [`unix:uid:${user}`],
    federatesWith,
    dnsNames,
  });
  return JSON.stringify(Testing.synth(chart)[0]);
}

/** What a process of a user gets from the agent, asked by SPIRE's own client until it gets something. */
export function handedTo(cluster: MeshCluster, user: number, seconds = 30): Promise<Handed> {
  const pod = cluster.agentPod;
  chmodSync(pod.folder, 0o755);
  return eventuallyBeside(seconds, `X509-SVID of user ${user} in ${cluster.trustDomain}`, async () => {
    const args = ['api', 'fetch', 'x509', '-output', 'json', '-socketPath', '/run/spire/sockets/spire-agent.sock'];
    const client = pod.startAs({ user }, 'spire-agent', ...args);
    if ((await client.exit(20)) !== 0) throw new Error(client.text);
    const { svids, federated_bundles = {} } = JSON.parse(client.text) as FetchAnswer;
    return { ids: svids.map(({ spiffe_id }) => spiffe_id), bundles: Object.keys(federated_bundles).sort() };
  });
}

/** Who the two ends of a connection say that the other is; or why it was refused, and by whom. */
export type Outcome = { readonly client: string; readonly server: string } | { readonly refused: string };

/** What a workload shows, and whom it can verify. */
export type Identity = X509SvidSource & X509BundleSource;

/** Mutual TLS from one workload to the other; each accepts all whom it can verify. */
export async function meet(client: Identity, server: Identity): Promise<Outcome> {
  const authorize = federated(any());
  const listener = createServer({ source: server, authorize }, (socket) => {
    socket.end(`${peerId(socket)}`);
  });
  const refusals: string[] = [];
  listener.on('tlsClientError', (error: Error) => refusals.push(`server: ${said(error)}`));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = listener.address() as AddressInfo;
    const socket = await connect({ source: client, authorize, host: '127.0.0.1', port });
    const seen = `${peerId(socket)}`;
    let text = '';
    for await (const chunk of socket) text += chunk;
    // In TLS 1.3 the server decides about the client when that one is content already.
    return refusals[0] === undefined ? { client: seen, server: text } : { refused: refusals[0] };
  } catch (error) {
    return { refused: refusals[0] ?? `client: ${said(error as Error)}` };
  } finally {
    await new Promise((resolve) => listener.close(resolve));
  }
}

/** Without the port, which is another one each time. */
const said = ({ name, message }: Error): string => `${name}: ${message.replace(/127\.0\.0\.1:\d+/, '127.0.0.1')}`;
