import type { Awaited, Finding, GateCondition } from '../../core';
import type { ClusterPlan, PlanStep } from '../plan';
import { fieldSteps } from './field-path';

/** An object that the next wave waits for, made by this program or by what it installs. */
export interface AwaitedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly condition: GateCondition;
  /** Path of the construct that waits for it. */
  readonly path: string;
}

/** What an operator's objects are called by `kubectl`, and by other programs. */
const TYPES: Readonly<Record<string, { readonly apiVersion: string; readonly kind: string }>> = {
  crd: { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  daemonset: { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  job: { apiVersion: 'batch/v1', kind: 'Job' },
  statefulset: { apiVersion: 'apps/v1', kind: 'StatefulSet' },
};

/** The program's own objects that the next wave waits for. */
export function gatesOf(step: PlanStep): AwaitedObject[] {
  return step.gates.map(({ object, condition }) => ({
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.name,
    namespace: object.metadata.namespace,
    condition,
    path: object.node.path,
  }));
}

/** What running programs make, and the next wave waits for. */
export function awaitedOf(step: PlanStep): AwaitedObject[] {
  return step.awaits.flatMap((awaited) => {
    const type = typeOf(awaited);
    const { name, namespace, condition } = awaited;
    return type ? [{ ...type, name, namespace, condition, path: '' }] : [];
  });
}

const typeOf = ({ kind }: Awaited): { apiVersion: string; kind: string } | undefined =>
  Object.hasOwn(TYPES, kind.toLowerCase()) ? TYPES[kind.toLowerCase()] : undefined;

/** Whether a condition can be put into another program's words. */
export const isTellable = (condition: GateCondition): boolean =>
  condition.type !== 'field' || fieldSteps(condition.path) !== undefined;

/** What only `install.sh` knows how to wait for. */
export function untellable(plans: readonly ClusterPlan[], tool: string): Finding[] {
  const found = (path: string, value: string, remedy: string): Finding => ({
    rule: 'delivery',
    severity: 'warning',
    path,
    property: 'gate',
    value,
    message: `cannot be told to ${tool}, which does not wait for it`,
    remedy,
  });
  return plans.flatMap(({ cluster, steps }) =>
    steps.flatMap((step) => [
      ...[...gatesOf(step), ...awaitedOf(step)].flatMap(({ condition, path }) =>
        condition.type !== 'field' || isTellable(condition)
          ? []
          : [found(path, condition.path, "write a path of names and numbers, such as '{.status.ready}'")],
      ),
      ...step.awaits
        .filter((awaited) => !typeOf(awaited))
        .map(({ kind, name }) =>
          found(cluster.node.path, `${kind}/${name}`, `await one of ${Object.keys(TYPES).join(', ')}`),
        ),
    ]),
  );
}
