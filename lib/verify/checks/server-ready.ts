import type { ClusterCheck } from '../check';
import { requireComponents } from '../observe/components';
import { RIGHTS } from '../rights';
import { readinessOf } from './readiness';

export const SERVER_READY: ClusterCheck = {
  id: 'V03',
  title: 'The SPIRE server is ready, in the declared number',
  about: 'cluster',
  proves:
    'Every pod of the server answers its readiness probe: it has its datastore, its keys and its upstream authority.',
  causes: [
    'the datastore or the volume of the server cannot be reached',
    'the upstream authority does not sign (any more)',
    'the configuration is refused: the last lines of the log say why',
  ],
  next: 'kubectl --context {context} -n {namespace} logs {pod} -c {container} --tail=50',
  needs: [RIGHTS.statefulSets, RIGHTS.deployments],
  async run({ view, member, world }) {
    const components = await requireComponents(view, 'spire-server');
    return components.flatMap((component) => readinessOf(component, world.declared ? member.replicas : undefined));
  },
};
