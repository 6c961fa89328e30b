/** A step into an object: a field, or an item of a list. */
export type FieldStep = string | number;

const PATH = /^\{(?:\.[A-Za-z_]\w*|\[\d+\])+\}$/;
const STEP = /\.([A-Za-z_]\w*)|\[(\d+)\]/g;

/**
 * A path of `kubectl wait`, such as `{.webhooks[0].clientConfig.caBundle}`, as steps. Undefined for one that filters, or
 * whose names need quotes: other programs have other words for these.
 */
export function fieldSteps(path: string): readonly FieldStep[] | undefined {
  if (!PATH.test(path)) return undefined;
  return [...path.matchAll(STEP)].map(([, name, index]) => name ?? Number(index));
}

/** Steps as CEL and jq write them, without the first dot. */
export const dotted = (steps: readonly FieldStep[]): string =>
  steps.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
