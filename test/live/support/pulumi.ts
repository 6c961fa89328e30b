import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runBeside } from './beside';
import { newLogFile } from './logs';
import { progress } from './progress';
import type { Outcome } from './run';

/** What a program did, and the file that has all of its output. */
export interface LoggedOutcome extends Outcome {
  readonly log: string;
}

/** How the CLI says what it does to a resource: ` +  kubernetes:core/v1:Service east/server created (0.1s)`. */
const STEP = /^ *[-+~]+ +\S+:/;

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

  /**
   * The same stack, by the program as it is in another folder.
   *
   * @param more variables of the environment
   */
  in(folder: string, more: NodeJS.ProcessEnv = {}): PulumiStack {
    return new PulumiStack(folder, this.name, { ...this.environment, ...more }, this.state);
  }

  /** Runs a command of the CLI on the stack, which must succeed; gives its standard output. */
  async must(...args: string[]): Promise<string> {
    return succeeded('pulumi', args, await this.try(...args));
  }

  /** Runs a command of the CLI on the stack, which may fail. */
  async try(...args: string[]): Promise<LoggedOutcome> {
    return this.run(args, await this.where(args[0]));
  }

  /** The words of a command of the CLI on the stack, for a shell. */
  async command(...args: string[]): Promise<string> {
    return ['pulumi', ...args, ...(await this.where(args[0])), '--non-interactive'].join(' ');
  }

  /** What a command prints as JSON. */
  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.must(...args)) as T;
  }

  /** Runs a program that works on the stack, which must succeed; gives its standard output. */
  async mustRun(program: string, args: readonly string[]): Promise<string> {
    return succeeded(program, args, await this.logged(program, args));
  }

  /** Forgets the stack. What it has deployed stays. */
  discard(): void {
    rmSync(this.state, { recursive: true, force: true });
  }

  /** What leads the CLI to the stack, which is made if it is not there yet. */
  private async where(command: string | undefined): Promise<string[]> {
    if (!existsSync(this.settings)) await this.init();
    const settings = command === 'stack' ? [] : ['--config-file', this.settings];
    return ['--stack', this.name, '--cwd', this.folder, ...settings];
  }

  private get settings(): string {
    return join(this.state, `Pulumi.${this.name}.yaml`);
  }

  private async init(): Promise<void> {
    // It writes its settings beside the Pulumi.yaml, wherever that is.
    cpSync(join(this.folder, 'Pulumi.yaml'), join(this.state, 'Pulumi.yaml'));
    const args = ['stack', 'init', this.name];
    succeeded('pulumi', args, await this.run(args, ['--cwd', this.state]));
  }

  private run(args: readonly string[], where: readonly string[]): Promise<LoggedOutcome> {
    progress(`$ pulumi ${args.join(' ')}`);
    return this.logged('pulumi', [...args, ...where, '--non-interactive']);
  }
  /** Keeps the output as it comes, and says every ten seconds how far the program is. */
  private async logged(program: string, args: readonly string[]): Promise<LoggedOutcome> {
    const command = [basename(program), ...args].join(' ');
    const log = newLogFile(program);
    writeFileSync(log, `$ ${command}\n`);
    let last = command;
    const beat = setInterval(() => progress(last), 10_000);
    const onLine = (line: string) => {
      appendFileSync(log, `${line}\n`);
      if (STEP.test(line)) last = line.trim();
    };
    try {
      const outcome = await runBeside(program, args, { env: this.env, onLine });
      appendFileSync(log, outcome.stderr);
      return { ...outcome, log };
    } finally {
      clearInterval(beat);
    }
  }
}

/** The standard output of a command that must have succeeded. */
function succeeded(program: string, args: readonly string[], outcome: LoggedOutcome): string {
  const { status, stdout, text, log } = outcome;
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${status}; all of it is in ${log}:\n${text.slice(-4000)}`);
}
