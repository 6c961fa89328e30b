import type { ApiServer } from '../support/api-server';
import { eventuallyBeside } from '../support/beside';
import { LivePod } from '../support/pod';
import type { RelayLine } from '../support/relay';
import { type Files, PodContainers, type PodSpec, type ProjectedSource, type Volume } from './pod-containers';

const NAME = 'node';
/** The pod's Node, to a container that asks for `status.hostIP`. */
const ADDRESS = '127.0.0.1';
const PUBLIC_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** A pod as the API server has it. */
export interface StoredPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

/** A pod with its folder and its network. */
export interface RunningPod {
  readonly stored: StoredPod;
  readonly containers: PodContainers;
}

/** A Service as the API server has it. */
interface StoredService {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly clusterIP: string;
    readonly ports: readonly { readonly port: number; readonly targetPort: string | number }[];
    readonly selector?: Readonly<Record<string, string>>;
  };
}

/**
 * A node, as far as a test plays it. In the scheduler's place it binds pods; in the kubelet's it fills their volumes with
 * what the API server has, tokens included; in the place of kube-proxy and the DNS it leads from Services to pods.
 */
export class MeshNode {
  private readonly running: RunningPod[] = [];

  private constructor(
    private readonly api: ApiServer,
    readonly uid: string,
  ) {}

  /** Registers a node, as a kubelet does for itself. */
  static async register(api: ApiServer): Promise<MeshNode> {
    const labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': NAME };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NAME, labels } };
    await api.make([node]);
    return new MeshNode(api, await api.kubectl('get', 'node', NAME, '-o=jsonpath={.metadata.uid}'));
  }

  /** Binds the pod that was made, or will have been soon; one that is bound stays so. */
  async bind(namespace: string, selector: string): Promise<StoredPod> {
    const pod = await eventuallyBeside(60, `pod '${selector}' in ${namespace}`, async () => {
      const list = await this.api.kubectl('get', 'pods', '-n', namespace, '-l', selector, '-o', 'json');
      const [first] = (JSON.parse(list) as { items: StoredPod[] }).items;
      if (!first) throw new Error(await this.api.kubectl('get', 'events', '-n', namespace));
      return first;
    });
    if (pod.spec.nodeName !== undefined) return pod;
    const { name } = pod.metadata;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name },
      target: { apiVersion: 'v1', kind: 'Node', name: NAME },
    };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
    const outcome = await this.api.tryKubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(binding));
    if (outcome.status !== 0) throw new Error(outcome.text);
    return pod;
  }

  /**
   * Makes a pod as a user does, with its namespace and service account; nothing of it runs.
   *
   * @returns its UID
   */
  async workload(namespace: string, serviceAccount: string, name = serviceAccount): Promise<string> {
    const labels = { 'app.kubernetes.io/name': name };
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount, namespace } },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels },
        spec: { serviceAccountName: serviceAccount, containers: [{ name, image: name }] },
      },
    ];
    await this.api.make(objects);
    return (await this.bind(namespace, `app.kubernetes.io/name=${name}`)).metadata.uid;
  }

  /**
   * Makes the folder and the network of a bound pod. Its programs reach the API server at the Service `kubernetes`, and the
   * pods that run already at theirs.
   *
   * @param change does to a file of a volume what the test needs
   */
  async mount(
    stored: StoredPod,
    { publicRoots = '', change = (_, text) => text }: { publicRoots?: string; change?: ChangeFile } = {},
  ): Promise<PodContainers> {
    const files = new Map<string, Files | undefined>();
    for (const volume of stored.spec.volumes) files.set(volume.name, await this.filesIn(volume, stored));
    const containers = new PodContainers(stored.spec, await LivePod.start());
    const { pod } = containers;
    try {
      containers.mount(({ name }) => {
        const found = files.get(name);
        return found && mapped(found, change);
      });
      pod.write(PUBLIC_ROOTS, publicRoots);
      await pod.open(...stored.spec.containers.flatMap(({ ports = [] }) => ports.map((it) => it.containerPort)));
      const services = await this.services();
      const names = services.flatMap(({ metadata, spec }) => nameLine(metadata, spec.clusterIP));
      pod.write('/etc/hosts', ['127.0.0.1 localhost\n', ...names].join(''));
      const kubernetes = services.find(({ metadata }) => metadata.name === 'kubernetes')?.spec.clusterIP ?? '';
      const own = this.api.socket;
      await pod.relay([[{ host: kubernetes, port: 443 }, own], ...services.flatMap((it) => this.linesFor(it))]);
      Object.assign(pod.env, { KUBERNETES_SERVICE_HOST: kubernetes, KUBERNETES_SERVICE_PORT: '443' });
    } catch (error) {
      await pod.end();
      throw error;
    }
    this.running.push({ stored, containers });
    return containers;
  }

  /** Fills the volumes of a pod anew, with what the API server has now. */
  async refresh(containers: PodContainers, change: ChangeFile = (_, text) => text): Promise<void> {
    const found = this.running.find((it) => it.containers === containers);
    if (!found) throw new Error('the pod does not run on this node');
    for (const volume of found.stored.spec.volumes) {
      const files = await this.filesIn(volume, found.stored);
      if (files) containers.refill(volume.name, mapped(files, change));
    }
  }

  /** Lets the API server reach the Services of the pods that run: it stands outside of their networks. */
  async proxy(): Promise<void> {
    await this.api.relay((await this.services()).flatMap((service) => this.linesFor(service)));
  }

  /** Variables of a container. */
  env(containers: PodContainers, name: string): Record<string, string> {
    const fields: Readonly<Record<string, string>> = { 'status.hostIP': ADDRESS, 'spec.nodeName': NAME };
    return containers.env(name, (path) => {
      const value = fields[path];
      if (value === undefined) throw new Error(`the node does not know ${path} of '${name}'`);
      return value;
    });
  }

  /** The pods that run in a namespace and have these labels. */
  selected(namespace: string, labels: Readonly<Record<string, string>>): RunningPod[] {
    return this.running.filter(
      ({ stored: { metadata } }) => metadata.namespace === namespace && selects(labels, metadata.labels),
    );
  }

  /** Ends all pods. */
  async end(): Promise<void> {
    await Promise.all(this.running.splice(0).map(({ containers }) => containers.pod.end()));
  }

  private async services(): Promise<StoredService[]> {
    const list = await this.api.kubectl('get', 'services', '-A', '-o', 'json');
    return (JSON.parse(list) as { items: StoredService[] }).items.filter(({ spec }) => spec.clusterIP !== 'None');
  }

  /** From a Service to the pod that it selects, if one runs. */
  private linesFor({ metadata, spec: { clusterIP, ports, selector } }: StoredService): RelayLine[] {
    const behind = this.running.find(
      ({ stored }) => stored.metadata.namespace === metadata.namespace && selects(selector, stored.metadata.labels),
    );
    if (!behind) return [];
    return ports.map(({ port, targetPort }) => {
      const target = typeof targetPort === 'number' ? targetPort : behind.containers.port(targetPort);
      if (target === undefined) throw new Error(`Service ${metadata.name} leads to '${targetPort}', which no pod has`);
      return [{ host: clusterIP, port }, behind.containers.pod.entrance(target)];
    });
  }

  private async filesIn({ configMap, secret, projected }: Volume, pod: StoredPod): Promise<Files | undefined> {
    const { namespace } = pod.metadata;
    if (configMap) return this.dataOf('configmap', configMap.name, namespace);
    if (secret) {
      const data = await this.dataOf('secret', secret.secretName, namespace);
      return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, `${Buffer.from(text, 'base64')}`]));
    }
    if (!projected) return undefined;
    const parts = await Promise.all(projected.sources.map((source) => this.projection(source, pod)));
    return Object.assign({}, ...parts);
  }

  /** The kubelet waits until the object is there. */
  private dataOf(kind: string, name: string, namespace: string): Promise<Files> {
    return eventuallyBeside(60, `${kind} ${namespace}/${name}, which a pod mounts`, async () => {
      const { data } = JSON.parse(await this.api.kubectl('get', kind, name, '-n', namespace, '-o', 'json'));
      return data as Files;
    });
  }

  private async projection(source: ProjectedSource, { metadata, spec }: StoredPod): Promise<Files> {
    const { serviceAccountToken: token, configMap, downwardAPI } = source;
    if (token) {
      const text = await this.api.kubectl(
        ...['create', 'token', spec.serviceAccountName ?? 'default', '-n', metadata.namespace],
        ...['--bound-object-kind=Pod', `--bound-object-name=${metadata.name}`, `--bound-object-uid=${metadata.uid}`],
        ...[`--duration=${token.expirationSeconds ?? 3600}s`],
        ...(token.audience === undefined ? [] : [`--audience=${token.audience}`]),
      );
      return { [token.path]: text.trim() };
    }
    if (configMap) {
      const data = await this.dataOf('configmap', configMap.name, metadata.namespace);
      return Object.fromEntries(configMap.items.map(({ key, path }) => [path, data[key] ?? '']));
    }
    const items = downwardAPI?.items ?? [];
    return Object.fromEntries(items.map(({ path }) => [path, metadata.namespace]));
  }
}

/** The text that a file of a volume has instead. */
export type ChangeFile = (name: string, text: string) => string;

function mapped(files: Files, change: ChangeFile): Files {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, change(name, text)]));
}

function selects(selector: StoredService['spec']['selector'], labels: Readonly<Record<string, string>>): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

const nameLine = ({ name, namespace }: StoredService['metadata'], address: string): string[] =>
  address ? [`${address} ${name}.${namespace}.svc.cluster.local ${name}.${namespace}.svc\n`] : [];
