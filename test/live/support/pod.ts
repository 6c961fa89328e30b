import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LiveProcess } from './process';
import { must } from './run';

/**
 * A folder that is the root of the file system to the programs in it, and a loopback network that only they have: so a
 * configuration can be run as it is, with its absolute paths and its ports.
 */
export class LivePod {
  readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-pod-'));
  /** Variables of the programs in it. */
  readonly env: Record<string, string> = {};
  private readonly processes: LiveProcess[] = [];
  private readonly holder: LiveProcess;

  private constructor() {
    mkdirSync(join(this.folder, 'tmp'));
    const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    // It holds the network until it is ended.
    this.holder = this.keep('unshare', [
      ...user,
      '--net',
      'sh',
      '-c',
      'ip link set lo up && echo ready && exec sleep 600',
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
    if (!existsSync(this.path(`/bin/${program}`))) copyFileSync(onPath(program), this.path(`/bin/${program}`));
    return this.keep('nsenter', [...this.network(), 'chroot', this.folder, `/bin/${program}`, ...args]);
  }

  /** Runs a program of the machine in the pod's network. */
  run(program: string, ...args: string[]): string {
    return must('nsenter', [...this.network(), program, ...args]);
  }

  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private network(): string[] {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
    return ['--target', String(this.holder.pid), ...user, '--net', '--'];
  }

  private keep(program: string, args: readonly string[]): LiveProcess {
    const process = new LiveProcess(join(this.folder, 'tmp'), program, args, { env: this.env });
    this.processes.push(process);
    return process;
  }
}

function onPath(program: string): string {
  return must('sh', ['-c', 'command -v "$0"', program]).trim();
}
