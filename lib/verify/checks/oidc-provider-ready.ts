import type { ClusterCheck } from '../check';
import { componentsOf } from '../observe/components';
import { RIGHTS } from '../rights';
import { readinessOf } from './readiness';

export const OIDC_PROVIDER_READY: ClusterCheck = {
  id: 'V06',
  title: 'The OIDC discovery provider is ready',
  about: 'cluster',
  proves: 'Whoever verifies JWT-SVIDs by OIDC finds the keys. Nothing is said where there is no provider.',
  causes: [
    'it gets no identity, for its entry names a trust domain without bundle: see V19',
    'its certificate is missing',
  ],
  next: 'kubectl --context {context} get pods -A | grep oidc',
  needs: [RIGHTS.deployments],
  async run({ view }) {
    return (await componentsOf(view, 'oidc-discovery-provider')).flatMap((component) => readinessOf(component));
  },
};
