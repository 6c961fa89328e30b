import * as pulumi from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import { type GateCondition, gateOf, hasNoDependents, isDeletedInBackground, isLate } from '../core';
import type { AnyManifest } from '../kube';

const WAIT_FOR = 'pulumi.com/waitFor';
const SKIP = 'pulumi.com/skipAwait';
const DELETION = 'pulumi.com/deletionPropagationPolicy';

/**
 * Tells Pulumi by annotations how an object is waited for and deleted, unless the object says so itself. It waits for pods
 * of its own accord, and deletes in the foreground.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/
 */
export function withPulumiAnnotations(object: ApiObject, manifest: AnyManifest): AnyManifest {
  const gate = gateOf(object);
  const wait = gate && waitFor(gate.condition);
  const background = isDeletedInBackground(object) || hasNoDependents(object);
  if (wait === undefined && !background) return manifest;
  const annotations: unknown = manifest.metadata?.annotations;
  const annotate = (given: unknown): object => {
    const known = (given ?? {}) as Record<string, unknown>;
    return {
      ...(wait !== undefined && !(WAIT_FOR in known || SKIP in known) && { [WAIT_FOR]: wait }),
      ...(background && { [DELETION]: 'background' }),
      ...known,
    };
  };
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: isLate(annotations)
        ? (pulumi.output(annotations as object) as pulumi.Output<object>).apply(annotate)
        : annotate(annotations),
    },
  };
}

function waitFor(condition: GateCondition): string | undefined {
  switch (condition.type) {
    case 'established':
      return 'condition=Established';
    case 'condition':
      return `condition=${condition.condition}`;
    case 'field':
      // Without a value the provider waits until the path exists. It wants the braces, as `kubectl get -o jsonpath`.
      return `jsonpath=${condition.path}`;
    case 'rollout':
    case 'completed':
      // It does so by itself, and sees sooner when it fails.
      return undefined;
  }
}
