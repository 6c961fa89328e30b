import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { mustBeside } from './beside';
import { logFolder, rememberPid } from './logs';
import { must, type Outcome, run } from './run';

/** A cluster under test, by its kubeconfig. */
export class LiveCluster {
  private constructor(readonly kubeconfig: string) {}

  /** The clusters that the environment names; the last one stands in where fewer are there than asked for. */
  static get(index: number): LiveCluster {
    const all = (process.env.SPIREKIT_LIVE_KUBECONFIGS ?? '').split(',').filter(Boolean);
    const path = all[Math.min(index, all.length - 1)];
    if (!path) throw new Error('no cluster: set SPIREKIT_LIVE_KUBECONFIGS (or run through npm run test:live)');
    return new LiveCluster(path);
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, KUBECONFIG: this.kubeconfig };
  }

  /** kubectl that must succeed. */
  kubectl(...args: string[]): string {
    return must('kubectl', args, { env: this.env });
  }

  /** kubectl with a text on its standard input, which must succeed. */
  kubectlWith(input: string, ...args: string[]): string {
    return must('kubectl', args, { env: this.env, input });
  }

  /** kubectl that may fail. */
  tryKubectl(...args: string[]): Outcome {
    return run('kubectl', args, { env: this.env });
  }

  /** kubectl with a document on standard input. */
  apply(document: string, ...args: string[]): Outcome {
    return run('kubectl', ['apply', '-f', '-', ...args], { env: this.env, input: document });
  }

  /** kubectl beside the test, which must succeed. */
  kubectlBeside(...args: string[]): Promise<string> {
    return mustBeside('kubectl', args, { env: this.env });
  }

  /** Gives the cluster an image from an archive, by the command in SPIREKIT_LIVE_IMPORT. */
  async importImage(archive: string): Promise<void> {
    const command = process.env.SPIREKIT_LIVE_IMPORT;
    if (!command) throw new Error('no command: set SPIREKIT_LIVE_IMPORT');
    await mustBeside('sh', ['-c', command, 'sh', archive], { env: this.env });
  }

  json<T>(...args: string[]): T {
    return JSON.parse(this.kubectl(...args, '-o', 'json')) as T;
  }

  /** Keeps objects, events and logs of namespaces in the folder of this run's logs. */
  keepLogs(name: string, ...namespaces: string[]): void {
    const folder = join(logFolder(), `${name}-pods`);
    this.tryKubectl(
      'cluster-info',
      'dump',
      `--namespaces=${namespaces.join(',')}`,
      `--output-directory=${folder}`,
      '-o=yaml',
    );
  }

  /** Forwards a port of a service to a free one on loopback while the action runs. */
  async forward<T>(namespace: string, target: string, port: number, action: (local: number) => Promise<T>): Promise<T> {
    const child = spawn('kubectl', ['-n', namespace, 'port-forward', '--address=127.0.0.1', target, `:${port}`], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    rememberPid(child.pid);
    try {
      return await action(await forwardedPort(child));
    } finally {
      child.kill();
    }
  }
}

function forwardedPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += chunk;
      const port = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port) resolve(Number(port));
    });
    child.on('exit', (code) => reject(new Error(`kubectl port-forward ended with ${code}`)));
  });
}
