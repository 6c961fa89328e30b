import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { LiveCluster } from './cluster';
import { rememberPid } from './logs';

/** `kubectl get --watch` beside the test: tells of each line, and begins anew when the API server ends it. */
export class Watch {
  private child: ChildProcess | undefined;
  private ended = false;

  constructor(
    private readonly cluster: LiveCluster,
    private readonly args: readonly string[],
    private readonly onLine: (line: string) => void,
  ) {
    this.start();
  }

  async end(): Promise<void> {
    this.ended = true;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
  }

  private start(): void {
    const child = spawn('kubectl', ['get', ...this.args, '--watch'], {
      env: this.cluster.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    rememberPid(child.pid);
    createInterface(child.stdout).on('line', this.onLine);
    this.child = child;
    child.on('exit', () => {
      if (!this.ended) setTimeout(() => !this.ended && this.start(), 1000).unref();
    });
  }
}
