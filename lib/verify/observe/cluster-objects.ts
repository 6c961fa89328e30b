import type { DiscoverySource, Installation } from '../discovery/installation';
import { findInstallations } from '../discovery/installation';
import type { Pod } from '../discovery/pods';
import {
  type AccessAnswer,
  AccessError,
  type AccessQuestion,
  type ClusterAccess,
  type KubeObject,
  loadClient,
  RESOURCES,
  type Resource,
  resourceName,
} from '../kube';
import { Once } from '../once';

/**
 * What lies in one cluster, whoever asks: each question goes to the API server once, and its answer, or why there is none, is
 * for all checks and all members that share the cluster.
 */
export class ClusterObjects {
  private readonly asked = new Once();

  constructor(readonly access: ClusterAccess) {}

  /** Version of Kubernetes; every other question waits for it, so that a cluster that does not answer is asked once. */
  version(): Promise<string> {
    return this.asked.of('version', () => this.access.version());
  }

  /** All objects of a kind, of a namespace or of all. */
  list<T extends KubeObject>(resource: Resource, namespace?: string): Promise<readonly T[]> {
    return this.ask(`list ${resourceName(resource)} ${namespace ?? ''}`, () =>
      this.access.list<T>(resource, { ...(namespace !== undefined && { namespace }) }),
    );
  }

  /** As `list`; none where the cluster does not know the kind. */
  async listIfKnown<T extends KubeObject>(resource: Resource, namespace?: string): Promise<readonly T[] | undefined> {
    try {
      return await this.list<T>(resource, namespace);
    } catch (error) {
      if (AccessError.is(error, 'not-installed')) return undefined;
      throw error;
    }
  }

  pods(): Promise<readonly Pod[]> {
    return this.list<Pod>(RESOURCES.pods);
  }

  configMap(
    namespace: string,
    name: string,
  ): Promise<KubeObject & { readonly data?: Readonly<Record<string, string>> }> {
    return this.ask(`configmap ${namespace}/${name}`, () => this.access.get(RESOURCES.configMaps, name, namespace));
  }

  secretValue(namespace: string, name: string, key: string): Promise<string | undefined> {
    return this.ask(`secret ${namespace}/${name} ${key}`, () => this.access.secretValue(namespace, name, key));
  }

  review(question: AccessQuestion): Promise<AccessAnswer> {
    return this.ask(`review ${JSON.stringify(question)}`, () => this.access.review(question));
  }

  /** Whatever else is asked, under a name of its own. */
  async ask<T>(name: string, question: () => Promise<T>): Promise<T> {
    return this.asked.of(name, async () => {
      await this.version();
      return question();
    });
  }

  /** All SPIRE servers of the cluster. */
  installations(): Promise<readonly Installation[]> {
    return this.ask('installations', () => findInstallations(this.source));
  }

  private readonly source: DiscoverySource = {
    pods: () => this.pods(),
    configMapKey: async (namespace, name, key) => {
      const { data = {} } = await this.configMap(namespace, name);
      const text = data[key];
      if (text !== undefined) return text;
      throw new Error(`it has no such key, but ${Object.keys(data).join(', ') || 'none at all'}`);
    },
    yaml: async (text) => (await loadClient()).loadYaml(text),
  };
}
