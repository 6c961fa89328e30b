import type { TemplateProblem } from './template-scan';

/**
 * What is wrong with a workload selector; undefined when it is right.
 *
 * @param selector `type:value`; the value may hold more colons, such as `k8s:container-image:docker.io/web:1`
 */
export function selectorProblem(selector: string): TemplateProblem | undefined {
  const colon = selector.indexOf(':');
  if (colon > 0 && colon < selector.length - 1) return undefined;
  return {
    message: colon < 0 ? "has no ':'" : `has an empty ${colon === 0 ? 'type' : 'value'}`,
    remedy: "write type and value, such as 'k8s:ns:shop'",
  };
}

/** The type of a selector, such as `k8s`. */
export function selectorType(selector: string): string {
  return selector.slice(0, Math.max(selector.indexOf(':'), 0));
}
