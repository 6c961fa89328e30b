import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runBeside } from './beside';
import { newLogFile } from './logs';
import { progress } from './progress';
import type { Outcome } from './run';

/**
 * A stack of a Pulumi program. State, settings and what the CLI keeps for itself are in a folder of its own: nothing is
 * written beside the program, and two runs at once do not meet.
 */
export class PulumiStack {
  /**
   * @param folder the folder of the program's Pulumi.yaml
   * @param environment leads to the cluster, or clusters
   * @param state folder with the state, and the settings as `Pulumi.STACK.yaml`
   */
  constructor(
    private readonly folder: string,
    readonly name: string,
    private readonly environment: NodeJS.ProcessEnv,
    readonly state = mkdtempSync(join(tmpdir(), 'spirekit-pulumi-')),
  ) {}

  /** What programs need that work on the stack. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...this.environment,
      PULUMI_HOME: join(this.state, 'home'),
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_CONFIG_PASSPHRASE: '',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_LANGHOST_SDK: process.cwd(), // where a language host that is not upstream's finds the SDK
    };
  }

  /** The same stack, by the program as it is in another folder. */
  in(folder: string): PulumiStack {
    return new PulumiStack(folder, this.name, this.environment, this.state);
  }

  /** Runs a command of the CLI on the stack, which must succeed; gives its standard output. */
  async must(...args: string[]): Promise<string> {
    const outcome = await this.try(args);
    if (outcome.status !== 0)
      throw new Error(`pulumi ${args.join(' ')} ended with ${outcome.status}:\n${outcome.text}`);
    return outcome.stdout;
  }

  /** Runs a command of the CLI on the stack, which may fail. */
  async try(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    if (!existsSync(this.settings)) await this.init();
    const where = ['--stack', this.name, '--cwd', this.folder];
    return this.run([...args, ...where, ...(args[0] === 'stack' ? [] : ['--config-file', this.settings])], env);
  }

  /** What a command prints as JSON. */
  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.must(...args)) as T;
  }

  /** Forgets the stack. What it has deployed stays. */
  discard(): void {
    rmSync(this.state, { recursive: true, force: true });
  }

  private get settings(): string {
    return join(this.state, `Pulumi.${this.name}.yaml`);
  }

  private async init(): Promise<void> {
    // It writes its settings beside the Pulumi.yaml, wherever that is.
    cpSync(join(this.folder, 'Pulumi.yaml'), join(this.state, 'Pulumi.yaml'));
    const { status, text } = await this.run(['stack', 'init', this.name, '--cwd', this.state]);
    if (status !== 0) throw new Error(`pulumi stack init ended with ${status}:\n${text}`);
  }

  private run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return this.beside('pulumi', [...args, '--non-interactive'], env);
  }

  /** Runs a program that works on the stack, and says every ten seconds how far it is. */
  async beside(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const command = [basename(program), ...args].join(' ');
    progress(`$ ${command}`);
    let last = '';
    const beat = setInterval(() => progress(last), 10_000);
    try {
      const outcome = await runBeside(program, args, {
        env: { ...this.env, ...env },
        onLine: (line) => {
          last = line.trim() || last;
        },
      });
      writeFileSync(newLogFile(program), `$ ${command}\n${outcome.text}`);
      return outcome;
    } finally {
      clearInterval(beat);
    }
  }
}
