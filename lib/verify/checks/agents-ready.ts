import type { ClusterCheck } from '../check';
import { type KubeObject, RESOURCES } from '../kube';
import { componentName, requireComponents } from '../observe/components';
import { RIGHTS } from '../rights';
import { doubtful } from '../verdict';
import { readinessOf } from './readiness';

interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
}

/** Nodes that are named in what is said; there may be thousands. */
const NAMED = 5;

export const AGENTS_READY: ClusterCheck = {
  id: 'V04',
  title: 'An agent is ready on every node that takes pods',
  about: 'cluster',
  proves: 'Every agent is attested and serves the Workload API, and no schedulable node is without one.',
  causes: [
    'the agent cannot reach the server, or the server does not accept its node',
    'the bundle that agents start from is missing or old: see V15',
    'a taint keeps the DaemonSet from the node',
  ],
  next: 'kubectl --context {context} get pods -A -o wide | grep spire-agent',
  needs: [RIGHTS.nodes, RIGHTS.daemonSets],
  async run({ view }) {
    const [components, nodes] = await Promise.all([
      requireComponents(view, 'spire-agent'),
      view.objects.list<Node>(RESOURCES.nodes),
    ]);
    const served = new Set(components.flatMap(({ pods }) => pods.map(({ spec }) => spec?.nodeName)));
    const bare = nodes.filter(({ metadata, spec }) => !spec?.unschedulable && !served.has(metadata.name));
    const found = components.flatMap((component) => readinessOf(component));
    if (bare.length === 0) return found;
    const names = bare.slice(0, NAMED).map(({ metadata }) => metadata.name);
    const more = bare.length > NAMED ? ` and ${bare.length - NAMED} more` : '';
    const place = components.map(componentName).join(', ');
    return [
      ...found,
      doubtful(`${bare.length} of ${nodes.length} nodes have no agent: their pods get no identity`, place, {
        evidence: names.join(', ') + more,
        causes: ['a taint or a node selector keeps the DaemonSet away, maybe on purpose', 'the nodes are new'],
        next: `kubectl --context {context} describe node ${names[0]}`,
      }),
    ];
  },
};
