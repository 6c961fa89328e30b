import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { FederatedClusters, type Name } from '../cluster/federated-clusters';
import { Authority, type KeyPair } from '../support/authority';
import { VERIFY } from './verify-command';

const PROGRAM = 'two-profiles.ts';

/** The command that makes the mesh. */
const APP = `npx tsx ${PROGRAM}`;

/**
 * Three clusters, of which two have endpoints of `https_spiffe`, and one has one of `https_web` with a certificate of a private
 * authority. Bundles are fetched as often as SPIRE lets them, so that nothing is waited for long.
 */
const SOURCE = `
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BundleEndpoint, FederationMesh, KubernetesCluster, UpstreamAuthority, WebTrust } from 'spirekit';

const app = new App();
const pem = (name: string) => readFileSync(join(process.env.SPIRE_ROOTS ?? '', name + '.pem'), 'utf8');
const refreshHint = '1m';
const web = BundleEndpoint.httpsWeb({ secretName: 'federation-certificate', trust: WebTrust.private(pem('web')), refreshHint });
const spiffe = BundleEndpoint.httpsSpiffe({ refreshHint });
const members = ['east', 'west', 'lab'].map(
  (name) =>
    new KubernetesCluster(app, name, {
      trustDomain: name + '.example.com',
      server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'spire-upstream-ca', roots: pem(name) }) },
      bundleEndpoint: name === 'lab' ? web : spiffe,
    }),
);
new FederationMesh(app, 'mesh', { members });
for (const each of members) {
  each.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: members.filter((other) => other !== each) });
}
app.synth();
`;

/** What a file of a mesh has, as far as tests change it. */
export interface MeshData {
  members: { name: string; trustDomain: string; relationships: { trustDomain: string }[] }[];
  edges: { consumer: string; provider: string }[];
}

/** A kubeconfig, as far as tests change it. */
export interface KubeConfig {
  clusters: { name: string; cluster: object }[];
  users: { name: string; user: object }[];
  contexts: { name: string }[];
}

/** Of things with names, that of a cluster. */
export const at = <T extends { name: string }>(all: readonly T[], name: Name): T => {
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

/** The clusters of the mesh, as a user has them who installs it by hand. */
export class TwoProfiles extends FederatedClusters {
  private readonly web: Authority;

  constructor() {
    super();
    mkdirSync(this.workspace.path('authorities'));
    this.web = this.authority('web');
    writeFileSync(`${this.roots}/web.pem`, this.web.certificate);
    writeFileSync(this.workspace.path(PROGRAM), SOURCE);
  }

  /** Another authority, which is nobody's yet. */
  authority(name: string, options: ConstructorParameters<typeof Authority>[2] = {}): Authority {
    return new Authority(this.workspace.path('authorities'), name, options);
  }

  /** The Secret of the endpoint of `lab`, with a certificate for a host. */
  serveCertificateFor(host: string): void {
    const pair: KeyPair = this.web.issue(host);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'federation-certificate', namespace: 'spire-server' },
      type: 'kubernetes.io/tls',
      stringData: pair.secret,
    };
    const { status, text } = this.clusters.of('lab').apply(JSON.stringify(secret));
    if (status !== 0) throw new Error(text);
  }

  /** The first waves: resource definitions and namespaces, and no server yet. */
  async installDefinitions(): Promise<void> {
    await this.run(APP);
    await this.run('sh dist/remove.sh'); // what a run left that was aborted
    await this.run('WAVES="5 10" sh dist/install.sh');
    this.createSecrets();
    this.serveCertificateFor('federation.lab.example.com');
  }

  /** All the rest, with time for the DNS records. */
  async install(): Promise<void> {
    await this.run('WAVES="15 20 30 40" sh dist/install.sh');
    this.cloud.setDns(this.recordsIn(this.workspace.read('dist/summary.txt')));
    await this.run('sh dist/install.sh');
  }

  /** Writes the mesh into a file, as `spirekit prove --json` has it. */
  async prove(): Promise<string> {
    const prove = VERIFY.map((word) => (word === 'verify' ? 'prove' : word));
    const text = await this.run([process.execPath, ...prove, '--json', '--app', `'${APP}'`].join(' '));
    writeFileSync(this.mesh, text);
    return this.mesh;
  }

  /** A file with the mesh, changed. */
  meshWith(name: string, change: (data: MeshData) => void): string {
    const data = JSON.parse(readFileSync(this.mesh, 'utf8')).meshes[0].data as MeshData;
    change(data);
    return this.written(name, { members: data.members, edges: data.edges });
  }

  /** A file with the kubeconfig, changed. */
  kubeconfigWith(name: string, change: (config: KubeConfig) => void): string {
    const config = JSON.parse(readFileSync(this.clusters.kubeconfig, 'utf8')) as KubeConfig;
    change(config);
    return this.written(name, config);
  }

  private get mesh(): string {
    return this.workspace.path('mesh.json');
  }

  private written(name: string, value: unknown): string {
    const file = this.workspace.path(name);
    writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
    return file;
  }
}
