import { Duration } from '../../core';
import type { Profile, StaticRelationship } from '../../federation';
import { type ConfTree, confAt, confKeys, confText } from './hcl';

/** What `server.conf` says, as far as it is looked at. Undefined: it says nothing, or what cannot be read. */
export interface ServerConf {
  readonly trustDomain?: string;
  readonly socketPath?: string;
  /** In seconds. */
  readonly caTtl?: number;
  /** Port of the bundle endpoint; undefined when the server has none. */
  readonly endpointPort?: number;
  readonly federatesWith: readonly StaticRelationship[];
  /** Port of the metrics for Prometheus; undefined when there are none. */
  readonly metricsPort?: number;
  /** Where the trust bundle is published in this cluster. */
  readonly publishedBundles: readonly PublishedBundle[];
}

/** A ConfigMap that holds the trust bundle. */
export interface PublishedBundle {
  readonly namespace: string;
  readonly configMap: string;
  readonly key: string;
}

/** Ports and names where SPIRE's own defaults apply. @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_server.md */
const DEFAULT_ENDPOINT_PORT = 443;
const DEFAULT_METRICS_PORT = 9988;

/**
 * Reads the configuration of a server.
 *
 * @param env variables of its container: with `-expandEnv` values may name them
 */
export function serverConf(tree: ConfTree, env: Readonly<Record<string, string>> = {}): ServerConf {
  const text = (...path: string[]): string | undefined => expanded(confText(tree, ...path), env);
  const port = endpointPort(tree, text('server', 'federation', 'bundle_endpoint', 'port'));
  return {
    ...given('trustDomain', text('server', 'trust_domain')),
    ...given('socketPath', text('server', 'socket_path')),
    ...given('caTtl', seconds(text('server', 'ca_ttl'))),
    ...given('endpointPort', port),
    federatesWith: confKeys(tree, 'server', 'federation', 'federates_with').map((name) => {
      const at = ['server', 'federation', 'federates_with', name];
      const profiles = confKeys(tree, ...at, 'bundle_endpoint_profile');
      const id = text(...at, 'bundle_endpoint_profile', 'https_spiffe', 'endpoint_spiffe_id');
      return {
        trustDomain: name,
        url: text(...at, 'bundle_endpoint_url') ?? '',
        profile: profileOf(profiles) ?? 'https_spiffe',
        ...given('endpointSpiffeId', id),
      };
    }),
    ...given('metricsPort', metricsPort(tree, env)),
    publishedBundles: publishedBundles(tree, env),
  };
}

function endpointPort(tree: ConfTree, port: string | undefined): number | undefined {
  if (confAt(tree, 'server', 'federation', 'bundle_endpoint') === undefined) return undefined;
  return Number(port ?? DEFAULT_ENDPOINT_PORT);
}

function metricsPort(tree: ConfTree, env: Readonly<Record<string, string>>): number | undefined {
  if (confAt(tree, 'telemetry', 'Prometheus') === undefined) return undefined;
  return Number(expanded(confText(tree, 'telemetry', 'Prometheus', 'port'), env) ?? DEFAULT_METRICS_PORT);
}

/** With `https_spiffe` where nothing is said, as SPIRE takes it. */
const profileOf = (profiles: readonly string[]): Profile | undefined =>
  profiles.includes('https_web') ? 'https_web' : profiles.includes('https_spiffe') ? 'https_spiffe' : undefined;

/** The two plugins that write the bundle into a ConfigMap of the cluster, with their own defaults. */
function publishedBundles(tree: ConfTree, env: Readonly<Record<string, string>>): PublishedBundle[] {
  const found: PublishedBundle[] = [];
  const text = (...path: string[]): string | undefined => expanded(confText(tree, ...path), env);
  const notifier = ['plugins', 'Notifier', 'k8sbundle'];
  // Of a cluster that a kubeconfig names, nothing is known here.
  if (
    confAt(tree, ...notifier) !== undefined &&
    text(...notifier, 'plugin_data', 'kube_config_file_path') === undefined
  ) {
    found.push({
      namespace: text(...notifier, 'plugin_data', 'namespace') ?? 'spire',
      configMap: text(...notifier, 'plugin_data', 'config_map') ?? 'spire-bundle',
      key: text(...notifier, 'plugin_data', 'config_map_key') ?? 'bundle.crt',
    });
  }
  const publisher = ['plugins', 'BundlePublisher', 'k8s_configmap', 'plugin_data', 'clusters'];
  for (const cluster of confKeys(tree, ...publisher)) {
    const at = [...publisher, cluster];
    if (text(...at, 'kubeconfig_path')) continue;
    const [namespace, configMap, key] = ['namespace', 'configmap_name', 'configmap_key'].map((name) =>
      text(...at, name),
    );
    if (namespace && configMap && key) found.push({ namespace, configMap, key });
  }
  return found;
}

/** `$NAME` and `${NAME}` of the environment; a value that names what is not known is unknown itself. */
function expanded(value: string | undefined, env: Readonly<Record<string, string>>): string | undefined {
  if (value === undefined || !value.includes('$')) return value;
  let isKnown = true;
  const text = value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    if (!Object.hasOwn(env, name)) isKnown = false;
    return env[name] ?? '';
  });
  return isKnown ? text : undefined;
}

/** In seconds; undefined when it is none. */
function seconds(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const parsed = Duration.tryParse(duration);
  return typeof parsed === 'string' ? undefined : parsed.toSeconds();
}

function given<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}
