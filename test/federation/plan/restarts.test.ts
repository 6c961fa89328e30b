import { restartOf, restartsOf } from '../../../lib/federation/plan/restarts';
import { fixed } from '../fixtures';
import { clusterOf } from './fixtures';

test.each([
  ['kubernetes', [20], 'spire-server'],
  ['openshift', [10, 15, 20], 'zero-trust-workload-identity-manager'],
] as const)('on %s', (platform, waves, namespace) => {
  const { install, checks } = restartOf(clusterOf('east', [], { platform }));
  expect(install).toEqual({ type: 'install', member: 'east', waves });
  expect(checks).toEqual([
    {
      holds: 'the server of east runs with its new configuration',
      task: {
        type: 'kubectl',
        member: 'east',
        args: ['-n', namespace, 'rollout', 'status', 'statefulset/spire-server', '--timeout=10m'],
      },
    },
  ]);
});

test('whoever has several of them in its configuration is restarted once', () => {
  const [b, c] = [clusterOf('b', []), clusterOf('c', [])];
  const both = clusterOf('both', [], { staticRelationships: [fixed('b.example', ''), fixed('c.example', '')] });
  const none = clusterOf('none', ['b']);
  const edges = [both, none].flatMap((consumer) => [b, c].map((provider) => ({ consumer, provider })));
  expect(restartsOf(edges).map(({ member }) => member.name)).toEqual(['both']);
});
