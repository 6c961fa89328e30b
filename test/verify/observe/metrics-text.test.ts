import { samplesOf } from '../../../lib/verify/observe/metrics-text';
import { recorded } from '../recorded';

test('of a real server', () => {
  expect(samplesOf(recorded('server-metrics.txt'), 'spire_server_bundle_manager_fetch_federated_bundle')).toEqual([
    {
      name: 'spire_server_bundle_manager_fetch_federated_bundle',
      labels: { host: 'vm', status: 'OK', trust_domain_id: 'west_example_com' },
      value: 3,
    },
    {
      name: 'spire_server_bundle_manager_fetch_federated_bundle',
      labels: { host: 'vm', status: 'Unknown', trust_domain_id: 'gone_example_com' },
      value: 1,
    },
  ]);
});

test('whatever the format allows', () => {
  const text = [
    '# TYPE a counter',
    'a 1',
    'a{} 2',
    'a{x="}\\"\\\\\\n",y="",} 3e2 1700000000000',
    'a{x="1"} +Inf',
    'a{x="1"} -Inf',
    'a_total 9',
    'broken',
    'a',
  ].join('\n');
  expect(samplesOf(text, 'a').map(({ labels, value }) => [labels, value])).toEqual([
    [{}, 1],
    [{}, 2],
    [{ x: '}"\\\n', y: '' }, 300],
    [{ x: '1' }, Infinity],
    [{ x: '1' }, -Infinity],
  ]);
});
