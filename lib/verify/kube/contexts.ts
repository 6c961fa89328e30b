import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type KubeConfig, loadClient } from './load-client';

/** A kubeconfig that cannot be used. */
export class KubeconfigError extends Error {}

/** Where a pod finds the credentials of its service account. */
const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The context that stands for the cluster in which this program runs itself. */
export const IN_CLUSTER = 'in-cluster';

/** The contexts of one or more kubeconfigs. */
export class Contexts {
  private constructor(private readonly files: readonly { readonly file: string; readonly config: KubeConfig }[]) {}

  /**
   * Reads kubeconfigs: those that are named, else those of `KUBECONFIG`, else `~/.kube/config`; in a pod without one of them,
   * the credentials of its service account.
   *
   * @throws KubeconfigError if one that is named is not there, or none can be read
   */
  static async load(files: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Contexts> {
    const client = await loadClient();
    const read = (file: string) => {
      const config = new client.KubeConfig();
      try {
        config.loadFromFile(file);
      } catch (error) {
        throw new KubeconfigError(`kubeconfig '${file}' cannot be read: ${reasonOf(error)}`);
      }
      return { file, config };
    };
    const found = files.length > 0 ? files : filesOf(env);
    if (found.length > 0) return new Contexts(found.map(read));
    if (!existsSync(IN_CLUSTER_TOKEN)) {
      throw new KubeconfigError('there is no kubeconfig; name one by --kubeconfig FILE, or set KUBECONFIG');
    }
    const config = new client.KubeConfig();
    config.loadFromCluster();
    config.contexts = config.contexts.map((context) => ({ ...context, name: IN_CLUSTER }));
    config.setCurrentContext(IN_CLUSTER);
    return new Contexts([{ file: IN_CLUSTER_TOKEN, config }]);
  }

  /** Names of all contexts, in their order, each once. */
  get names(): readonly string[] {
    return [...new Set(this.files.flatMap(({ config }) => config.contexts.map(({ name }) => name)))];
  }

  /** The context that the first file names as the current one. */
  get current(): string | undefined {
    return this.files[0]?.config.getCurrentContext() || undefined;
  }

  /** The files that were read. */
  get sources(): readonly string[] {
    return this.files.map(({ file }) => file);
  }

  /**
   * What one context stands for. Cluster and user are looked for in the file of the context first: files of several clusters
   * often call their users alike, and the first of all would be the wrong one.
   *
   * @returns undefined when there is no such context
   * @throws KubeconfigError if it names a cluster or user that is nowhere
   */
  async config(name: string): Promise<KubeConfig | undefined> {
    const client = await loadClient();
    const own = this.files.find(({ config }) => config.contexts.some((context) => context.name === name));
    const context = own?.config.contexts.find((each) => each.name === name);
    if (!own || !context) return undefined;
    const files = [own, ...this.files.filter((each) => each !== own)];
    const of = <T extends { readonly name: string }>(
      kind: 'cluster' | 'user',
      pick: (config: KubeConfig) => readonly T[],
    ): T => {
      const found = files.flatMap(({ config }) => pick(config)).find((each) => each.name === context[kind]);
      if (found) return found;
      throw new KubeconfigError(
        `context '${name}' of '${own.file}' names ${kind} '${context[kind]}', which is not there`,
      );
    };
    const cluster = of('cluster', (config) => config.clusters);
    const user = of('user', (config) => config.users);
    const config = new client.KubeConfig();
    config.loadFromOptions({ clusters: [cluster], users: [user], contexts: [context], currentContext: name });
    return config;
  }
}

/** As kubectl looks for them: of several that are listed, those that are there. */
function filesOf(env: NodeJS.ProcessEnv): string[] {
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) {
    const there = listed.filter((file) => existsSync(file));
    if (there.length > 0) return there;
    throw new KubeconfigError(`KUBECONFIG names '${listed.join("', '")}', and no such file is there`);
  }
  const usual = join(env.HOME ?? homedir(), '.kube', 'config');
  return existsSync(usual) ? [usual] : [];
}

/** Of what is no kubeconfig, the client of Kubernetes says what it has tried to read of nothing. */
function reasonOf(error: unknown): string {
  const [first = ''] = String((error as Error)?.message ?? error).split('\n');
  return /^Cannot read propert/.test(first) ? 'it is empty, or no kubeconfig' : first.replace(/, \w+(?: '.*')?$/, '');
}
