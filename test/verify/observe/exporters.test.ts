import { DEFAULT_BOUNDS } from '../../../lib/verify';
import { ClusterObjects } from '../../../lib/verify/observe/cluster-objects';
import { exportedPeer, exporterIn, exportersOf } from '../../../lib/verify/observe/exporters';
import { SpireView } from '../../../lib/verify/observe/spire-view';
import { DataAccess } from '../data-access';

const TEXT = `
spirekit_federation_bundle_held{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1
spirekit_federation_bundle_held{trust_domain="east_example_com",trust_domain_id="lab_example_com"} 0
spirekit_federation_bundle_matches{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1
spirekit_federation_fetches_total{result="ok",trust_domain="east_example_com",trust_domain_id="west_example_com"} 7
spirekit_federation_fetches_total{result="error",trust_domain="east_example_com",trust_domain_id="west_example_com"} 2
spirekit_federation_last_fetch_timestamp_seconds{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1780315200
spirekit_federation_bundle_refresh_hint_seconds{trust_domain="east_example_com",trust_domain_id="west_example_com"} 300
`;

test('what it says of a peer', () => {
  expect(exportedPeer(TEXT, 'west.example.com')).toEqual({
    isHeld: true,
    matches: true,
    fetchedAt: new Date('2026-06-01T12:00:00Z'),
    fetches: { good: 7, bad: 2 },
    refreshHint: 300,
  });
  expect(exportedPeer(TEXT, 'lab.example.com')).toEqual({ isHeld: false });
  expect(exportedPeer(TEXT, 'none.example.com')).toEqual({});
});

test('peers that SPIRE would write alike', () => {
  const text = ['a.example', 'a-example'].map(
    (name, index) => `spirekit_federation_bundle_held{trust_domain="east",trust_domain_id="${name}"} ${index}\n`,
  );
  expect(['a.example', 'a-example', 'a_example'].map((name) => exportedPeer(text.join(''), name).isHeld)).toEqual([
    false,
    true,
    undefined,
  ]);
});

const pod = (container: object) => ({ metadata: { name: 'a' }, spec: { containers: [{ name: 'c', ...container }] } });

test.each([
  [
    {
      command: ['node', '/app/runtime.js'],
      args: ['exporter', '--peer', 'x'],
      ports: [{ name: 'metrics', containerPort: 9090 }],
    },
    9090,
  ],
  [{ args: ['exporter'], ports: [{ name: 'http', containerPort: 9090 }] }, undefined],
  [{ args: ['helper'], ports: [{ name: 'metrics', containerPort: 9090 }] }, undefined],
  [{}, undefined],
])('%j', (container, port) => {
  expect(exporterIn(pod(container))?.port).toBe(port);
});

const exporterPod = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'spire-server', labels },
  spec: { containers: [{ name: 'c', args: ['exporter'], ports: [{ name: 'metrics', containerPort: 9464 }] }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});

/** Pods that have one, of which those answer that are named, with their trust domains. */
function namesOf(pods: readonly object[], trustDomains: Readonly<Record<string, string>>): Promise<string[]> {
  const answers = Object.entries(trustDomains).map(([name, label]) => [
    `${name}:9464/metrics`,
    `spirekit_exporter_build_info{trust_domain="${label}",version="1"} 1\n`,
  ]);
  const access = new DataAccess('east', { objects: { pods }, answers: Object.fromEntries(answers) });
  const member = { name: 'east', platform: 'kubernetes', trustDomain: 'east.example.com' } as const;
  const view = new SpireView(member, new ClusterObjects(access), DEFAULT_BOUNDS);
  return exportersOf(view).then((found) => found.map((each) => each.pod.metadata.name));
}

test('those of the trust domain; what may be of somebody else need not answer, what is of spirekit has to', async () => {
  const pods = ['a', 'b', 'silent'].map((name) => exporterPod(name));
  expect(await namesOf(pods, { a: 'east_example_com', b: 'west_example_com' })).toEqual(['a']);
  const own = exporterPod('own', { 'app.kubernetes.io/name': 'spirekit-exporter' });
  await expect(namesOf([own], {})).rejects.toThrow('port 9464 of pod own cannot be reached: connection refused');
});
