import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type { FindingInput } from '../core';
import { labelKeyProblem, labelValueProblem } from '../kube';
import { isRecord } from './checks';

const OPERATORS: Readonly<Record<string, 'some' | 'none'>> = {
  In: 'some',
  NotIn: 'some',
  Exists: 'none',
  DoesNotExist: 'none',
};

/**
 * What the controller manager would refuse in a label selector, or the API server would drop from it.
 *
 * @param property the construct's property, such as `podSelector`
 */
export function selectorFindings(property: string, selector: unknown): FindingInput[] {
  const bad = (at: string, value: unknown, message: string, remedy: string): FindingInput => ({
    rule: 'label-selector',
    property: `${property}${at}`,
    value,
    message,
    remedy,
  });
  if (!isRecord(selector))
    return [bad('', selector, 'is not a label selector', "write { matchLabels: { app: 'web' } }")];
  const findings: FindingInput[] = [];
  for (const field of Object.keys(selector)) {
    if (field === 'matchLabels' || field === 'matchExpressions') continue;
    // The API server drops such a field without a word, and what is left selects more than was meant.
    findings.push(
      bad('', field, 'is not a field of a label selector', `write { matchLabels: { ${JSON.stringify(field)}: … } }`),
    );
  }
  const { matchLabels, matchExpressions } = selector as { matchLabels?: unknown; matchExpressions?: unknown };
  if (matchLabels !== undefined && !isRecord(matchLabels)) {
    findings.push(bad('.matchLabels', matchLabels, 'is not a map of labels', "write { app: 'web' }"));
  } else if (matchLabels !== undefined) {
    for (const [key, value] of Object.entries(matchLabels)) {
      const keyProblem = labelKeyProblem(key);
      if (keyProblem) findings.push(bad('.matchLabels', key, keyProblem.message, keyProblem.remedy));
      const problem = valueProblem(value);
      if (problem) findings.push(bad(`.matchLabels['${key}']`, value, problem.message, problem.remedy));
    }
  }
  if (matchExpressions !== undefined && !Array.isArray(matchExpressions)) {
    findings.push(
      bad('.matchExpressions', matchExpressions, 'is not a list', "write [{ key: 'app', operator: 'Exists' }]"),
    );
  } else if (matchExpressions !== undefined) {
    matchExpressions.forEach((requirement: unknown, index) => {
      findings.push(
        ...requirementFindings(requirement, (field, ...rest) => bad(`.matchExpressions[${index}]${field}`, ...rest)),
      );
    });
  }
  return findings;
}

function requirementFindings(
  requirement: unknown,
  bad: (field: string, value: unknown, message: string, remedy: string) => FindingInput,
): FindingInput[] {
  if (!isRecord(requirement))
    return [bad('', requirement, 'is not a requirement', "write { key: 'app', operator: 'Exists' }")];
  const { key, operator, values } = requirement;
  const findings: FindingInput[] = [];
  const keyProblem =
    typeof key === 'string' ? labelKeyProblem(key) : { message: 'is not text', remedy: "write a label's key" };
  if (keyProblem) findings.push(bad('.key', key, keyProblem.message, keyProblem.remedy));
  const wants = typeof operator === 'string' && Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (wants === undefined) {
    findings.push(
      bad('.operator', operator, 'is not an operator', `write one of ${Object.keys(OPERATORS).join(', ')}`),
    );
  }
  if (values !== undefined && !Array.isArray(values)) {
    findings.push(bad('.values', values, 'is not a list', "write ['web']"));
    return findings;
  }
  const list: readonly unknown[] = values ?? [];
  if (wants === 'some' && list.length === 0) {
    findings.push(
      bad('.values', values, `is empty, but ${operator} needs values`, "write ['web'], or the operator Exists"),
    );
  }
  if (wants === 'none' && list.length > 0) {
    findings.push(
      bad('.values', values, `is set, but ${operator} takes no values`, 'remove it, or write the operator In'),
    );
  }
  list.forEach((value, index) => {
    const problem = valueProblem(value);
    if (problem) findings.push(bad(`.values[${index}]`, value, problem.message, problem.remedy));
  });
  return findings;
}

function valueProblem(value: unknown): { message: string; remedy: string } | undefined {
  if (typeof value !== 'string') return { message: 'is not text', remedy: "write it in quotes, such as 'web'" };
  return labelValueProblem(value);
}

/** Says the value of a label: text, undefined where there is none, and null where it is not known. */
export type LabelLookup = (key: string) => unknown;

/**
 * Whether a selector selects what has some labels; undefined when that is not known, since a label is not, or the selector is
 * none that Kubernetes accepts.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(selector: unknown, labelOf: LabelLookup): boolean | undefined {
  if (selector === undefined || selector === null) return true;
  if (!isRecord(selector)) return undefined;
  const { matchLabels = {}, matchExpressions = [], ...others } = selector;
  if (Object.keys(others).length > 0 || !isRecord(matchLabels) || !Array.isArray(matchExpressions)) return undefined;
  const answers = [
    ...Object.entries(matchLabels).map(([key, value]) => fulfils(labelOf(key), 'In', [value])),
    ...matchExpressions.map((requirement: unknown) => {
      if (!isRecord(requirement)) return undefined;
      const { key, operator, values = [] } = requirement;
      if (typeof key !== 'string' || !Array.isArray(values)) return undefined;
      return fulfils(labelOf(key), operator, values);
    }),
  ];
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function fulfils(label: unknown, operator: unknown, values: readonly unknown[]): boolean | undefined {
  if (label !== undefined && typeof label !== 'string') return undefined;
  if (operator === 'Exists') return label !== undefined;
  if (operator === 'DoesNotExist') return label === undefined;
  if ((operator !== 'In' && operator !== 'NotIn') || !values.every((value) => typeof value === 'string'))
    return undefined;
  return (values as readonly unknown[]).includes(label) === (operator === 'In');
}

/** Whether a selector selects everything: Kubernetes reads an empty one so. */
export function selectsAll(selector: LabelSelector | undefined): boolean {
  if (!isRecord(selector)) return selector === undefined || selector === null;
  const { matchLabels, matchExpressions } = selector as LabelSelector;
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}

/** Whether the spec of a ClusterSPIFFEID covers whatever pod there is: it selects all, or those that nobody else does. */
export function catchesAll(spec: Readonly<Record<string, unknown>>): boolean {
  if (spec.fallback === true) return true;
  return (
    selectsAll(spec.podSelector as LabelSelector | undefined) &&
    selectsAll(spec.namespaceSelector as LabelSelector | undefined)
  );
}
