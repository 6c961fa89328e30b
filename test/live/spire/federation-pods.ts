import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'spirekit';
import { selfSigned } from '../support/certificate';
import { LivePod } from '../support/pod';
import { LiveProcess } from '../support/process';
import { eventually, must, type Outcome, run } from '../support/run';
import { objectsIn, type Written } from '../support/synthesized';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const SOCKET = '/tmp/spire-server/private/api.sock';

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface ServicePort {
  readonly port: number;
  readonly targetPort: string;
}

/** A relationship as it is written. */
interface Believed {
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

/** Passes connections on: from addresses to others, TCP or sockets in files. */
const RELAY = `
const { connect, createServer } = require('node:net');
const lines = JSON.parse(process.argv[1]);
let left = lines.length;
for (const [from, to] of lines) {
  createServer((socket) => {
    const other = connect(to);
    socket.on('error', () => other.destroy());
    other.on('error', () => socket.destroy());
    socket.pipe(other).pipe(socket);
  }).listen(from, () => { if (--left === 0) console.log('ready'); });
}`;

/**
 * The pod of a SPIRE server as the manifests describe it: configuration, mounts, variables and ports are taken from them,
 * nothing is changed. The rig plays the node, the network between clusters and its names.
 */
export class ServerPod {
  private readonly processes: LiveProcess[] = [];

  private constructor(
    private readonly objects: readonly Written[],
    private readonly pod: LivePod,
  ) {}

  static async create(objects: readonly Written[], given: Given = {}): Promise<ServerPod> {
    const server = new ServerPod(objects, await LivePod.start());
    server.mount(given);
    return server;
  }

  /** Ends programs and pod. */
  async end(): Promise<void> {
    for (const process of this.processes.splice(0)) await process.end();
    await this.pod.end();
  }

  /** `spire-server validate` of the configuration that is mounted. */
  async validate(): Promise<{ status: number | null; text: string }> {
    const server = this.pod.start('spire-server', 'validate', ...this.container.args);
    return { status: await server.exit(10), text: server.text };
  }

  /**
   * Starts the server by the container's command, and waits until it is ready.
   *
   * @param env in the place of what the manifests say
   */
  async run(env = this.env): Promise<LiveProcess> {
    for (const name of Object.keys(this.env)) delete this.pod.env[name];
    Object.assign(this.pod.env, env);
    const { command, args } = this.container;
    const server = this.pod.start('spire-server', ...command.slice(1), ...args);
    const ready = () => {
      if (server.status !== null) throw new Error(`the server ended with ${server.status}:\n${server.text}`);
      return this.try('healthcheck').status === 0 || undefined;
    };
    await eventually(20, ready, 'a ready server');
    return server;
  }

  /** Variables of the container. */
  get env(): Record<string, string> {
    return Object.fromEntries((this.container.env ?? []).map(({ name, value }) => [name, value]));
  }

  /**
   * Plays what leads from a pod to the endpoints of those whom it believes: names, networks, and load balancers.
   *
   * @param server a program of the pod
   * @param others by trust domain
   */
  async reach(server: LiveProcess, others: ReadonlyMap<string, ServerPod>): Promise<void> {
    const lines: unknown[] = [];
    const names = ['127.0.0.1 localhost\n'];
    const [, own] = this.servicePort ?? [];
    if (own !== undefined) lines.push([this.entrance, { host: '127.0.0.1', port: own }]);
    for (const [index, { trustDomain, bundleEndpointURL }] of this.believed.entries()) {
      const [host, other] = [`127.0.1.${index + 1}`, others.get(trustDomain)];
      names.push(`${host} ${new URL(bundleEndpointURL).hostname}\n`);
      const [port] = other?.servicePort ?? [];
      lines.push([{ host, port }, other?.entrance]);
    }
    this.pod.write('/etc/hosts', names.join(''));
    const into = ['--target', String(server.pid), '--net', '--', process.execPath, '-e', RELAY, JSON.stringify(lines)];
    const relay = new LiveProcess(join(this.pod.folder, 'tmp'), 'nsenter', into);
    this.processes.push(relay);
    await relay.says(/ready/);
  }

  /** Relationships that are written for this cluster. */
  get believed(): Believed[] {
    return this.objects
      .filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')
      .map(({ spec }) => spec as unknown as Believed);
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
    return must('spire-server', [...args, '-socketPath', this.pod.path(SOCKET)]);
  }

  /** The server's own command line. */
  try(...args: string[]): Outcome {
    return run('spire-server', [...args, '-socketPath', this.pod.path(SOCKET)]);
  }

  /** curl in the pod's network, which must succeed. */
  curl(...args: string[]): string {
    return this.pod.run('curl', ...args);
  }

  /** File in which connections to the endpoint's Service arrive. */
  private get entrance(): { readonly path: string } {
    return { path: join(this.pod.folder, 'tmp/endpoint.sock') };
  }

  private get template(): { readonly containers: readonly Container[]; readonly volumes: readonly Volume[] } {
    const { template } = this.object('StatefulSet', 'spire-server').spec as { template: { spec: unknown } };
    return template.spec as { containers: readonly Container[]; volumes: readonly Volume[] };
  }

  private get container(): Container {
    return this.template.containers.find(({ name }) => name === 'spire-server') as Container;
  }

  /** Port of the endpoint's Service, and that of the container behind it. */
  private get servicePort(): readonly [service: number, container: number] | undefined {
    const service = this.objects.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'spire-bundle-endpoint',
    );
    const [first] = (service?.spec?.ports ?? []) as readonly ServicePort[];
    const target = this.container.ports.find(({ name }) => name === first?.targetPort);
    return first && target && [first.port, target.containerPort];
  }

  private mount({ secrets = {}, publicRoots = '' }: Given): void {
    const { volumes } = this.template;
    for (const { name, mountPath } of this.container.volumeMounts) {
      const { configMap, secret } = volumes.find((volume) => volume.name === name) ?? {};
      const files = configMap ? this.object('ConfigMap', configMap.name).data : secret && secrets[secret.secretName];
      if (secret && !files) throw new Error(`the pod mounts the Secret '${secret.secretName}'`);
      this.volume(mountPath, files ?? {});
    }
    this.pod.write('/etc/ssl/certs/ca-certificates.crt', publicRoots);
    // Nobody answers at the API server; SPIRE reads these before it asks.
    this.pod.write(`${SERVICE_ACCOUNT}/token`, 'token');
    const { certificate } = selfSigned(join(this.pod.folder, 'tmp'));
    this.pod.write(`${SERVICE_ACCOUNT}/ca.crt`, readFileSync(certificate, 'utf8'));
    Object.assign(this.pod.env, { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '6443' });
  }

  /** Files as the kubelet lays them out: links into a folder that is exchanged as a whole. */
  private volume(mountPath: string, files: Readonly<Record<string, string>>): void {
    const folder = this.pod.path(`${mountPath}/..data`).replace(/\/\.\.data$/, '');
    if (Object.keys(files).length === 0) return;
    mkdirSync(join(folder, '..2026'));
    symlinkSync('..2026', join(folder, '..data'));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, '..2026', name), text);
      symlinkSync(join('..data', name), join(folder, name));
    }
  }

  private object(kind: string, name: string): Written {
    const found = this.objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (!found) throw new Error(`there is no ${kind} '${name}'`);
    return found;
  }
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
