import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LiveProcess, type ProcessOptions } from './process';
import { type RelayLine, startRelay } from './relay';
import { must } from './run';

/** How a program of a pod is run. */
export interface PodProgram {
  /** Variables of this program, beside those of the pod. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its user, and its group, by number. */
  readonly user?: number;
  /** Whether it sees the processes of the machine, as with `hostPID`; for root only. */
  readonly hostPid?: boolean;
}

/** Shows a program the machine's processes; the mount is of the program's own, and ends with it. */
const WITH_PROCESSES = 'mkdir -p "$1/proc" && mount --rbind /proc "$1/proc" && shift && exec "$@"';

/** Has a program of the machine look names up as the pod does; the mount is of the program's own, and ends with it. */
const WITH_NAMES = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';

/**
 * A folder that is the root of the file system to the programs in it, and a loopback network that only they have: so a
 * configuration can be run as it is, with its absolute paths and its ports.
 */
export class LivePod {
  readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-pod-'));
  /** Variables of the programs in it: no proxy of the machine, which is not in its network. */
  readonly env: Record<string, string> = { NO_PROXY: '*' };
  private readonly processes: LiveProcess[] = [];
  private readonly holder: LiveProcess;

  private constructor() {
    mkdirSync(join(this.folder, 'tmp'));
    const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    // It holds the network until it is ended, or for as long as the longest test.
    this.holder = this.keep('unshare', [
      ...user,
      '--net',
      'sh',
      '-c',
      'ip link set lo up && echo ready && exec sleep 1800',
    ]);
  }

  static async start(): Promise<LivePod> {
    const pod = new LivePod();
    await pod.holder.says(/ready/);
    return pod;
  }

  /** Path outside for an absolute path inside, whose folder is made. */
  path(inside: string): string {
    const path = join(this.folder, inside);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  write(inside: string, text: string): void {
    writeFileSync(this.path(inside), text);
  }

  /** Starts a static program of PATH with the folder as its root. */
  start(program: string, ...args: string[]): LiveProcess {
    return this.startAs({}, program, ...args);
  }

  /** The same, otherwise than as the pod's other programs. */
  startAs({ env = {}, user, hostPid = false }: PodProgram, program: string, ...args: string[]): LiveProcess {
    if (!existsSync(this.path(`/bin/${program}`))) copyFileSync(onPath(program), this.path(`/bin/${program}`));
    const root = ['chroot', ...(user === undefined ? [] : [`--userspec=${user}:${user}`, '--groups=']), this.folder];
    const before = hostPid ? ['unshare', '--mount', 'sh', '-c', WITH_PROCESSES, 'sh', this.folder] : [];
    return this.keep('nsenter', [...this.network(), ...before, ...root, `/bin/${program}`, ...args], {
      name: program,
      env: { TMPDIR: '/tmp', ...env }, // that of the test is not below its root
    });
  }

  /** Starts a program of the machine in the pod's network, with the pod's names; for root only. */
  startBeside(program: string, args: readonly string[], options: ProcessOptions = {}): LiveProcess {
    const enter = ['unshare', '--mount', 'sh', '-c', WITH_NAMES, 'sh', this.path('/etc/hosts')];
    return this.keep('nsenter', [...this.network(), ...enter, program, ...args], { name: program, ...options });
  }

  /** File in which connections to a port of the pod arrive, once it is open: what relays of other networks lead to. */
  entrance(port: number): { readonly path: string } {
    return { path: join(this.folder, 'tmp', `port-${port}.sock`) };
  }

  /** Lets connections in to ports of the pod. */
  open(...ports: readonly number[]): Promise<void> {
    const closed = ports.filter((port) => !existsSync(this.entrance(port).path));
    return this.relay(closed.map((port) => [this.entrance(port), { host: '127.0.0.1', port }]));
  }

  /** Passes connections on within the pod's network, into it, and out of it. */
  async relay(lines: readonly RelayLine[]): Promise<void> {
    if (lines.length === 0) return;
    const enter = ['nsenter', ...this.network()];
    this.processes.push(await startRelay(lines, enter));
  }

  /** Runs a program of the machine in the pod's network. */
  run(program: string, ...args: string[]): string {
    return must('nsenter', [...this.network(), program, ...args], { env: { ...process.env, ...this.env } });
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private network(): string[] {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
    return ['--target', String(this.holder.pid), ...user, '--net', '--'];
  }

  private keep(
    program: string,
    args: readonly string[],
    { name = program, env = {} }: ProcessOptions = {},
  ): LiveProcess {
    const process = new LiveProcess(program, args, { name, env: { ...this.env, ...env } });
    this.processes.push(process);
    return process;
  }
}

function onPath(program: string): string {
  return must('sh', ['-c', 'command -v "$0"', program]).trim();
}
