import {
  AccessError,
  type ClusterAccess,
  type ExecResult,
  type KubeObject,
  type Resource,
  resourceName,
} from '../../lib/verify/kube';

/** What a cluster holds, and what its pods answer. */
export interface ClusterData {
  /** By the name of their kind, such as `pods`. What is not named is not installed. */
  readonly objects?: Readonly<Record<string, readonly object[]>>;
  /** What a command prints, by its words behind the program; a text is its standard output. */
  readonly commands?: Readonly<Record<string, string | ExecResult>>;
  /** By `pod/container`. */
  readonly logs?: Readonly<Record<string, string>>;
  /** By `pod:port/path`. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Why nothing is answered at all. */
  readonly down?: AccessError;
  /** Where the server's program lies. */
  readonly program?: string;
}

/** A cluster as plain data, which remembers what it was asked. */
export class DataAccess implements ClusterAccess {
  readonly asked: string[] = [];
  readonly server = 'https://api.example.com:6443';

  constructor(
    readonly context: string,
    private readonly data: ClusterData,
  ) {}

  version(): Promise<string> {
    return this.answer('version', () => 'v1.34.2');
  }

  get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T> {
    return this.answer(`get ${resourceName(resource)} ${namespace}/${name}`, () => {
      const found = this.of(resource).find(
        ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
      );
      if (found) return found as T;
      throw new AccessError('not-found', `${resourceName(resource)} "${name}" not found`);
    });
  }

  list<T extends KubeObject>(resource: Resource, { namespace }: { namespace?: string } = {}): Promise<readonly T[]> {
    return this.answer(`list ${resourceName(resource)} ${namespace ?? ''}`.trim(), () => {
      const found = this.of(resource).filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      );
      return found as unknown as readonly T[];
    });
  }

  secretValue(): Promise<undefined> {
    return this.answer('secret', () => undefined);
  }

  review(): Promise<{ allowed: boolean; reason: string }> {
    return this.answer('review', () => ({ allowed: true, reason: '' }));
  }

  exec(_: unknown, [program = '', ...words]: readonly string[]): Promise<ExecResult> {
    const command = words.join(' ');
    return this.answer(`exec ${program} ${command}`, () => {
      if (program !== (this.data.program ?? '/opt/spire/bin/spire-server')) {
        throw new AccessError('failed', `'${program}' cannot be run: stat ${program}: no such file or directory`);
      }
      const printed = this.data.commands?.[command];
      if (printed === undefined) return { stdout: '', stderr: 'Error: no such thing', code: 1 };
      return typeof printed === 'string' ? { stdout: printed, stderr: '', code: 0 } : printed;
    });
  }

  log({ pod, container }: { pod: string; container: string }): Promise<string> {
    return this.answer(`log ${pod}/${container}`, () => this.data.logs?.[`${pod}/${container}`] ?? '');
  }

  httpGet({ pod }: { pod: string }, port: number, path: string): Promise<string> {
    return this.answer(`http ${pod}:${port}${path}`, () => {
      const text = this.data.answers?.[`${pod}:${port}${path}`];
      if (text !== undefined) return text;
      throw new AccessError('failed', `port ${port} of pod ${pod} cannot be reached: connection refused`);
    });
  }

  connect(): Promise<never> {
    return this.answer('connect', () => {
      throw new AccessError('failed', 'nobody listens');
    });
  }

  changes(): never {
    throw new Error('nothing is changed');
  }

  private of(resource: Resource): readonly KubeObject[] {
    const objects = this.data.objects?.[resourceName(resource)];
    if (objects) return objects as readonly KubeObject[];
    throw new AccessError('not-installed', `the API server does not know ${resourceName(resource)}`);
  }

  private async answer<T>(question: string, give: () => T): Promise<T> {
    this.asked.push(question);
    if (this.data.down) throw this.data.down;
    return give();
  }
}

/** The pod of a server as spirekit makes it, with its configuration. */
export function serverObjects(trustDomain: string, conf = '', className = 'spire'): Record<string, object[]> {
  const metadata = (name: string, more = {}) => ({ name, namespace: 'spire-server', ...more });
  const volume = (name: string) => ({ name, configMap: { name } });
  return {
    pods: [
      {
        metadata: metadata('spire-server-0', {
          uid: 'server',
          ownerReferences: [{ kind: 'StatefulSet', name: 'spire-server', controller: true }],
        }),
        spec: {
          nodeName: 'node',
          containers: [
            {
              name: 'spire-server',
              image: 'ghcr.io/spiffe/spire-server:1.15.3',
              args: ['-config', '/run/spire/config/server.conf'],
              volumeMounts: [{ name: 'spire-server', mountPath: '/run/spire/config' }],
            },
            {
              name: 'spire-controller-manager',
              image: 'ghcr.io/spiffe/spire-controller-manager:0.7.0',
              args: ['--config=/run/manager/manager.yaml'],
              volumeMounts: [{ name: 'manager', mountPath: '/run/manager' }],
            },
          ],
          volumes: [volume('spire-server'), volume('manager')],
        },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'True' }],
          containerStatuses: [
            { name: 'spire-server', ready: true },
            { name: 'spire-controller-manager', ready: true },
          ],
        },
      },
    ],
    configmaps: [
      {
        metadata: metadata('spire-server'),
        data: { 'server.conf': `server { trust_domain = "${trustDomain}" ${conf} }` },
      },
      { metadata: metadata('manager'), data: { 'manager.yaml': JSON.stringify({ trustDomain, className }) } },
    ],
    'statefulsets.apps': [{ metadata: metadata('spire-server'), spec: { replicas: 1 } }],
  };
}
