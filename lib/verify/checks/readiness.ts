import { isReady, podName, troubleOf } from '../discovery/pods';
import { type Component, componentName } from '../observe/components';
import { type Outcome, ok, wrong } from '../verdict';

/**
 * Whether there are as many ready pods as there should be.
 *
 * @param expected how many the program declares; undefined: it says nothing
 */
export function readinessOf(component: Component, expected?: number): Outcome[] {
  const { pods, wanted } = component;
  const place = componentName(component);
  const unready = pods.filter((pod) => !isReady(pod) && pod.metadata.deletionTimestamp === undefined);
  const ready = pods.filter(isReady).length;
  const found: Outcome[] = unready.map((pod) =>
    wrong(`pod ${podName(pod)} is not ready`, place, {
      evidence: troubleOf(pod),
      next: `kubectl --context {context} -n ${component.namespace} describe pod ${pod.metadata.name}`,
    }),
  );
  if (wanted !== undefined && ready < wanted && unready.length === 0) {
    found.push(
      wrong(`${ready} of ${wanted} pods are ready`, place, {
        evidence: `${pods.length} pods are there`,
        next: `kubectl --context {context} -n ${component.namespace} describe ${component.kind.toLowerCase()} ${component.name}`,
      }),
    );
  }
  if (expected !== undefined && wanted !== undefined && wanted !== expected) {
    found.push(
      wrong(`has ${wanted} replicas, and ${expected} are declared`, place, { causes: ['it was scaled by hand'] }),
    );
  }
  return found.length > 0 ? found : [ok(`${ready} of ${wanted ?? pods.length} pods are ready`, place)];
}
