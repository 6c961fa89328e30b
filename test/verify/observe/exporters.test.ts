import { exportedPeer, exporterIn } from '../../../lib/verify/observe/exporters';

const TEXT = `
spirekit_federation_bundle_held{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1
spirekit_federation_bundle_held{trust_domain="east_example_com",trust_domain_id="lab_example_com"} 0
spirekit_federation_bundle_matches{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1
spirekit_federation_fetches_total{result="ok",trust_domain="east_example_com",trust_domain_id="west_example_com"} 7
spirekit_federation_fetches_total{result="error",trust_domain="east_example_com",trust_domain_id="west_example_com"} 2
spirekit_federation_last_fetch_timestamp_seconds{trust_domain="east_example_com",trust_domain_id="west_example_com"} 1780315200
`;

test('what it says of a peer', () => {
  expect(exportedPeer(TEXT, 'west.example.com')).toEqual({
    isHeld: true,
    matches: true,
    fetchedAt: new Date('2026-06-01T12:00:00Z'),
    fetches: { good: 7, bad: 2 },
  });
  expect(exportedPeer(TEXT, 'lab.example.com')).toEqual({ isHeld: false });
  expect(exportedPeer(TEXT, 'none.example.com')).toEqual({});
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
