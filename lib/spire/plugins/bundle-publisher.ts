import type { DurationLike, FindingInput } from '../../core';
import { Checks } from '../config/checks';
import { type HclBody, HclMap } from '../config/hcl';
import { durationText } from '../config/model';
import { refreshHintFindings } from '../config/refresh-hint';
import { type BundleConfigMapTrait, Plugin, type PluginProps, type PluginRule } from './plugin';

/** A ConfigMap for the bundle. */
export interface BundleConfigMap extends BundleConfigMapTrait {
  /** Name of the cluster in the server's configuration and log; it has no other meaning. */
  readonly cluster: string;
  /** Name of the ConfigMap. SPIRE makes it if there is none. */
  readonly name: string;
  /** Key in the ConfigMap. */
  readonly key: string;
  /** Namespace of the ConfigMap. */
  readonly namespace: string;
  /** `spiffe`: a SPIFFE bundle; `jwks`: a JWK set of the same keys; `pem`: root certificates only. */
  readonly format: 'spiffe' | 'jwks' | 'pem';
  /**
   * How often readers should look again; written into a bundle of format `spiffe`.
   *
   * @default - the bundle says nothing of it
   */
  readonly refreshHint?: DurationLike;
}

/** Bundle publishers: where the server writes its trust bundle. A server can have several. */
export class BundlePublisher {
  /**
   * ConfigMaps of the server's cluster. SPIRE takes the plugin once, so all of them are named together, each by its own
   * `cluster`.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_bundlepublisher_k8s_configmap.md
   */
  static k8sConfigMap(...configMaps: readonly BundleConfigMap[]): Plugin<'BundlePublisher', 'server'> {
    return new Plugin('server', 'BundlePublisher', {
      name: 'k8s_configmap',
      data: {
        clusters: HclMap.from(
          configMaps.map((target): [string, HclBody] => [
            target.cluster,
            {
              configmap_name: target.name,
              configmap_key: target.key,
              namespace: target.namespace,
              format: target.format,
              refresh_hint: durationText(target.refreshHint),
            },
          ]),
        ),
      },
      needs: { rules: configMaps.flatMap(rulesFor) },
      traits: {
        bundleConfigMap: configMaps.map(({ cluster, name, key, namespace, format }) => ({
          cluster,
          name,
          key,
          namespace,
          format,
        })),
      },
      findings: configMapFindings(configMaps),
    });
  }

  /** Any other, such as `aws_s3` or an external plugin. */
  static custom(props: PluginProps): Plugin<'BundlePublisher', 'server'> {
    return new Plugin('server', 'BundlePublisher', props);
  }
}

/** SPIRE applies on the server's side, which is a patch; making an object cannot be bound to a name. */
function rulesFor({ namespace, name }: BundleConfigMap): PluginRule[] {
  const configMaps = { scope: 'namespace', namespace, apiGroups: [''], resources: ['configmaps'] } as const;
  return [
    { ...configMaps, verbs: ['create'] },
    { ...configMaps, resourceNames: [name], verbs: ['get', 'patch'] },
  ];
}

function configMapFindings(configMaps: readonly BundleConfigMap[]): FindingInput[] {
  const checks = new Checks();
  if (configMaps.length === 0) {
    checks.add({
      rule: 'bundle-configmap',
      message: 'names no ConfigMap, so the bundle would not be published',
      remedy: 'name one, or leave the plugin out',
    });
  }
  const seen = new Set<string>();
  configMaps.forEach((target, at) => {
    const of = (property: string) => (configMaps.length === 1 ? property : `[${at}].${property}`);
    checks.required(of('cluster'), target.cluster, 'write a name for the cluster');
    checks.required(of('name'), target.name, 'write the name of the ConfigMap');
    checks.required(of('key'), target.key, "write the key in the ConfigMap, such as 'bundle.spiffe'");
    checks.required(of('namespace'), target.namespace, 'write the namespace of the ConfigMap');
    checks.oneOf(of('format'), target.format, ['spiffe', 'jwks', 'pem']);
    refreshHintFindings(checks, of('refreshHint'), target.refreshHint);
    if (seen.has(target.cluster)) {
      checks.add({
        rule: 'bundle-configmap',
        property: of('cluster'),
        value: target.cluster,
        message: 'is given twice, so SPIRE would see only the last',
        remedy: 'give each ConfigMap a cluster name of its own',
      });
    }
    seen.add(target.cluster);
  });
  return checks.findings;
}
