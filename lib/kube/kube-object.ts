import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { AnyManifest, KubeKinds, Manifest } from './manifest';

/** Kinds that have no namespace: a chart's default namespace must not reach them. */
const CLUSTER_SCOPED = new Set([
  'APIService',
  'ClusterFederatedTrustDomain',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterSPIFFEID',
  'ClusterStaticEntry',
  'CSIDriver',
  'CustomResourceDefinition',
  'IngressClass',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'SecurityContextConstraints',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

/** Whether objects of a kind live outside of namespaces. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** Changes a rendered object before it is written or registered. */
export type Transform = (manifest: AnyManifest) => AnyManifest;

const TRANSFORMS = Symbol.for('spirekit.transforms');
const BRAND = Symbol.for('spirekit.KubeObject');

/**
 * A typed plain Kubernetes object: a `cdk8s.ApiObject` with the field names of Kubernetes.
 *
 * Works in every engine: a stock `cdk8s.App`, this library's `App`, and Pulumi.
 *
 * @example
 *
 * new KubeObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { key: 'value' } });
 */
export class KubeObject extends ApiObject {
  private readonly manifest: AnyManifest;

  /** Whether an object was made by this class: `instanceof` is true for every ApiObject. */
  static is(object: unknown): object is KubeObject {
    return typeof object === 'object' && object !== null && BRAND in object;
  }

  constructor(scope: Construct, id: string, manifest: AnyManifest) {
    super(scope, id, manifest);
    this.manifest = manifest;
    Object.defineProperty(this, BRAND, { value: true });
    if (isClusterScoped(manifest.kind)) {
      // ApiObject falls back to the chart's namespace, which an object without one must not carry.
      Object.defineProperty(this.metadata, 'namespace', { value: undefined, enumerable: true });
    }
  }

  /**
   * The object as plain data, without the cost of `toJson()`: undefined if something has to be resolved, patched or
   * transformed first.
   */
  plain(): AnyManifest | undefined {
    const { patches } = this as unknown as { patches?: readonly unknown[] };
    if (!patches || patches.length > 0 || hasTransforms(this)) return undefined;
    return { ...this.manifest, metadata: this.metadata.toJson() };
  }
}

/**
 * Makes an object of a kind that spirekit knows, checked by its type.
 *
 * @param type API version and kind, such as `apps/v1/Deployment`
 */
export function kubeObject<K extends keyof KubeKinds>(
  scope: Construct,
  id: string,
  type: K,
  manifest: Omit<Manifest<KubeKinds[K]>, 'apiVersion' | 'kind'>,
): KubeObject {
  const at = type.lastIndexOf('/');
  return new KubeObject(scope, id, {
    ...(manifest as object),
    apiVersion: type.slice(0, at),
    kind: type.slice(at + 1),
  });
}

/**
 * Adds a step that changes an object when it is rendered, after the construct has made it and after JSON patches.
 *
 * The way out where no property exists; works on any `cdk8s.ApiObject`, in every engine.
 */
export function transform(object: ApiObject, step: Transform): void {
  const holder = object as unknown as Record<symbol, Transform[] | undefined>;
  const steps = holder[TRANSFORMS];
  if (steps) {
    steps.push(step);
    return;
  }
  const all = [step];
  Object.defineProperty(object, TRANSFORMS, { value: all });
  // On the object itself: whoever renders it, stock cdk8s included, calls this method.
  const render = object.toJson.bind(object);
  object.toJson = () => all.reduce<AnyManifest>((manifest, change) => change(manifest), render());
}

function hasTransforms(object: ApiObject): boolean {
  return TRANSFORMS in object;
}
