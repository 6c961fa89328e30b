import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiServer } from '../support/api-server';
import { eventuallyBeside, mustBeside } from '../support/beside';
import { freePort, LiveProcess } from '../support/process';
import { objectsIn } from '../support/synthesized';
import { definitionsBeside } from './definitions';
import { Played } from './played';

const NAMESPACE = 'flux-system';
const SOURCE = 'platform';
const PROGRAM = 'kustomize-controller';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * Flux's own kustomize-controller beside an API server. Its source-controller is played: it would fetch a commit, and serve
 * the files of it.
 */
export class FluxController {
  private process: LiveProcess | undefined;
  private readonly files = createServer((_, response) => response.end(this.archive));
  private archive = Buffer.alloc(0);
  private revisions = 0;

  constructor(
    private readonly api: ApiServer,
    private readonly path: (name: string) => string,
  ) {}

  async start(): Promise<void> {
    await this.api.make([
      ...definitionsBeside(PROGRAM, 'flux-crds'),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ]);
    this.files.listen(0, '127.0.0.1');
    const [health, metrics] = [await freePort(), await freePort()];
    this.process = new LiveProcess(
      PROGRAM,
      [
        ...['--watch-all-namespaces', '--requeue-dependency=1s', '--concurrent=8', '--events-addr='],
        ...[`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`],
      ],
      { env: { ...this.api.env, RUNTIME_NAMESPACE: NAMESPACE } },
    );
  }

  async end(): Promise<void> {
    await this.process?.end();
    await new Promise((resolve) => this.files.close(resolve));
  }

  /** Brings a commit with an output folder at a path of the repository, and applies what stands in it for a cluster. */
  async deliver(output: string, path: string, cluster: string): Promise<void> {
    const file = this.path('artifact.tar.gz');
    await mustBeside('tar', ['-czf', file, '-C', output, `--transform=s,^\\.,./${path},`, '.']);
    this.archive = readFileSync(file);
    this.revisions += 1;
    const digest = createHash('sha256').update(this.archive).digest('hex');
    await this.api.make([
      {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name: SOURCE, namespace: NAMESPACE },
        spec: { interval: '1h', url: 'https://git.example.com/platform.git' },
      },
    ]);
    const { port } = this.files.address() as AddressInfo;
    await new Played(this.api).patchStatus(`gitrepository/${SOURCE}`, NAMESPACE, {
      observedGeneration: 1,
      artifact: {
        url: `http://127.0.0.1:${port}/${digest}.tar.gz`,
        path: `${digest}.tar.gz`,
        revision: `main@sha1:${String(this.revisions).padStart(40, '0')}`,
        digest: `sha256:${digest}`,
        size: this.archive.length,
        lastUpdateTime: new Date().toISOString(),
      },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Succeeded',
          message: 'stored artifact',
          observedGeneration: 1,
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    });
    const text = readFileSync(`${output}/flux/${cluster}/kustomizations.yaml`, 'utf8');
    const outcome = await this.api.apply(text);
    if (outcome.status !== 0 || outcome.stderr !== '') throw new Error(outcome.text);
    // As the Kustomization above them does that has brought them.
    const wanted = new Set(objectsIn(text).map(({ metadata }) => metadata.name));
    const there = (await this.api.kubectl('-n', NAMESPACE, 'get', 'kustomizations', '-o', 'name'))
      .split('\n')
      .filter(Boolean);
    const gone = there.filter((name) => !wanted.has(name.split('/')[1] ?? ''));
    if (gone.length > 0) await this.api.kubectl('-n', NAMESPACE, 'delete', '--timeout=60s', ...gone);
  }

  /** Waits until a wave is ready at the newest commit. */
  async ready(name: string): Promise<void> {
    await eventuallyBeside(240, `${name} is ready`, async () => {
      const { revision, conditions } = await this.state(name);
      const ready = conditions.find(({ type }) => type === 'Ready');
      if (ready?.status !== 'True' || !revision?.endsWith(String(this.revisions).padStart(40, '0'))) {
        throw new Error(ready?.message ?? 'nothing is said of it');
      }
    });
  }

  /** Waits until a wave has a reason for not being ready. */
  async waits(name: string, reason: string): Promise<void> {
    await eventuallyBeside(240, `${name} waits`, async () => {
      const ready = (await this.state(name)).conditions.find(({ type }) => type === 'Ready');
      if (ready?.reason !== reason) throw new Error(`${ready?.reason}: ${ready?.message}`);
    });
  }

  private async state(name: string): Promise<{ revision?: string; conditions: readonly Condition[] }> {
    const text = await this.api.kubectl('-n', NAMESPACE, 'get', `kustomization/${name}`, '-o', 'json');
    const { status = {} } = JSON.parse(text);
    return { revision: status.lastAppliedRevision, conditions: status.conditions ?? [] };
  }
}
