import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveCluster } from './cluster';
import { run } from './run';

/** A stack of a Pulumi program, with a state of its own, on a cluster. */
export class PulumiStack {
  private readonly state = mkdtempSync(join(tmpdir(), 'spirekit-pulumi-'));
  private made = false;

  /**
   * @param folder the folder of the program's Pulumi.yaml
   */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly cluster: LiveCluster,
  ) {}

  /** Runs a command of the CLI on the stack; gives what it prints. */
  must(...args: string[]): string {
    if (!this.made) {
      this.made = true;
      this.run('stack', 'init', this.name);
    }
    return this.run(...args, '--stack', this.name);
  }

  /** Removes the state, and the settings that the CLI keeps beside the program. */
  discard(): void {
    rmSync(this.state, { recursive: true, force: true });
    rmSync(join(this.folder, `Pulumi.${this.name}.yaml`), { force: true });
  }

  private run(...args: string[]): string {
    const outcome = run('pulumi', [...args, '--non-interactive', '--cwd', this.folder], {
      env: {
        ...this.cluster.env,
        PULUMI_HOME: join(this.state, 'home'),
        PULUMI_BACKEND_URL: `file://${this.state}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_LANGHOST_SDK: process.cwd(), // where a language host that is not upstream's finds the SDK
      },
    });
    if (outcome.status !== 0)
      throw new Error(`pulumi ${args.join(' ')} ended with ${outcome.status}:\n${outcome.text}`);
    return outcome.text;
  }
}
