import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshCluster } from '../spire/mesh-cluster';
import { staticEntry } from '../spire/mesh-workloads';
import type { LiveProcess } from '../support/process';
import { configurationsIn } from '../support/synthesized';

const PROGRAM = 'runtime/src/programs/main.ts';
const CONFIG = 'exporter.json';
const PUBLIC_ROOTS = '/etc/ssl/certs/ca-certificates.crt';
const SELF = process.getuid?.() ?? 0;
/** Where it answers, in the network of the server's pod. */
export const EXPORTER_PORT = 9464;

/** What is written for the exporter, as far as it is another one here. */
interface Config {
  readonly socket: string;
  readonly webRoots?: readonly string[];
}

/**
 * The federation exporter of a cluster, by the configuration that is written for it; in the place of a container, in the
 * network of the server's pod, and with the public authorities that this one has. Its identities are entries that a process
 * without a pod can have: one for each peer, and one beside them, as those that are written.
 */
export async function startExporter(cluster: MeshCluster): Promise<LiveProcess> {
  const { server, objects } = cluster;
  const peers = server.believed.map(({ trustDomain }) => trustDomain);
  const identities = [[], ...peers.map((peer) => [peer])].map((federatesWith) =>
    staticEntry(cluster, { name: ['exporter', ...federatesWith].join('-'), user: SELF, federatesWith }),
  );
  await cluster.apply(identities.join('\n---\n'));
  const written = JSON.parse(configurationsIn(objects)[CONFIG] ?? '') as Config;
  const { pod } = server;
  const webRoots = [...(written.webRoots ?? []), join(pod.folder, PUBLIC_ROOTS)];
  const file = pod.path(`/tmp/${CONFIG}`);
  writeFileSync(file, JSON.stringify({ ...written, socket: cluster.workloadApi, webRoots }));
  const args = ['--import', 'tsx', PROGRAM, 'exporter', '--config', file];
  const exporter = pod.startBeside(process.execPath, args, { name: 'exporter' });
  await pod.open(EXPORTER_PORT);
  return exporter;
}
