import { Testing } from 'cdk8s';
import { KubernetesCluster, OpenShiftCluster } from '../../lib';
import { findings, untyped } from '../spire/installation';

describe.each([
  ['plain Kubernetes', KubernetesCluster, 'east.example.com'],
  ['OpenShift', OpenShiftCluster, 'apps.east.example.com'],
] as const)('%s', (_, Cluster, trustDomain) => {
  const made = (nodes: unknown) => {
    const app = Testing.app();
    const cluster = new Cluster(app, 'east', { trustDomain, ...untyped<{ nodes?: number }>({ nodes }) });
    return { nodes: cluster.federation.nodes, findings: findings(app) };
  };

  test('nodes that are expected', () => {
    expect(made(12)).toEqual({ nodes: 12, findings: [] });
    expect(made(undefined)).toEqual({ nodes: undefined, findings: [] });
  });

  test.each([[0], [-1], [1.5], ['12']])('refused: %p', (nodes) => {
    expect(made(nodes)).toEqual({
      nodes: undefined,
      findings: [
        `error [east] nodes ${typeof nodes === 'string' ? `'${nodes}'` : nodes} is not a number of nodes; write a whole number, such as 12 (cluster-nodes)`,
      ],
    });
  });
});
