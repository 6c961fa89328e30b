import * as pulumi from '@pulumi/pulumi';
import type { AnyManifest } from '../kube';

/**
 * A Kubernetes object of any kind as a Pulumi resource.
 *
 * Type, inputs and options are those that the class of `@pulumi/kubernetes` for the kind would use, so that URNs are the
 * same and either can take over from the other.
 */
export class KubernetesObject extends pulumi.CustomResource {
  declare readonly apiVersion: pulumi.Output<string>;
  declare readonly kind: pulumi.Output<string>;
  // biome-ignore lint/suspicious/noExplicitAny: the types of outputs are those of the kind
  declare readonly metadata: pulumi.Output<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  declare readonly spec: pulumi.Output<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  declare readonly data: pulumi.Output<any>;
  /** What the cluster says of an object that has a `spec`. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  declare readonly status: pulumi.Output<any>;

  /**
   * @param name logical name, unique in the stack among resources of its type
   * @param manifest the object; values may be Outputs
   */
  constructor(name: string, manifest: AnyManifest, options: pulumi.CustomResourceOptions = {}) {
    const secret = isSecret(manifest);
    // Each property costs Pulumi five promises: the status is an output of what has a specification to come true.
    const inputs: pulumi.Inputs = { ...manifest, ...(manifest.spec !== undefined && { status: undefined }) };
    if (secret) {
      for (const field of SECRET_FIELDS) {
        if (inputs[field] !== undefined) inputs[field] = pulumi.secret(inputs[field]);
      }
    }
    super(resourceType(manifest.apiVersion, manifest.kind), name, inputs, {
      version: kubernetesVersion(),
      ...options,
      ...(secret && { additionalSecretOutputs: [...SECRET_FIELDS, ...(options.additionalSecretOutputs ?? [])] }),
    });
  }
}

const SECRET_FIELDS = ['data', 'stringData'];

function isSecret({ apiVersion, kind }: AnyManifest): boolean {
  return apiVersion === 'v1' && kind === 'Secret';
}

/** Pulumi's type of a kind: `kubernetes:core/v1:ConfigMap`, `kubernetes:apps/v1:Deployment`. */
export function resourceType(apiVersion: string, kind: string): string {
  return `kubernetes:${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

let version: string | false | undefined;

/** The version that classes of `@pulumi/kubernetes` ask the engine for; none without that package. */
function kubernetesVersion(): string | undefined {
  if (version === undefined) {
    try {
      version = (require('@pulumi/kubernetes/package.json') as { version: string }).version;
    } catch {
      version = false;
    }
  }
  return version || undefined;
}
