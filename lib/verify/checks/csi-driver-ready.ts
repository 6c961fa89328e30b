import type { ClusterCheck } from '../check';
import { requireComponents } from '../observe/components';
import { RIGHTS } from '../rights';
import { readinessOf } from './readiness';

export const CSI_DRIVER_READY: ClusterCheck = {
  id: 'V05',
  title: 'The CSI driver is ready on every node',
  about: 'cluster',
  proves: 'Pods can mount the Workload API.',
  causes: [
    'the kubelet has another folder than the driver mounts',
    'a security context constraint or Pod Security refuses the pods',
  ],
  next: 'kubectl --context {context} get pods -A -o wide | grep csi',
  needs: [RIGHTS.daemonSets],
  async run({ view }) {
    return (await requireComponents(view, 'spiffe-csi-driver')).flatMap((component) => readinessOf(component));
  },
};
