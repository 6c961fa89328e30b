import { writeHcl } from '../../../lib/spire/config';
import { KubeletVerification, WorkloadAttestor } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

test('by the kubelet', () => {
  const plugin = WorkloadAttestor.k8s();
  expect(writeHcl(plugin.data)).toBe('');
  expect(plugin.traits).toEqual({ nodeNameEnv: 'MY_NODE_NAME', needsHostPid: true });
  expect(plugin.needs).toEqual({ rules: [] });
  expect(plugin.findings).toEqual([]);
});

test('with everything', () => {
  const plugin = WorkloadAttestor.k8s({
    kubelet: KubeletVerification.ca({ path: '/ca.crt' }),
    kubeletPort: 10250,
    nodeNameEnv: 'NODE',
    maxPollAttempts: 5,
    pollRetryInterval: '1s',
    reloadInterval: '2m',
    disableContainerSelectors: true,
    enableNamespaceLabels: true,
    verboseContainerLocatorLogs: true,
    data: { sigstore: { ignore_tlog: true } },
  });
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"kubelet_ca_path = "/ca.crt"
kubelet_secure_port = 10250
node_name_env = "NODE"
max_poll_attempts = 5
poll_retry_interval = "1s"
reload_interval = "2m"
disable_container_selectors = true
enable_namespace_labels = true
verbose_container_locator_logs = true

sigstore {
  ignore_tlog = true
}
"
`);
  expect(plugin.needs.rules).toEqual([
    { scope: 'cluster', apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
  ]);
});

test('not verifying the kubelet is said', () => {
  const plugin = WorkloadAttestor.k8s({ kubelet: KubeletVerification.skip() });
  expect(writeHcl(plugin.data)).toBe('skip_kubelet_verification = true\n');
  expect(plugin.traits.weakening).toBe(
    "the kubelet's certificate is not verified: whoever answers at its address decides about identities",
  );
});

test('findings', () => {
  const plugin = WorkloadAttestor.k8s({
    kubelet: KubeletVerification.ca({ path: 'ca.crt' }),
    kubeletPort: 0,
    nodeNameEnv: '',
    maxPollAttempts: 0,
    pollRetryInterval: '0s',
    reloadInterval: '1d',
  });
  expect(lines(plugin.findings)).toMatchInlineSnapshot(`
[
  "error: kubelet.path 'ca.crt' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)",
  "error: kubeletPort 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)",
  "error: nodeNameEnv '' is empty; write the name of an environment variable (conf-required)",
  "error: maxPollAttempts 0 is not a number that SPIRE can use here; write an integer of at least 1 (conf-integer)",
  "error: pollRetryInterval '0s' is zero; write a longer duration, or leave it out for the default (conf-duration)",
  "error: reloadInterval '1d' has the unit 'd', which Go does not know; write hours (conf-duration)",
]
`);
});

test('by the user of the process', () => {
  expect(WorkloadAttestor.unix()).toMatchObject({ name: 'unix', traits: { needsHostPid: true } });
  expect(writeHcl(WorkloadAttestor.unix({ discoverWorkloadPath: true, workloadSizeLimit: -1 }).data)).toBe(
    'discover_workload_path = true\nworkload_size_limit = -1\n',
  );
  expect(WorkloadAttestor.custom({ name: 'docker' })).toMatchObject({ side: 'agent', name: 'docker' });
});
