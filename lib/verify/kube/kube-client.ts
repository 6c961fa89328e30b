import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Bounds } from '../bounds';
import { LateAnswer, withDeadline } from '../deadline';
import type { Limiter } from '../limiter';
import { readBody } from '../read-body';
import type {
  AccessAnswer,
  AccessQuestion,
  ClusterAccess,
  ContainerPlace,
  ExecResult,
  KubeObject,
  ListOptions,
  LogOptions,
} from './access';
import { AccessError, refusal } from './access-error';
import type { ClusterChanges } from './changes';
import { execIn, forwardTo } from './channels';
import { startIn } from './exec-stream';
import { KubeChanges } from './kube-changes';
import type { KubeConfig } from './load-client';
import { type ApiRequest, ApiServer } from './request';
import { pathOf, type Resource, resourceName } from './resources';

/** Objects that are asked for at a time. */
const PAGE = 500;

/** Bytes that are read of a log or of a Secret at most. */
const LOG_BYTES = 8 * 1024 * 1024;

/** A cluster by a context of a kubeconfig. */
export class KubeClient implements ClusterAccess {
  private readonly api: ApiServer;

  constructor(
    readonly context: string,
    config: KubeConfig,
    private readonly bounds: Bounds,
    private readonly limiter: Limiter,
    private readonly signal: AbortSignal,
  ) {
    this.api = new ApiServer(config);
  }

  get server(): string {
    return this.api.url;
  }

  async version(): Promise<string> {
    try {
      const { gitVersion } = await this.json<{ gitVersion?: string }>(
        { method: 'GET', path: '/version' },
        'its version',
      );
      if (gitVersion !== undefined) return gitVersion;
    } catch (error) {
      if (!AccessError.is(error, 'not-installed', 'not-found', 'failed')) throw error;
    }
    throw new AccessError('unreachable', `${this.server} answers, and is no API server of Kubernetes`);
  }

  get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T> {
    return this.json<T>({ method: 'GET', path: pathOf(resource, namespace, name) }, resourceName(resource));
  }

  async list<T extends KubeObject>(
    resource: Resource,
    { namespace, labelSelector }: ListOptions = {},
  ): Promise<readonly T[]> {
    const objects: T[] = [];
    let token = '';
    do {
      const page = await this.json<{ items?: T[]; metadata?: { continue?: string } }>(
        {
          method: 'GET',
          path: pathOf(resource, namespace),
          query: { limit: PAGE, ...(labelSelector && { labelSelector }), ...(token && { continue: token }) },
        },
        resourceName(resource),
      );
      objects.push(...(page.items ?? []));
      token = page.metadata?.continue ?? '';
      if (token !== '' && objects.length >= this.bounds.objects) {
        throw new AccessError('too-large', `there are more than ${this.bounds.objects} ${resourceName(resource)}`);
      }
    } while (token !== '');
    return objects;
  }

  async secretValue(namespace: string, name: string, key: string): Promise<string | undefined> {
    const body = await this.send({ method: 'GET', path: `/api/v1/namespaces/${namespace}/secrets/${name}` }, 'secrets');
    try {
      // All values but the one are dropped while they are read.
      const { data = {} } = JSON.parse(body.toString('utf8'), function (this: unknown, property, value) {
        const isOther = typeof value === 'string' && property !== key;
        return isOther ? undefined : value;
      }) as { data?: Record<string, string> };
      const value = data[key];
      return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
    } finally {
      body.fill(0);
    }
  }

  async review({ user, groups, verb, resource, subresource, namespace, name }: AccessQuestion): Promise<AccessAnswer> {
    const kind = user === undefined ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
    const { group, plural } = resource;
    const { status = {} } = await this.json<{
      status?: { allowed?: boolean; reason?: string; evaluationError?: string };
    }>(
      {
        method: 'POST',
        path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind,
          spec: {
            ...(user !== undefined && { user, groups }),
            resourceAttributes: { verb, group, resource: plural, subresource, namespace, name },
          },
        },
      },
      kind,
    );
    return { allowed: status.allowed === true, reason: status.reason || status.evaluationError || '' };
  }

  exec(place: ContainerPlace, command: readonly string[]): Promise<ExecResult> {
    return this.bounded((signal) => execIn(this.api, place, command, { signal, bytes: this.bounds.bytes }));
  }

  async log(
    { namespace, pod, container }: ContainerPlace,
    { lines, seconds, previous = false }: LogOptions,
  ): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const query = {
      container,
      tailLines: lines,
      sinceSeconds: seconds,
      limitBytes: LOG_BYTES,
      ...(previous && { previous: 'true' }),
    };
    return (await this.send({ method: 'GET', path, query }, 'pods/log')).toString('utf8');
  }

  httpGet(pod: Omit<ContainerPlace, 'container'>, port: number, path: string): Promise<string> {
    return this.bounded(async (signal) => {
      const connection = await forwardTo(this.api, pod, port, { signal });
      try {
        return await getOver(connection, port, path, this.bounds.bytes, signal);
      } finally {
        connection.destroy();
      }
    });
  }

  connect(pod: Omit<ContainerPlace, 'container'>, port: number): Promise<Duplex> {
    return this.bounded((signal) => forwardTo(this.api, pod, port, { signal }));
  }

  changes(signal: AbortSignal): ClusterChanges {
    const client = new KubeClient(this.context, this.api.config, this.bounds, this.limiter, signal);
    return new KubeChanges(client, {
      send: (request, what) => client.send(request, what),
      start: (place, command) =>
        client.bounded((ending) => startIn(client.api, place, command, { signal: ending, bytes: client.bounds.bytes })),
    });
  }

  private async json<T>(request: Omit<ApiRequest, 'signal' | 'bytes'>, what: string): Promise<T> {
    const body = await this.send(request, what);
    try {
      return JSON.parse(body.toString('utf8')) as T;
    } catch {
      throw new AccessError(
        'failed',
        `${this.server} answers ${request.path} with what is no JSON; is it an API server?`,
      );
    }
  }

  private async send(request: Omit<ApiRequest, 'signal' | 'bytes'>, what: string): Promise<Buffer> {
    const { status, body } = await this.bounded((signal) =>
      this.api.send({ ...request, signal, bytes: this.bounds.bytes }),
    );
    if (status >= 200 && status < 300) return body;
    throw refusal(status, body.toString('utf8'), what);
  }

  /** One question: in its turn, and in time. */
  private async bounded<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.limiter.run(() => withDeadline(this.bounds.waitMs, this.signal, ask), this.signal);
    } catch (error) {
      if (!(error instanceof LateAnswer)) throw error;
      throw new AccessError('timeout', `${this.server} gave ${error.message}`, { cause: error });
    }
  }
}

/** An HTTP request over a connection that is there already. */
function getOver(connection: Duplex, port: number, path: string, bytes: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      {
        createConnection: () => connection as never,
        path,
        headers: { Host: `localhost:${port}`, Connection: 'close' },
        signal,
      },
      (response) => {
        readBody(request, response, {
          bytes,
          tooLong: () => new AccessError('too-large', `port ${port} answers more than ${bytes} bytes`),
          done: (body) => {
            if (response.statusCode === 200) resolve(body.toString('utf8'));
            else reject(new AccessError('failed', `port ${port} answers ${path} with HTTP ${response.statusCode}`));
          },
          fail: reject,
        });
      },
    );
    request.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else
        reject(
          error instanceof AccessError
            ? error
            : new AccessError('failed', `port ${port}: ${error.message}`, { cause: error }),
        );
    });
  });
}
