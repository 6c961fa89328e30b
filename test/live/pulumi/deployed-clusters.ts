import { FederatedClusters, NAMES, type Name } from '../cluster/federated-clusters';
import { shown } from '../support/comparison';
import { inventoryOf } from '../support/inventory';
import { ClusterFolder } from '../support/manifests';
import type { Written } from '../support/synthesized';
import { appliedOn, differencesFrom } from './parity';

const PROGRAM = 'examples/kubernetes-federation/main.ts';

/** The three clusters of the federation, what is on them, and what cdk8s writes for them. */
export class DeployedClusters extends FederatedClusters {
  private before: ReadonlyMap<Name, readonly string[]> = new Map();

  /** Writes what cdk8s writes, by the program as it is in the user's folder. */
  async synthesize(): Promise<void> {
    await this.run(`npx tsx ${PROGRAM}`);
  }

  /** Removes what a run has left that was aborted, and takes note of what is there then. */
  async clear(): Promise<void> {
    await this.run('sh dist/remove.sh');
    this.before = await this.inventories();
  }

  /** All objects that cdk8s writes, a line each: `east: Service shop/web`. */
  get objects(): string[] {
    return NAMES.flatMap((name) => this.written(name).map((object) => `${name}: ${shown(object)}`)).sort();
  }

  /**
   * Makes the Secrets that the summary asks for, each as soon as its namespace is there. To be called beside the update:
   * it makes the namespaces, and then waits for the servers, which wait for the Secrets.
   */
  async createSecretsInTime(): Promise<void> {
    const wait = ['wait', '--for=create', '--timeout=300s', 'namespace/spire-server'];
    await Promise.all(this.clusters.all.map(([, cluster]) => cluster.kubectlBeside(...wait)));
    this.createSecrets();
  }

  /** Throws unless every pod is ready now. */
  async expectReady(): Promise<void> {
    const wait = ['wait', 'pod', '--all', '--for=condition=Ready', '--timeout=10s'];
    for (const [, cluster] of this.clusters.all) {
      for (const namespace of ['spire-server', 'spire-system']) await cluster.kubectlBeside('-n', namespace, ...wait);
    }
  }

  /** What is otherwise on the clusters than cdk8s has written it, a line each. */
  async differences(): Promise<string[]> {
    return this.linesOfAll((name) => differencesFrom(this.written(name), this.clusters.of(name)));
  }

  /** What is on the clusters that was not there at first, a line each. */
  async left(): Promise<string[]> {
    const now = await this.inventories();
    return this.linesOfAll(async (name) => {
      const known = new Set(this.before.get(name));
      return (now.get(name) ?? []).filter((line) => !known.has(line));
    });
  }

  /** All objects that Pulumi has deployed, with their UIDs: another UID is another object. */
  uids(): Promise<string[]> {
    return this.linesOfAll(async (name) => {
      const objects = await appliedOn(this.clusters.of(name));
      return objects.map((object) => `${shown(object)}: ${object.metadata.uid}`);
    });
  }

  private written(name: Name): Written[] {
    return new ClusterFolder(this.workspace.path(`dist/${name}`)).objects;
  }

  private async inventories(): Promise<Map<Name, string[]>> {
    const all = this.clusters.all.map(async ([name, cluster]) => {
      return [name, await inventoryOf((...args) => cluster.kubectlBeside(...args))] as const;
    });
    return new Map(await Promise.all(all));
  }

  private async linesOfAll(ask: (name: Name) => Promise<string[]>): Promise<string[]> {
    const all = NAMES.map(async (name) => (await ask(name)).map((line) => `${name}: ${line}`));
    return (await Promise.all(all)).flat();
  }
}
