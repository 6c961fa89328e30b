import { ApiObject, type ApiObjectMetadataDefinition } from 'cdk8s';
import type { Construct } from 'constructs';
import { isLate } from '../core';
import type { AnyManifest, KubeKinds, Manifest } from './manifest';

/** Kinds that have no namespace: a chart's default namespace must not reach them. */
const CLUSTER_SCOPED = new Set([
  'APIService',
  'CertificateSigningRequest',
  'ClusterFederatedTrustDomain',
  'ClusterIssuer',
  'ClusterRole',
  'ClusterRoleBinding',
  'ClusterSPIFFEID',
  'ClusterStaticEntry',
  'ClusterTrustBundle',
  'CSIDriver',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'PriorityLevelConfiguration',
  'RuntimeClass',
  'SecurityContextConstraints',
  'SpiffeCSIDriver',
  'SpireAgent',
  'SpireOIDCDiscoveryProvider',
  'SpireServer',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttributesClass',
  'ZeroTrustWorkloadIdentityManager',
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

  static {
    // On the prototype: one property for 40,000 objects.
    Object.defineProperty(KubeObject.prototype, BRAND, { value: true });
  }

  /** Whether an object was made by this class: `instanceof` is true for every ApiObject. */
  static is(object: unknown): object is KubeObject {
    return typeof object === 'object' && object !== null && BRAND in object;
  }

  constructor(scope: Construct, id: string, manifest: AnyManifest) {
    super(scope, id, withKnownVersion(scope, id, manifest));
    this.manifest = manifest;
    if (this.metadata.namespace !== undefined && isClusterScoped(manifest.kind)) {
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
    return { ...this.manifest, metadata: plainMetadata(this.metadata) };
  }
}

type Fields = Record<string, unknown>;

/** The fields of metadata that cdk8s holds as properties; they win over what the object was made with. */
const HELD = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'];

/**
 * What `metadata.toJson()` gives, without its search for the app and its resolvers at every value. A value that has to be
 * resolved stays as it is: the writer refuses it.
 */
function plainMetadata(metadata: ApiObjectMetadataDefinition): Fields {
  const held = metadata as unknown as Fields;
  const given = held._additionalAttributes;
  if (typeof given !== 'object' || given === null) return metadata.toJson();
  const plain: Fields = {};
  for (const key of Object.keys(given)) {
    if (!HELD.includes(key)) plain[key] = withoutEmpty((given as Fields)[key]);
  }
  for (const key of HELD) plain[key] = withoutEmpty(held[key]);
  return plain;
}

/** Plain data without empty maps and lists, as cdk8s writes metadata. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  let kept: Fields | undefined;
  for (const key of Object.keys(value)) {
    const part = withoutEmpty((value as Fields)[key]);
    if (part === undefined || part === null) continue;
    kept ??= {};
    kept[key] = part;
  }
  return kept;
}

/** cdk8s takes the version apart when the object is made: an Output there would fail without a word about it. */
function withKnownVersion(scope: Construct, id: string, manifest: AnyManifest): AnyManifest {
  if (!isLate(manifest.apiVersion)) return manifest;
  throw new Error(
    `apiVersion of object '${scope.node.path}/${id}' is known only at deployment (a Pulumi Output), but decides which ` +
      "objects exist; pass a plain string, such as one from new pulumi.Config().require('name')",
  );
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
