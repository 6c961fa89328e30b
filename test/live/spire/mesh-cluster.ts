import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ApiServer } from '../support/api-server';
import { eventuallyBeside } from '../support/beside';
import { UpstreamDefinitions } from '../support/definitions';
import type { LivePod } from '../support/pod';
import type { LiveProcess } from '../support/process';
import { configurationsIn, objectsIn, type Written } from '../support/synthesized';
import { type Given, ServerPod } from './federation-pods';
import { withUnixAttestor } from './mesh-agent';
import { type ChangeFile, MeshNode, type StoredPod } from './mesh-node';
import type { PodContainers } from './pod-containers';

const SERVER = 'spire-server';
const MANAGER = 'spire-controller-manager';
const AGENT = 'spire-agent';
/** The volume with datastore and keys. */
const DATA = 'spire-data';
const WORKLOADS = new Set(['DaemonSet', 'Deployment', 'StatefulSet']);
const WEBHOOK = 'validatingwebhookconfiguration/spire-controller-manager-webhook';
const SOCKET = '/run/spire/sockets/spire-agent.sock';

interface ManagerConfig {
  readonly trustDomain: string;
  readonly clusterName: string;
}

/**
 * A member of a mesh from its manifests alone: an API server to which they are applied in the order of their waves, and the
 * pods that its controllers make of them. SPIRE's server, controller manager and agent run for real. The other pods are
 * objects only.
 */
export class MeshCluster {
  readonly objects: readonly Written[];
  /** Name of the trust domain. */
  readonly trustDomain: string;
  /** As the attestor `k8s_psat` calls it. */
  readonly clusterName: string;
  private readonly waves: readonly { readonly wave: number; readonly text: string }[];
  private pod: ServerPod | undefined;
  private agent: PodContainers | undefined;
  /** Programs of server, controller manager and agent, by their containers. */
  private readonly programs = new Map<string, LiveProcess>();

  private constructor(
    folder: string,
    private readonly given: Given,
    readonly api: ApiServer,
    readonly node: MeshNode,
  ) {
    const files = readdirSync(folder).filter((file) => /^\d+-.*\.yaml$/.test(file));
    this.waves = files.sort().map((file) => ({
      wave: Number.parseInt(file, 10),
      text: readFileSync(join(folder, file), 'utf8'),
    }));
    this.objects = this.waves.flatMap(({ text }) => objectsIn(text));
    const config = parse(configurationsIn(this.objects)['controller-manager.yaml'] ?? '') as ManagerConfig;
    this.trustDomain = config.trustDomain;
    this.clusterName = config.clusterName;
  }

  /**
   * Installs all waves but those of trust and identities, and starts SPIRE.
   *
   * @param folder what was written for the cluster
   */
  static async start(folder: string, given: Given = {}): Promise<MeshCluster> {
    const api = await ApiServer.start();
    let cluster: MeshCluster | undefined;
    try {
      await api.open();
      cluster = new MeshCluster(folder, given, api, await MeshNode.register(api));
      await cluster.install();
      return cluster;
    } catch (error) {
      const text = cluster?.managerText;
      await (cluster ?? api).end();
      throw new Error(`${folder}: ${error}\n${text ?? ''}`, { cause: error });
    }
  }

  /** The pod in which server and controller manager run. */
  get server(): ServerPod {
    if (!this.pod) throw new Error(`the server of ${this.trustDomain} was not started`);
    return this.pod;
  }

  /** What the controller manager says. */
  get managerText(): string {
    return this.programs.get(MANAGER)?.text ?? '';
  }

  /** The agent's pod, in which workloads can be started too. */
  get agentPod(): LivePod {
    if (!this.agent) throw new Error(`the agent of ${this.trustDomain} was not started`);
    return this.agent.pod;
  }

  /** Address of the agent's Workload API, to programs of the machine. */
  get workloadApi(): string {
    return `unix://${join(this.agentPod.folder, SOCKET)}`;
  }

  /** Leads to the endpoints of the others, and installs the waves of trust and identities. */
  async federate(others: ReadonlyMap<string, ServerPod>): Promise<void> {
    await this.server.reach(others);
    for (const { wave, text } of this.waves) if (wave >= 50) await this.apply(text);
  }

  /** Applies manifests strictly; nothing may be said but that they were taken. */
  async apply(text: string): Promise<void> {
    const { status, stderr } = await this.api.apply(text);
    if (status !== 0 || stderr !== '') throw new Error(`kubectl apply ended with ${status}: ${stderr}`);
  }

  /** An object as the API server has it. */
  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.api.kubectl('get', ...args, '-o', 'json')) as T;
  }

  /**
   * Another pod takes the place of the server's, as after its deletion: its volumes are filled anew.
   *
   * @param lost the disk is gone too, with datastore and keys
   */
  async replaceServer({ lost = false } = {}): Promise<void> {
    const { containers } = this.server;
    await this.stop(MANAGER, SERVER);
    if (lost) containers.empty(DATA);
    await this.node.refresh(containers);
    await this.runServer();
  }

  /** Another pod takes the place of the agent's, and knows nothing of what that one knew. */
  async replaceAgent(): Promise<void> {
    if (!this.agent) throw new Error(`the agent of ${this.trustDomain} was not started`);
    await this.stop(AGENT);
    this.agent.empty('data');
    await this.node.refresh(this.agent, forTheTest);
    await this.runAgent(this.agent);
  }

  async end(): Promise<void> {
    await this.node.end();
    await this.api.end();
  }

  private async install(): Promise<void> {
    const early = this.waves.filter(({ wave }) => wave < 50);
    await this.defineForeignTypes();
    for (const { wave, text } of early) {
      await this.apply(text);
      if (wave === 10) await this.completeFoundation();
      const pods = await this.schedule(objectsIn(text));
      if (wave === 20) await this.startServer(pods);
      if (wave === 30) await this.startAgent(pods);
    }
  }

  /** Binds the pods that the controllers make for workloads; gives them by the workload's name. */
  private async schedule(objects: readonly Written[]): Promise<ReadonlyMap<string, StoredPod>> {
    const pods = new Map<string, StoredPod>();
    for (const { kind, metadata, spec } of objects) {
      if (!WORKLOADS.has(kind)) continue;
      const { matchLabels } = (spec as { selector: { matchLabels: Readonly<Record<string, string>> } }).selector;
      const selector = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
      pods.set(metadata.name, await this.node.bind(metadata.namespace ?? 'default', selector.join(',')));
    }
    return pods;
  }

  /** Types of operators that this mesh needs and does not bring; nobody acts on their objects. */
  private async defineForeignTypes(): Promise<void> {
    await this.api.make(new UpstreamDefinitions().neededBy(this.objects, await this.api.groups()));
  }

  /** Waits for the types, and makes the Secrets that are the user's to make. */
  private async completeFoundation(): Promise<void> {
    await this.api.untilServed(this.objects);
    for (const [name, stringData] of Object.entries(this.given.secrets ?? {})) {
      const metadata = { name, namespace: SERVER };
      await this.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData }));
    }
  }

  private async startServer(pods: ReadonlyMap<string, StoredPod>): Promise<void> {
    const publicRoots = this.given.publicRoots ?? '';
    const containers = await this.node.mount(podNamed(pods, SERVER), { publicRoots });
    this.pod = ServerPod.of(this.objects, containers);
    await this.runServer();
  }

  /** Server and controller manager, until the webhook is the controller manager's. */
  private async runServer(): Promise<void> {
    const { node, server } = this;
    const { containers } = server;
    this.programs.set(SERVER, await server.run(node.env(containers, SERVER)));
    // From now on the API server can ask the webhook, by the Service that its configuration names.
    if (!this.programs.has(MANAGER)) await node.proxy();
    this.programs.set(MANAGER, containers.start(MANAGER, node.env(containers, MANAGER)));
    await eventuallyBeside(60, `webhook of the controller manager of ${this.trustDomain}`, async () => {
      const path = '-o=jsonpath={.webhooks[*].clientConfig.caBundle}';
      if (!(await this.api.kubectl('get', WEBHOOK, path))) throw new Error(`no caBundle in ${WEBHOOK}`);
      const port = containers.port('cm-healthz');
      containers.pod.run('curl', '-sSf', `http://127.0.0.1:${port}/readyz`);
    });
  }

  private async startAgent(pods: ReadonlyMap<string, StoredPod>): Promise<void> {
    this.agent = await this.node.mount(podNamed(pods, AGENT), { change: forTheTest });
    await this.runAgent(this.agent);
  }

  private async runAgent(containers: PodContainers): Promise<void> {
    const program = containers.start(AGENT, this.node.env(containers, AGENT));
    this.programs.set(AGENT, program);
    await eventuallyBeside(60, `ready agent of ${this.trustDomain}`, async () => {
      if (!existsSync(containers.pod.path(SOCKET))) throw new Error(program.text);
      containers.pod.run('curl', '-sSf', `http://127.0.0.1:${containers.port('healthz')}/ready`);
    });
  }

  private async stop(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.programs.get(name)?.end();
  }
}

const forTheTest: ChangeFile = (name, text) => (name === 'agent.conf' ? withUnixAttestor(text) : text);

function podNamed(pods: ReadonlyMap<string, StoredPod>, name: string): StoredPod {
  const found = pods.get(name);
  if (!found) throw new Error(`no pod of '${name}' in its wave, but of ${[...pods.keys()].join(', ')}`);
  return found;
}
