import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveCluster } from './cluster';
import { must } from './run';

interface KubeConfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: object }];
}

/** Clusters under test by the names that a program gives them: contexts of one kubeconfig, as a user has them. */
export class LiveClusters<Name extends string> {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-kubeconfig-'));
  private readonly clusters: ReadonlyMap<Name, LiveCluster>;

  constructor(readonly names: readonly Name[]) {
    this.clusters = new Map(names.map((name, index) => [name, LiveCluster.get(index)]));
    const configs = [...this.clusters].map(([name, cluster]) => [name, minified(cluster)] as const);
    const servers = new Set(configs.map(([, { clusters }]) => clusters[0].cluster.server));
    if (servers.size < names.length) throw new Error(`${names.length} different clusters are needed`);
    const merged = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: configs.map(([name, { clusters }]) => ({ ...clusters[0], name })),
      users: configs.map(([name, { users }]) => ({ ...users[0], name })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
    };
    writeFileSync(this.kubeconfig, JSON.stringify(merged), { mode: 0o600 });
  }

  get kubeconfig(): string {
    return join(this.folder, 'config');
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: this.kubeconfig };
  }

  of(name: Name): LiveCluster {
    return this.clusters.get(name) as LiveCluster;
  }

  get all(): [Name, LiveCluster][] {
    return [...this.clusters];
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The current context of a cluster's kubeconfig, with what it refers to. */
function minified(cluster: LiveCluster): KubeConfig {
  return JSON.parse(
    must('kubectl', ['config', 'view', '--raw', '--flatten', '--minify', '-o', 'json'], { env: cluster.env }),
  );
}
