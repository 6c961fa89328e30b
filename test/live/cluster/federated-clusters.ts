import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from '../support/authority';
import { addressOf, Cloud } from '../support/cloud';
import { LiveClusters } from '../support/clusters';
import { Workspace } from '../support/workspace';

/** The clusters of examples/kubernetes-federation. */
export const NAMES = ['east', 'west', 'lab'] as const;
export type Name = (typeof NAMES)[number];

const SERVER = ['-n', 'spire-server', 'exec', 'statefulset/spire-server', '-c', 'spire-server', '--'];

/** What a server calls a bundle. */
interface ServedBundle {
  readonly keys: readonly { readonly use: string; readonly kid?: string }[];
}

/**
 * What a user of examples/kubernetes-federation has besides the example: three clusters by the names of their contexts, a
 * root above each, a folder to work in, and a cloud.
 */
export class FederatedClusters {
  readonly clusters = new LiveClusters(NAMES);
  readonly workspace: Workspace;
  readonly cloud = new Cloud(this.clusters.all.map(([, cluster]) => cluster));
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-roots-'));
  private readonly authorities: ReadonlyMap<Name, Authority>;

  /** @param workspace what the folder to work in needs to have */
  constructor(workspace: ConstructorParameters<typeof Workspace>[0] = {}) {
    this.workspace = new Workspace(workspace);
    mkdirSync(this.roots);
    this.authorities = new Map(NAMES.map((name) => [name, new Authority(this.folder, name)]));
    for (const [name, { certificate }] of this.authorities) writeFileSync(join(this.roots, `${name}.pem`), certificate);
  }

  /** Folder with the certificates of the roots. */
  get roots(): string {
    return join(this.folder, 'roots');
  }

  get env(): NodeJS.ProcessEnv {
    return { ...this.clusters.env, SPIRE_ROOTS: this.roots, CDK8S_CHECK_UPGRADE: 'false' };
  }

  /** A command of a shell in the user's folder. */
  run(command: string): Promise<string> {
    return this.workspace.run(command, this.env);
  }

  /** Makes the Secret that the summary asks for, in a namespace that is there. */
  createSecrets(): void {
    for (const [name, { certificateFile, keyFile }] of this.authorities) {
      const files = [`--cert=${certificateFile}`, `--key=${keyFile}`];
      this.clusters.of(name).kubectl('-n', 'spire-server', 'create', 'secret', 'tls', 'spire-upstream-ca', ...files);
    }
  }

  /** Addresses of the records that the summary asks for, by name. */
  recordsIn(summary: string): Map<string, string> {
    const lines = summary.matchAll(/^ {2}(\S+) to the load balancer of Service (\S+)\/(\S+) of (\S+)$/gm);
    return new Map(
      [...lines].map(([, host = '', namespace = '', service = '', cluster]) => [
        host,
        addressOf(this.clusters.of(cluster as Name), namespace, service),
      ]),
    );
  }

  /** The server's own command line in a cluster. */
  server(name: Name, ...args: string[]): string {
    return this.clusters.of(name).kubectl(...SERVER, '/opt/spire/bin/spire-server', ...args);
  }

  /** The bundle of a cluster's own trust domain. */
  bundle(name: Name): ServedBundle {
    return JSON.parse(this.server(name, 'bundle', 'show', '-format', 'spiffe')) as ServedBundle;
  }

  /** What a cluster has of another one. */
  bundleOf(name: Name, other: Name): ServedBundle {
    const id = `spiffe://${other}.example.com`;
    return JSON.parse(this.server(name, 'bundle', 'list', '-id', id, '-format', 'spiffe')) as ServedBundle;
  }

  /** UIDs of the pods of servers and agents, by cluster and component. */
  podsOfSpire(): Map<string, string> {
    const uid = '-o=jsonpath={.items[*].metadata.uid}';
    const select = (component: string) => ['get', 'pods', '-A', '-l', `app.kubernetes.io/name=${component}`, uid];
    return new Map(
      this.clusters.all.flatMap(([name, cluster]) =>
        ['spire-server', 'spire-agent'].map((component) => [
          `${name} ${component}`,
          cluster.kubectl(...select(component)),
        ]),
      ),
    );
  }

  /** Ends what is played, and removes the files. */
  async end(): Promise<void> {
    await this.cloud.end();
    this.workspace.remove();
    this.clusters.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
