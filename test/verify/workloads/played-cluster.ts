import { Duplex, PassThrough } from 'node:stream';
import { TrustDomain } from '../../../lib';
import { emitYaml } from '../../../lib/kube';
import type {
  ClusterAccess,
  ClusterChanges,
  ContainerPlace,
  KubeObject,
  ListOptions,
  RunningCommand,
} from '../../../lib/verify/kube';
import { main } from '../../../runtime/src/programs/main';
import { TestAuthority } from '../../../runtime/src/testing';
import { FakeWorkloadApi } from '../../../runtime/src/testing/fake-workload-api';

/** A ClusterSPIFFEID, as far as it is played. */
interface Identity extends KubeObject {
  readonly spec: {
    readonly spiffeIDTemplate: string;
    readonly hint?: string;
    readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly federatesWith?: readonly string[];
  };
}

/** Who is in a played federation: an authority for each trust domain. */
export type Authorities = ReadonlyMap<string, TestAuthority>;

/** Authorities of `<name>.example.com`. */
export const authoritiesOf = (...names: readonly string[]): Authorities =>
  new Map(names.map((name) => [`${name}.example.com`, new TestAuthority(`${name}.example.com`)]));

/**
 * A cluster with SPIRE in it, as the test of workloads meets one: objects that are made, pods whose programs run in this process
 * against a Workload API of their own. What the programs do with TLS is real; what Kubernetes and SPIRE do is played.
 */
export class PlayedCluster {
  readonly objects = new Map<string, KubeObject[]>();
  /** Errors that making an object of a kind gives, by its plural. */
  readonly refusals = new Map<string, Error>();
  private readonly workloadApis = new Map<string, Promise<FakeWorkloadApi>>();
  private readonly stops = new Set<AbortController>();

  /**
   * @param name of the context, and of the trust domain
   * @param held trust domains whose bundles the server holds
   */
  constructor(
    readonly name: string,
    private readonly authorities: Authorities,
    readonly held: readonly string[],
  ) {
    Object.assign(this.access, { context: name });
  }

  get trustDomain(): string {
    return `${this.name}.example.com`;
  }

  /** What is left of it when a test is over. */
  async end(): Promise<void> {
    for (const stop of this.stops) stop.abort();
    await Promise.all([...this.workloadApis.values()].map(async (api) => (await api).close()));
  }

  /** Names of all objects of a kind. */
  names(plural: string): string[] {
    return (this.objects.get(plural) ?? []).map(({ metadata }) => metadata.name);
  }

  readonly access: ClusterAccess = {
    server: 'https://api.example.com:6443',
    version: async () => 'v1.33.0',
    get: async (_: unknown, name: string) => this.configMap(name),
    list: async ({ plural }: { plural: string }, { namespace, labelSelector = '' }: ListOptions = {}) => {
      if (plural === 'pods' && namespace === undefined) return this.spirePods();
      const wanted = labelSelector
        .split(',')
        .filter(Boolean)
        .map((each) => each.split('=') as [string, string]);
      return (this.objects.get(plural) ?? [])
        .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
        .filter(({ metadata }) => wanted.every(([label, value]) => metadata.labels?.[label] === value))
        .map((object) => ({
          ...object,
          status: { phase: 'Running', containerStatuses: [{ name: 'verify', state: {} }] },
        }));
    },
    exec: async () => ({
      stdout: JSON.stringify({ bundles: this.held.map((trust_domain) => ({ trust_domain })) }),
      stderr: '',
      code: 0,
    }),
    log: async ({ namespace, pod }: ContainerPlace) => {
      const api = await this.workloadApi(namespace, pod);
      const { stop, said } = this.program(['handshake', 'watch', '--socket', api.address]);
      while (!said.stdout.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort();
      return said.stdout;
    },
    changes: () => this.changes,
  } as unknown as ClusterAccess;

  readonly changes: ClusterChanges = {
    access: this.access,
    create: async ({ plural }: { plural: string }, object: KubeObject) => {
      const refusal = this.refusals.get(plural);
      if (refusal) throw refusal;
      this.objects.set(plural, [...(this.objects.get(plural) ?? []), object]);
      return object;
    },
    delete: async ({ plural }: { plural: string }, name: string) => {
      this.objects.set(
        plural,
        (this.objects.get(plural) ?? []).filter(({ metadata }) => metadata.name !== name),
      );
    },
    start: async ({ namespace, pod }: ContainerPlace, command: readonly string[]): Promise<RunningCommand> => {
      const api = await this.workloadApi(namespace, pod);
      const [stream, inside] = pair();
      const { ended, said, stop } = this.program([...command.slice(2), '--socket', api.address], inside);
      return {
        stream,
        ended: ended.then((code) => ({ code, stderr: said.stderr })),
        leave: () => stop.abort(),
      };
    },
  } as unknown as ClusterChanges;

  private program(words: readonly string[], stream?: Duplex) {
    const stop = new AbortController();
    this.stops.add(stop);
    const said = { stdout: '', stderr: '' };
    const hear = (name: keyof typeof said) => (text: string) => {
      said[name] += text;
    };
    const ended = main(words, {
      stdout: hear('stdout'),
      stderr: hear('stderr'),
      stop: stop.signal,
      standardStream: () => stream ?? new PassThrough(),
    });
    return { ended, said, stop };
  }

  /** The Workload API of a pod: what SPIRE makes of the ClusterSPIFFEIDs that select it. */
  private workloadApi(namespace: string, name: string): Promise<FakeWorkloadApi> {
    const key = `${namespace}/${name}`;
    const known = this.workloadApis.get(key);
    if (known) return known;
    const pod = (this.objects.get('pods') ?? []).find(({ metadata }) => metadata.name === name);
    const identities = ((this.objects.get('clusterspiffeids') ?? []) as Identity[]).filter(
      ({ spec }) =>
        Object.entries(spec.podSelector?.matchLabels ?? {}).every(
          ([label, value]) => pod?.metadata.labels?.[label] === value,
        ) && (spec.federatesWith ?? []).every((trustDomain) => this.held.includes(trustDomain)),
    );
    const own = this.authorities.get(this.trustDomain) as TestAuthority;
    const peers = new Set(identities.flatMap(({ spec }) => spec.federatesWith ?? []));
    const made = FakeWorkloadApi.start({
      x509: identities.map(({ spec: { spiffeIDTemplate, hint } }) =>
        own.x509Svid(spiffeIDTemplate.replace(/^spiffe:\/\/\{\{ \.TrustDomain \}\}/, ''), { hint: hint ?? '' }),
      ),
      bundles: [own, ...[...peers].flatMap((peer) => this.authorities.get(peer) ?? [])].map((each) => each.bundle()),
    });
    this.workloadApis.set(key, made);
    return made;
  }

  private configMap(name: string): KubeObject & { readonly data: Readonly<Record<string, string>> } {
    const files: Readonly<Record<string, Record<string, string>>> = {
      server: { 'server.conf': JSON.stringify({ server: { trust_domain: TrustDomain.parse(this.trustDomain).name } }) },
      manager: { 'manager.yaml': emitYaml({ trustDomain: this.trustDomain, className: 'spire' }) },
      agent: { 'agent.conf': JSON.stringify({ agent: { socket_path: '/run/spire/agent-sockets/workload.sock' } }) },
    };
    return { metadata: { name }, data: files[name] ?? {} };
  }

  private spirePods(): KubeObject[] {
    const container = (program: string, configMap: string, file: string) => ({
      name: program,
      image: `ghcr.io/spiffe/${program}:1`,
      args: ['-config', `/conf/${configMap}/${file}`],
      volumeMounts: [{ name: configMap, mountPath: `/conf/${configMap}` }],
    });
    const pod = (name: string, containers: readonly object[], configMaps: readonly string[]) => ({
      metadata: { name, namespace: 'spire-server' },
      spec: {
        nodeName: 'node',
        containers,
        volumes: configMaps.map((each) => ({ name: each, configMap: { name: each } })),
      },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
    });
    const driver = {
      name: 'driver',
      image: 'ghcr.io/spiffe/spiffe-csi-driver:1',
      args: ['-plugin-name', 'csi.example.com'],
    };
    return [
      pod(
        'server-0',
        [
          container('spire-server', 'server', 'server.conf'),
          container('spire-controller-manager', 'manager', 'manager.yaml'),
        ],
        ['server', 'manager'],
      ),
      pod('agent-1', [container('spire-agent', 'agent', 'agent.conf')], ['agent']),
      pod('driver-1', [driver], []),
    ];
  }
}

/** Two streams, of which each reads what is written to the other, and ends with it. */
function pair(): [Duplex, Duplex] {
  const sides: Duplex[] = [];
  const side = (other: number): Duplex =>
    new Duplex({
      read: () => undefined,
      write: (chunk, _, done) => {
        sides[other]?.push(chunk);
        done();
      },
      final: (done) => {
        sides[other]?.push(null);
        done();
      },
      destroy: (error, done) => {
        if (sides[other]?.readableEnded === false) sides[other]?.push(null);
        done(error);
      },
    });
  sides.push(side(1), side(0));
  return sides as [Duplex, Duplex];
}
