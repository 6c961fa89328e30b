import type { ClusterCheck } from '../check';
import { podName } from '../discovery/pods';
import { type Outcome, ok, wrong } from '../verdict';

export const MANAGER_READY: ClusterCheck = {
  id: 'V07',
  title: 'The controller manager is ready',
  about: 'cluster',
  proves: 'The container that makes entries and relationships of objects runs and is ready, in every pod that has it.',
  causes: [
    'its resource definitions are missing',
    'it cannot reach the socket of the server, which is not ready itself: see V03',
    'it lacks a right in the cluster',
  ],
  next: 'kubectl --context {context} -n {namespace} logs {pod} -c spire-controller-manager --tail=50',
  needs: [],
  async run({ view }) {
    const { pods, container, namespace, owner } = await view.manager();
    const place = `${owner.kind} ${namespace}/${owner.name}`;
    const found: Outcome[] = [];
    for (const pod of pods) {
      const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
      if (status?.ready === true) continue;
      const { waiting, terminated } = status?.state ?? {};
      found.push(
        wrong(`container ${container} of pod ${podName(pod)} is not ready`, place, {
          evidence: waiting?.reason ?? terminated?.reason ?? `${status?.restartCount ?? 0} restarts`,
        }),
      );
    }
    return found.length > 0 ? found : [ok(`ready in ${pods.length} ${pods.length === 1 ? 'pod' : 'pods'}`, place)];
  },
};
