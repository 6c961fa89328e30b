import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBeside } from '../support/beside';
import { rememberPid } from '../support/logs';
import { LiveProcess } from '../support/process';
import { eventually, must, type Outcome, run } from '../support/run';

/** Where a container finds the Workload API, as in a pod. */
export const SOCKET = 'unix:///spiffe-workload-api/agent.sock';

/** A folder of this machine in a container. */
export interface Mount {
  readonly from: string;
  readonly to: string;
  /** @default false */
  readonly isWritable?: boolean;
}

/** How a container is started. */
export interface ContainerOptions {
  /** Folder of the agent's socket on this machine. */
  readonly workloadApi: string;
  readonly env?: Readonly<Record<string, string>>;
  /** @default - the image's entry point */
  readonly args?: readonly string[];
  readonly mounts?: readonly Mount[];
}

/** What is edited of the configuration that umoci makes of an image. @see https://github.com/opencontainers/runtime-spec/blob/v1.1.0/config.md */
interface RuntimeConfig {
  readonly process: {
    readonly args: readonly string[];
    readonly env: readonly string[];
    readonly capabilities: object;
  };
  readonly root: object;
  readonly mounts: readonly object[];
  readonly linux: { readonly namespaces: readonly { readonly type: string }[] };
}

/** Containers by runc, without a daemon: their images unpacked by umoci. Everything is in one folder, and ends with it. */
export class Containers {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-containers-'));
  private readonly containers: Container[] = [];

  /** Unpacks the image for a platform of an OCI layout, and gives its bundle. */
  unpack(layout: string, tag = 'latest-amd64'): string {
    const bundle = join(this.folder, `bundle-${randomBytes(4).toString('hex')}`);
    must('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle]);
    return bundle;
  }

  /** Starts a container on an unpacked image. */
  async start(bundle: string, options: ContainerOptions): Promise<Container> {
    const name = `spirekit-${randomBytes(6).toString('hex')}`;
    const folder = join(this.folder, name);
    mkdirSync(folder);
    const config = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8')) as RuntimeConfig;
    writeFileSync(join(folder, 'config.json'), JSON.stringify(hardened(config, join(bundle, 'rootfs'), options)));
    const container = new Container(name, join(this.folder, 'state'), folder);
    this.containers.push(container);
    await container.begun();
    return container;
  }

  async end(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A container that runs beside the test. */
export class Container {
  /** runc in the foreground: it has the container's outputs, and ends with its exit code. */
  private readonly runc: LiveProcess;

  constructor(
    readonly name: string,
    private readonly root: string,
    bundle: string,
  ) {
    this.runc = new LiveProcess('runc', ['--root', root, 'run', '--bundle', bundle, name]);
  }

  /** Waits until its process was started, and writes it down: without runc it would go on. */
  async begun(): Promise<void> {
    await eventually(
      10,
      () => {
        if (this.runc.status !== null) return true; // a short one
        const { pid } = JSON.parse(must('runc', ['--root', this.root, 'state', this.name])) as { pid: number };
        rememberPid(pid);
        return true;
      },
      `the container ${this.name}`,
    );
  }

  /** Both outputs so far. */
  get text(): string {
    return this.runc.text;
  }

  /** Exit code, or null while it runs. */
  get status(): number | null {
    return this.runc.status;
  }

  says(pattern: RegExp, seconds = 30): Promise<RegExpExecArray> {
    return this.runc.says(pattern, seconds);
  }

  /** Waits until it ends by itself, and gives its exit code. */
  exit(seconds = 30): Promise<number | null> {
    return this.runc.exit(seconds);
  }

  /** Runs a program in it, as its own user. */
  exec(...args: string[]): Promise<Outcome> {
    return runBeside('runc', ['--root', this.root, 'exec', this.name, ...args]);
  }

  kill(signal: string): void {
    must('runc', ['--root', this.root, 'kill', this.name, signal]);
  }

  async end(): Promise<void> {
    run('runc', ['--root', this.root, 'delete', '--force', this.name]);
    await this.runc.end();
  }
}

/**
 * As a pod that is `restricted` has it: nothing of the image can be written, no capability, no new privileges, and of the machine the
 * Workload API alone. The network is the machine's, so that all meet on loopback.
 */
function hardened(config: RuntimeConfig, rootfs: string, options: ContainerOptions): object {
  const { workloadApi, env = {}, args = config.process.args, mounts = [] } = options;
  const variables = { SPIFFE_ENDPOINT_SOCKET: SOCKET, ...env };
  return {
    ...config,
    process: {
      ...config.process,
      terminal: false,
      args,
      env: [...config.process.env, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
      capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [...config.mounts, ...[{ from: workloadApi, to: '/spiffe-workload-api' }, ...mounts].map(bind)],
    linux: { ...config.linux, namespaces: config.linux.namespaces.filter(({ type }) => type !== 'network') },
  };
}

function bind({ from, to, isWritable = false }: Mount): object {
  const options = ['rbind', 'nosuid', 'nodev', 'noexec', isWritable ? 'rw' : 'ro'];
  return { destination: to, type: 'bind', source: from, options };
}
