import { type GateCondition, pushTo } from '../../core';
import type { PlanStep } from '../plan';
import { dotted, fieldSteps } from './field-path';
import { type AwaitedObject, awaitedOf, gatesOf, isTellable } from './gates';

/** What a Kustomization has to say so that it is ready when the next wave can be applied. */
export interface FluxHealth {
  readonly healthChecks?: object[];
  readonly healthCheckExprs?: object[];
}

/**
 * The gates of a step in Flux's words. Those are the same that `install.sh` waits for: `wait: true` would wait for everything,
 * and a load balancer without an address would keep all identities from a cluster.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#health-check-expressions
 */
export function fluxHealth(step: PlanStep): FluxHealth {
  const objects = [...gatesOf(step), ...awaitedOf(step)].filter(({ condition }) => isTellable(condition));
  if (objects.length === 0) return {};
  const expressions = expressionsOf(objects);
  return {
    healthChecks: objects.map(({ apiVersion, kind, name, namespace }) => ({
      apiVersion,
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
    })),
    ...(expressions.length > 0 && { healthCheckExprs: expressions }),
  };
}

/** One expression for each kind: Flux takes no second one. */
function expressionsOf(objects: readonly AwaitedObject[]): object[] {
  const kinds = new Map<string, AwaitedObject[]>();
  for (const object of objects) {
    if (celOf(object.condition) === undefined) continue;
    pushTo(kinds, `${object.apiVersion} ${object.kind}`, object);
  }
  return [...kinds.values()].map((same) => {
    const [{ apiVersion, kind }] = same as [AwaitedObject];
    return { apiVersion, kind, current: currentOf(same) };
  });
}

function currentOf(objects: readonly AwaitedObject[]): string {
  const [first = '', ...others] = [...new Set(objects.map(({ condition }) => celOf(condition) ?? ''))];
  if (others.length === 0) return first;
  return objects
    .map(({ name, condition }) => `(metadata.name == ${JSON.stringify(name)} && ${celOf(condition)})`)
    .join(' || ');
}

/** Undefined where Flux knows by itself: it takes an object without a status, and of a kind that it does not know, for ready. */
function celOf(condition: GateCondition): string | undefined {
  if (condition.type === 'condition') {
    const name = JSON.stringify(condition.condition);
    return `status.conditions.exists(c, c.type == ${name} && c.status == "True")`;
  }
  const steps = condition.type === 'field' ? fieldSteps(condition.path) : undefined;
  if (!steps) return undefined;
  // has() wants a field, and items of a list are none.
  return typeof steps.at(-1) === 'string' && steps.length > 1 ? `has(${dotted(steps)})` : `${dotted(steps)} != null`;
}
