import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FederatedClusters, Name } from '../cluster/federated-clusters';
import { verify } from './verify-command';

/** What `--print-rbac` prints, applied to clusters that others use after this test: what is not in a namespace goes with it. */
export class VerifyAccount {
  private readonly file: string;
  private readonly used = new Set<Name>();

  private constructor(
    private readonly world: FederatedClusters,
    manifests: string,
  ) {
    this.file = join(mkdtempSync(world.workspace.path('account-')), 'rbac.yaml');
    writeFileSync(this.file, manifests);
  }

  /** @param change of what is printed, before it is applied */
  static async of(
    world: FederatedClusters,
    args: readonly string[],
    change: (manifests: string) => string = (manifests) => manifests,
  ): Promise<VerifyAccount> {
    const { stdout } = await verify([...args, '--print-rbac'], world.env);
    return new VerifyAccount(world, change(stdout));
  }

  /** A token of the account in a cluster, which it is made in. */
  async token(name: Name): Promise<string> {
    const cluster = this.world.clusters.of(name);
    this.used.add(name);
    await cluster.kubectlBeside('apply', '-f', this.file);
    return (await cluster.kubectlBeside('-n', 'spire-server', 'create', 'token', 'spirekit-verify')).trim();
  }

  /** A kubeconfig in which each context is that of the account. */
  async kubeconfig(): Promise<string> {
    const config = JSON.parse(readFileSync(this.world.clusters.kubeconfig, 'utf8'));
    for (const [name] of this.world.clusters.all) {
      config.users.find((each: { name: string }) => each.name === name).user = { token: await this.token(name) };
    }
    const file = `${this.file}.kubeconfig.json`;
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  async remove(): Promise<void> {
    for (const name of this.used) {
      await this.world.clusters.of(name).kubectlBeside('delete', '--ignore-not-found', '-f', this.file);
    }
    this.used.clear();
  }
}
