import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'spirekit';
import { runBeside } from '../support/beside';
import { selfSigned } from '../support/certificate';
import { LivePod } from '../support/pod';
import type { LiveProcess } from '../support/process';
import type { RelayLine } from '../support/relay';
import { eventually, must, type Outcome, run } from '../support/run';
import { objectsIn, type Written } from '../support/synthesized';
import { PodContainers, type PodSpec, type Volume } from './pod-containers';

const SERVER = 'spire-server';
const HOSTS = '/etc/hosts';
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const SOCKET = '/tmp/spire-server/private/api.sock';

interface ServicePort {
  readonly port: number;
  readonly targetPort: string;
}

/** A relationship as it is written. */
export interface Believed {
  readonly trustDomain: string;
  readonly bundleEndpointURL: string;
  readonly bundleEndpointProfile: { readonly type: string; readonly endpointSPIFFEID?: string };
  readonly trustDomainBundle?: string;
}

/** What an identity has of the federation. */
interface Named {
  readonly name: string;
  readonly federatesWith: readonly string[];
}

/** What the test gives a pod that nobody writes into manifests. */
export interface Given {
  /** Files of Secrets, by name. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Certificates (PEM) that the image brings: those of public authorities. */
  readonly publicRoots?: string;
}

/**
 * The pod of a SPIRE server as the manifests describe it: configuration, mounts, variables and ports are taken from them,
 * nothing is changed. The rig plays the node, the network between clusters and its names.
 */
export class ServerPod {
  /** Addresses of this pod that stand for the hosts of others. */
  private readonly hosts = new Map<string, string>();
  /** Hosts that lead somewhere. */
  private readonly reached = new Set<string>();

  private constructor(
    private readonly objects: readonly Written[],
    readonly containers: PodContainers,
  ) {}

  /** A pod by the StatefulSet alone: nobody answers at the API server. */
  static async create(objects: readonly Written[], given: Given = {}): Promise<ServerPod> {
    const { template } = objectIn(objects, 'StatefulSet', 'spire-server').spec as { template: { spec: PodSpec } };
    const pod = await LivePod.start();
    const containers = new PodContainers(template.spec, pod);
    containers.mount((volume) => filesIn(volume, objects, given));
    pod.write('/etc/ssl/certs/ca-certificates.crt', given.publicRoots ?? '');
    pod.write(HOSTS, '127.0.0.1 localhost\n');
    // SPIRE reads these before it asks the API server.
    pod.write(`${SERVICE_ACCOUNT}/token`, 'token');
    pod.write(`${SERVICE_ACCOUNT}/ca.crt`, readFileSync(selfSigned(pod.path('/tmp')).certificate, 'utf8'));
    Object.assign(pod.env, { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' });
    return new ServerPod(objects, containers);
  }

  /** A pod that is mounted already. */
  static of(objects: readonly Written[], containers: PodContainers): ServerPod {
    return new ServerPod(objects, containers);
  }

  /** Ends programs and pod. */
  end(): Promise<void> {
    return this.pod.end();
  }

  /** `spire-server validate` of the configuration that is mounted. */
  async validate(): Promise<{ status: number | null; text: string }> {
    const server = this.pod.start(SERVER, 'validate', ...this.containers.container(SERVER).args);
    return { status: await server.exit(30), text: server.text };
  }

  /**
   * Starts the server by the container's command, and waits until it is ready.
   *
   * @param env in the place of what the manifests say
   */
  async run(env = this.env): Promise<LiveProcess> {
    const server = this.containers.start(SERVER, env);
    const ready = () => {
      if (server.status !== null) throw new Error(`the server ended with ${server.status}:\n${server.text}`);
      return this.try('healthcheck').status === 0 || undefined;
    };
    await eventually(60, ready, 'a ready server');
    return server;
  }

  /** Variables of the container. */
  get env(): Record<string, string> {
    return this.containers.env(SERVER);
  }

  /**
   * Plays what leads from a pod to the endpoints of those whom it believes: names, networks, and load balancers. What is
   * there already stays.
   *
   * @param others by trust domain
   * @param believed relationships, where they are others than those that were written at first
   */
  async reach(others: ReadonlyMap<string, ServerPod>, believed: readonly Believed[] = this.believed): Promise<void> {
    const [, own] = this.servicePort ?? [];
    if (own !== undefined) await this.pod.open(own);
    const lines: RelayLine[] = [];
    for (const { trustDomain, bundleEndpointURL } of believed) {
      const { hostname } = new URL(bundleEndpointURL);
      const to = others.get(trustDomain)?.endpointAt(this.addressOf(hostname)) ?? [];
      if (to.length === 0 || this.reached.has(hostname)) continue;
      this.reached.add(hostname);
      lines.push(...to);
    }
    await this.pod.relay(lines);
  }

  /** Takes the name of a host away, which nobody in the pod finds any more. */
  forget(hostname: string): void {
    const path = this.pod.path(HOSTS);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.filter((line) => line.split(' ')[1] !== hostname).join('\n'));
  }

  /** A relay's line from an address, with the port of the endpoint's Service, to the endpoint; none where none is served. */
  endpointAt(host: string): RelayLine[] {
    if (!this.servicePort) return [];
    const [port, target] = this.servicePort;
    return [[{ host, port }, this.pod.entrance(target)]];
  }

  /** Relationships that are written for this cluster. */
  get believed(): Believed[] {
    return believedBy(this.objects);
  }

  /** Identities that are written for this cluster, with the peers that they name. */
  get identities(): Named[] {
    return this.objects
      .filter(({ kind }) => kind === 'ClusterSPIFFEID')
      .map(({ metadata, spec }) => ({ name: metadata.name, federatesWith: (spec?.federatesWith ?? []) as string[] }));
  }

  /** Tells the server of a relationship as the controller manager does. */
  federate({ trustDomain, bundleEndpointURL, bundleEndpointProfile, trustDomainBundle }: Believed): void {
    const { type, endpointSPIFFEID } = bundleEndpointProfile;
    const seed = join(this.pod.folder, 'tmp/seed.json');
    if (trustDomainBundle !== undefined) writeFileSync(seed, trustDomainBundle);
    this.must(
      ...['federation', 'create', '-trustDomain', trustDomain, '-bundleEndpointURL', bundleEndpointURL],
      ...['-bundleEndpointProfile', type],
      ...(endpointSPIFFEID === undefined ? [] : ['-endpointSpiffeID', endpointSPIFFEID]),
      ...(trustDomainBundle === undefined
        ? []
        : ['-trustDomainBundleFormat', 'spiffe', '-trustDomainBundlePath', seed]),
    );
  }

  /** Registers a workload with the peers of an identity, as the controller manager does. */
  register(trustDomain: string, { name, federatesWith }: Named): void {
    this.must(
      ...['entry', 'create', '-parentID', `spiffe://${trustDomain}/node`, '-selector', 'unix:uid:1'],
      ...['-spiffeID', `spiffe://${trustDomain}/${name}`],
      ...federatesWith.flatMap((peer) => ['-federatesWith', `spiffe://${peer}`]),
    );
  }

  /** Keys of its own bundle, or of another that it has. */
  keys(trustDomain?: string): readonly { readonly use: string }[] {
    const which = trustDomain === undefined ? ['show'] : ['list', '-id', `spiffe://${trustDomain}`];
    return (JSON.parse(this.must('bundle', ...which, '-format', 'spiffe')) as { keys: { use: string }[] }).keys;
  }

  /** The server's own command line, which must succeed. */
  must(...args: string[]): string {
    return must('spire-server', [...args, '-socketPath', this.socket]);
  }

  /** The server's own command line. */
  try(...args: string[]): Outcome {
    return run('spire-server', [...args, '-socketPath', this.socket]);
  }

  /** The same, while the test goes on: where the server asks something that the test plays. */
  tryBeside(...args: string[]): Promise<Outcome> {
    return this.tryWith(undefined, args);
  }

  /** The same, with a text on standard input. */
  tryWith(input: string | undefined, args: readonly string[]): Promise<Outcome> {
    return runBeside('spire-server', [...args, '-socketPath', this.socket], { ...(input && { input }) });
  }

  /** curl in the pod's network, which must succeed. */
  curl(...args: string[]): string {
    return this.pod.run('curl', ...args);
  }

  /** Where the server's own command line finds it. */
  get socket(): string {
    return this.pod.path(SOCKET);
  }

  get pod(): LivePod {
    return this.containers.pod;
  }

  /** The address of this pod by which a host is reached; its name is made known. */
  private addressOf(hostname: string): string {
    const known = this.hosts.get(hostname);
    if (known !== undefined) return known;
    const address = `127.0.1.${this.hosts.size + 1}`;
    this.hosts.set(hostname, address);
    appendFileSync(this.pod.path(HOSTS), `${address} ${hostname}\n`);
    return address;
  }

  /** Port of the endpoint's Service, and that of the container behind it. */
  private get servicePort(): readonly [service: number, container: number] | undefined {
    const service = this.objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'spire-bundle-endpoint',
    );
    const [first] = (service?.spec?.ports ?? []) as readonly ServicePort[];
    const target = first && this.containers.port(first.targetPort);
    return first && target !== undefined ? [first.port, target] : undefined;
  }
}

function filesIn({ configMap, secret }: Volume, objects: readonly Written[], { secrets = {} }: Given) {
  if (configMap) return objectIn(objects, 'ConfigMap', configMap.name).data;
  if (secret && !secrets[secret.secretName]) throw new Error(`the pod mounts the Secret '${secret.secretName}'`);
  return secret && secrets[secret.secretName];
}

function objectIn(objects: readonly Written[], kind: string, name: string): Written {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} '${name}'`);
  return found;
}

/** Relationships among what is written. */
export function believedBy(objects: readonly Written[]): Believed[] {
  return objects
    .filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')
    .map(({ spec }) => spec as unknown as Believed);
}

/** What a program writes for each of its clusters. */
export function objectsOf(program: (app: App) => void): (cluster: string) => Written[] {
  const outdir = mkdtempSync(join(tmpdir(), 'spirekit-'));
  try {
    const app = new App({ outdir, summary: () => undefined });
    program(app);
    app.synth();
    const files = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    const objects = files.sort().map((file) => ({ file, all: objectsIn(readFileSync(join(outdir, file), 'utf8')) }));
    return (cluster) => objects.filter(({ file }) => file.startsWith(`${cluster}/`)).flatMap(({ all }) => all);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
