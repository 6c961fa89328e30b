import type { Affinity, ResourceRequirements, Toleration } from 'kubernetes-types/core/v1';
import { type FindingInput, isObject, type Kind } from '../core';
import { labelKeyProblem, labelValueProblem, type NameProblem, quantityProblem } from '../kube';

/** Where and with what the pods of an operand run, and how its objects are labelled. */
export interface ZtwimPlacement {
  /**
   * Labels of the operand's objects and pods, at most 64. Those that the operator itself sets stay as they are.
   *
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** What every container of the pods requests and may use. @default - nothing is reserved or limited */
  readonly resources?: ResourceRequirements;
  /** @default - any node will do */
  readonly affinity?: Affinity;
  /** Taints of nodes that the pods put up with, at most 50. @default - none */
  readonly tolerations?: readonly Toleration[];
  /** Labels that nodes must have, at most 50. @default - any node will do */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** What the properties of `ZtwimPlacement` must hold. */
export const PLACEMENT = {
  labels: 'map',
  resources: 'object',
  affinity: 'object',
  tolerations: 'list',
  nodeSelector: 'map',
} as const satisfies Record<keyof ZtwimPlacement, Kind>;

const MOST_LABELS = 64;
const MOST_TOLERATIONS = 50;
const MOST_SELECTORS = 50;

/** @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/labels.go */
const OPERATORS_OWN = ['name', 'instance', 'component', 'version', 'managed-by', 'part-of'].map(
  (name) => `app.kubernetes.io/${name}`,
);

/** The fields of a spec that hold the placement. */
export function placementFields(placement: ZtwimPlacement): ZtwimPlacement {
  const { labels, resources, affinity, tolerations, nodeSelector } = placement;
  return {
    ...(labels !== undefined && { labels }),
    ...(resources !== undefined && { resources }),
    ...(affinity !== undefined && { affinity }),
    ...(tolerations !== undefined && { tolerations }),
    ...(nodeSelector !== undefined && { nodeSelector }),
  };
}

/**
 * What the API server would refuse, or the operator would only say in a condition.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/validation.go
 */
export function placementFindings(placement: ZtwimPlacement): FindingInput[] {
  const { labels = {}, nodeSelector = {}, tolerations = [] } = placement;
  return [
    ...labelFindings('labels', labels),
    ...tooMany('labels', Object.keys(labels).length, MOST_LABELS),
    ...OPERATORS_OWN.filter((key) => key in labels).map((key) => ({
      rule: 'no-effect',
      severity: 'warning' as const,
      property: `labels.${key}`,
      value: labels[key],
      message: 'has no effect, because the operator sets this label itself',
      remedy: 'leave it out',
    })),
    ...labelFindings('nodeSelector', nodeSelector),
    ...tooMany('nodeSelector', Object.keys(nodeSelector).length, MOST_SELECTORS),
    ...tooMany('tolerations', tolerations.length, MOST_TOLERATIONS),
    ...tolerations.flatMap((toleration, index) => tolerationFindings(`tolerations[${index}]`, toleration)),
    ...resourceFindings(placement.resources ?? {}),
  ];
}

function finding(property: string, value: unknown, problem: NameProblem): FindingInput[] {
  return problem ? [{ rule: 'ztwim-placement', property, value, ...problem }] : [];
}

function labelFindings(property: string, labels: Readonly<Record<string, string>>): FindingInput[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...finding(property, key, labelKeyProblem(key)),
    ...finding(`${property}.${key}`, value, labelValueProblem(value)),
  ]);
}

function tooMany(property: string, count: number, most: number): FindingInput[] {
  if (count <= most) return [];
  return [{ rule: 'ztwim-placement', property, message: `has ${count} entries`, remedy: `leave at most ${most}` }];
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerationFindings(property: string, toleration: unknown): FindingInput[] {
  if (!isObject(toleration)) {
    return finding(property, toleration, { message: 'is not an object', remedy: "write { operator: 'Exists' }" });
  }
  const { key, operator = 'Equal', value, effect, tolerationSeconds } = toleration as Toleration;
  const of = (field: string, given: unknown, wrong: boolean, message: string, remedy: string): FindingInput[] =>
    wrong ? finding(`${property}.${field}`, given, { message, remedy }) : [];
  const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
  const exists = operator === 'Exists';
  return [
    ...of('operator', operator, !exists && operator !== 'Equal', 'is not an operator', 'write Exists or Equal'),
    ...of('key', key, !key && !exists, 'is missing', "write the taint's key, or operator: 'Exists' for every taint"),
    ...(key ? finding(`${property}.key`, key, labelKeyProblem(String(key))) : []),
    ...of('value', value, exists && Boolean(value), "is not looked at with operator 'Exists'", 'leave it out'),
    ...of(
      'effect',
      effect,
      Boolean(effect) && !effects.includes(effect ?? ''),
      'is not an effect',
      `write one of ${effects.join(', ')}`,
    ),
    ...of(
      'tolerationSeconds',
      tolerationSeconds,
      tolerationSeconds !== undefined && effect !== 'NoExecute',
      'goes with the effect NoExecute only',
      "write effect: 'NoExecute', or leave it out",
    ),
  ];
}

function resourceFindings(resources: ResourceRequirements): FindingInput[] {
  const { requests, limits } = resources as Record<'requests' | 'limits', unknown>;
  const findings: FindingInput[] = [];
  for (const [name, amounts] of Object.entries({ requests, limits })) {
    if (amounts === undefined) continue;
    const property = `resources.${name}`;
    if (!isObject(amounts)) {
      findings.push(
        ...finding(property, amounts, {
          message: 'is not an object',
          remedy: "write { cpu: '100m', memory: '128Mi' }",
        }),
      );
      continue;
    }
    for (const [resource, amount] of Object.entries(amounts as object)) {
      findings.push(...finding(`${property}.${resource}`, amount, quantityProblem(String(amount))));
    }
  }
  if (findings.length > 0 || !isObject(requests) || !isObject(limits)) return findings;
  const most = limits as Readonly<Record<string, string>>;
  for (const [resource, amount] of Object.entries(requests as Readonly<Record<string, string>>)) {
    const limit = most[resource];
    if (limit === undefined || amountOf(amount) <= amountOf(limit)) continue;
    findings.push(
      ...finding(`resources.requests.${resource}`, amount, {
        message: `is more than its limit, '${limit}'`,
        remedy: 'request at most as much as the limit, or raise the limit',
      }),
    );
  }
  return findings;
}

const UNITS = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A quantity as a number, exact enough to compare two. */
function amountOf(quantity: string): number {
  const [, digits = '0', unit = ''] = /^\+?([0-9.]+(?:[eE][+-]?[0-9]+)?)(.*)$/.exec(String(quantity)) ?? [];
  const binary = unit.endsWith('i');
  const power = UNITS.indexOf(binary && unit === 'Ki' ? 'k' : unit.replace('i', '')) - UNITS.indexOf('');
  return Number(digits) * (binary ? 1024 ** power : 1000 ** power);
}
