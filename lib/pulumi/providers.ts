import type { Provider, ProviderArgs } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import { isCluster } from '../core';

/** Which provider serves which cluster. */
export interface ProviderOptions {
  /**
   * Provider of each cluster, by the path of its construct, such as `east`.
   *
   * @default - `provider`
   */
  readonly providers?: Readonly<Record<string, pulumi.ProviderResource>>;
  /**
   * Provider of the one cluster that the program describes.
   *
   * @default - Pulumi's default provider, which reads KUBECONFIG
   */
  readonly provider?: pulumi.ProviderResource;
}

/**
 * Finds the provider of each cluster.
 *
 * @param clusters all clusters of the tree
 * @throws Error if a provider is missing, superfluous, or of another kind
 */
export function assignProviders(
  clusters: readonly Chart[],
  { provider, providers }: ProviderOptions,
): ReadonlyMap<Chart, pulumi.ProviderResource> {
  const paths = clusters.map((cluster) => cluster.node.path);
  const known = paths.length === 0 ? 'there is none' : `there is ${listing(paths)}`;
  if (provider && providers) {
    throw new Error("both 'provider' and 'providers' are given; write one provider for one cluster, else one for each");
  }
  const several = clusters.filter(isCluster).length > 1;
  if (!providers) {
    if (several) {
      const subject = provider ? "'provider' serves one cluster" : "'providers' is missing";
      throw new Error(
        `${subject}, but the program describes ${listing(paths)}; ` +
          `write providers: { ${paths.map((path) => `${keyOf(path)}: …`).join(', ')} }`,
      );
    }
    if (!provider) return new Map();
    requireKubernetes("'provider'", provider);
    return new Map(clusters.map((cluster) => [cluster, provider]));
  }
  for (const name of Object.keys(providers)) {
    if (!paths.includes(name)) throw new Error(`providers '${name}' names no cluster; ${known}`);
  }
  return new Map(
    clusters.map((cluster) => {
      const { path } = cluster.node;
      const own = providers[path];
      if (!own) throw new Error(`providers has none for cluster '${path}'; give one for each: ${listing(paths)}`);
      requireKubernetes(`providers '${path}'`, own);
      return [cluster, own];
    }),
  );
}

/** Objects would pass by a provider of another package, and go to the default cluster. */
function requireKubernetes(subject: string, provider: pulumi.ProviderResource): void {
  const type = (provider as { __pulumiType?: string }).__pulumiType;
  if (type === 'pulumi:providers:kubernetes') return;
  throw new Error(
    `${subject} is not a Kubernetes provider${type ? ` but '${type}'` : ''}; ` +
      "write new k8s.Provider(…), or kubernetesProvider(…) of 'spirekit/pulumi'",
  );
}

/**
 * A Kubernetes provider with the settings that an identity plane needs: ConfigMaps and Secrets are updated in place.
 * Without them Pulumi replaces a ConfigMap when its data change, and for a moment the server's configuration is gone.
 *
 * @param args settings of the provider; they win over those above
 * @throws Error if `@pulumi/kubernetes` is not installed
 */
export function kubernetesProvider(name: string, args: ProviderArgs = {}, options?: pulumi.ResourceOptions): Provider {
  let module: { Provider: new (name: string, args: ProviderArgs, options?: pulumi.ResourceOptions) => Provider };
  try {
    // Only here, and only this part of a package that takes a second to load.
    module = require('@pulumi/kubernetes/provider');
  } catch (error) {
    throw new Error("kubernetesProvider() needs the package '@pulumi/kubernetes'; npm install @pulumi/kubernetes", {
      cause: error,
    });
  }
  return new module.Provider(name, { enableConfigMapMutable: true, enableSecretMutable: true, ...args }, options);
}

/** Warns if a provider is known to replace ConfigMaps instead of updating them. */
export function warnIfImmutable(cluster: Chart, provider: pulumi.ProviderResource): void {
  const setting = (provider as { enableConfigMapMutable?: unknown }).enableConfigMapMutable;
  // Absent on a provider that was not made by the class of @pulumi/kubernetes: nothing is known then.
  if (!pulumi.Output.isInstance(setting)) return;
  setting.apply((value) => {
    if (value === true || value === 'true') return;
    return pulumi.log.warn(
      `the provider of cluster '${cluster.node.path}' replaces a ConfigMap when its data change: it is deleted for a ` +
        'moment; set enableConfigMapMutable: true (and enableSecretMutable: true), or use kubernetesProvider()',
    );
  });
}

function listing(paths: readonly string[]): string {
  return `${paths.length === 1 ? 'cluster' : 'clusters'} ${paths.map((path) => `'${path}'`).join(', ')}`;
}

function keyOf(path: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(path) ? path : `'${path}'`;
}
