import { buildSync } from 'esbuild';
import { addressOf } from '../support/cloud';
import type { LiveCluster } from '../support/cluster';

/** Any image with Node.js 20 or later as `node`; the program comes by a ConfigMap. */
const IMAGE = process.env.SPIREKIT_LIVE_NODE_IMAGE ?? 'docker.io/library/node:20-slim';
const PORT = 8443;

/** A workload: the service account that its identity is for, and the command of `peer/peer.mts` that it runs. */
export interface PeerProps {
  readonly namespace: string;
  readonly account: string;
  readonly command: readonly string[];
}

let program: string | undefined;

/** The program as one file, with the runtime and without what it does not use of it. */
function bundled(): string {
  program ??= bundle();
  return program;
}

function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: ['test/live/cluster/peer/peer.mts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['undici', '@grpc/grpc-js'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * A workload with @spirekit/runtime on a cluster, made as a user makes one: a namespace that enforces the `restricted`
 * standard, a service account, a Deployment that mounts the Workload API by the CSI driver, and a load balancer.
 */
export class Peer {
  readonly id: string;

  constructor(
    readonly cluster: LiveCluster,
    trustDomain: string,
    private readonly props: PeerProps,
  ) {
    this.id = `spiffe://${trustDomain}/ns/${props.namespace}/sa/${props.account}`;
  }

  /** Makes everything, and waits until it runs. */
  async create(): Promise<void> {
    const outcome = this.cluster.apply(
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: this.objects() }),
      '--server-side',
      '--force-conflicts',
    );
    if (outcome.status !== 0) throw new Error(outcome.text);
    const { namespace, account } = this.props;
    const status = ['rollout', 'status', `deployment/${account}`, '--timeout=180s'];
    await this.cluster.kubectlBeside('-n', namespace, ...status);
  }

  /** Runs a command of the program in the pod; gives what it says. */
  async run<T>(...command: string[]): Promise<T> {
    const { namespace, account } = this.props;
    const exec = ['exec', `deployment/${account}`, '--', 'node', '/app/peer.mjs', ...command];
    return JSON.parse(await this.cluster.kubectlBeside('-n', namespace, ...exec)) as T;
  }

  /** What the program has said so far, a line each. */
  async said(): Promise<Readonly<Record<string, unknown>>[]> {
    const { namespace, account } = this.props;
    const text = await this.cluster.kubectlBeside('-n', namespace, 'logs', `deployment/${account}`, '--tail=-1');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }

  /** Address of its load balancer. */
  address(): string {
    return addressOf(this.cluster, this.props.namespace, this.props.account);
  }

  /** URL of the workload by the name that leads to its load balancer. */
  static url(host: string): string {
    return `https://${host}:${PORT}/`;
  }

  private objects(): object[] {
    const { namespace, account, command } = this.props;
    const labels = { app: account };
    const metadata = { name: account, namespace };
    const container = {
      name: 'peer',
      image: IMAGE,
      imagePullPolicy: 'IfNotPresent',
      command: ['node', '/app/peer.mjs', ...command],
      env: [{ name: 'SPIFFE_ENDPOINT_SOCKET', value: 'unix:///spiffe-workload-api/spire-agent.sock' }],
      ports: [{ name: 'https', containerPort: PORT }],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [
        { name: 'app', mountPath: '/app', readOnly: true },
        { name: 'spiffe-workload-api', mountPath: '/spiffe-workload-api', readOnly: true },
      ],
    };
    const pod = {
      serviceAccountName: account,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container],
      volumes: [
        { name: 'app', configMap: { name: account } },
        { name: 'spiffe-workload-api', csi: { driver: 'csi.spiffe.io', readOnly: true } },
      ],
    };
    return [
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'peer.mjs': bundled() } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { type: 'LoadBalancer', selector: labels, ports: [{ name: 'https', port: PORT, targetPort: 'https' }] },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
      },
    ];
  }
}
