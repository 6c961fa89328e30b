import type { ClusterCheck } from '../check';
import { ok } from '../verdict';

export const CLUSTER_ANSWERS: ClusterCheck = {
  id: 'V01',
  title: 'The cluster answers',
  about: 'cluster',
  proves: 'The API server of the context is reached, its certificate is believed, and it accepts the credentials.',
  causes: ['the kubeconfig names another cluster', 'the credentials have expired'],
  next: 'kubectl --context {context} version',
  needs: [],
  async run({ view }) {
    const version = await view.objects.version();
    return [ok(`Kubernetes ${version} answers`, view.objects.access.server)];
  },
};
