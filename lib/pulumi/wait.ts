import * as pulumi from '@pulumi/pulumi';
import { type GateCondition, isLate } from '../core';
import type { AnyManifest } from '../kube';

const WAIT_FOR = 'pulumi.com/waitFor';
const SKIP = 'pulumi.com/skipAwait';

/**
 * Makes Pulumi wait for a gate. It waits for pods of its own accord; other conditions are said by an annotation, unless
 * the object already has one.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/
 */
export function withWait(manifest: AnyManifest, condition: GateCondition): AnyManifest {
  const wait = waitFor(condition);
  if (wait === undefined) return manifest;
  const annotations: unknown = manifest.metadata?.annotations;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: isLate(annotations)
        ? (pulumi.output(annotations as object) as pulumi.Output<object>).apply((known) => annotate(known, wait))
        : annotate(annotations, wait),
    },
  };
}

function annotate(annotations: unknown, wait: string): object {
  const known = (annotations ?? {}) as Record<string, unknown>;
  return WAIT_FOR in known || SKIP in known ? known : { ...known, [WAIT_FOR]: wait };
}

function waitFor(condition: GateCondition): string | undefined {
  switch (condition.type) {
    case 'established':
      return 'condition=Established';
    case 'field':
      // Without a value the provider waits until the path exists. It wants the braces, as `kubectl get -o jsonpath`.
      return `jsonpath=${condition.path}`;
    case 'rollout':
      return undefined;
  }
}
