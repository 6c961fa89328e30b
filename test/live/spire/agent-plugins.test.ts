import { readFileSync } from 'node:fs';
import {
  AgentKeyManager,
  AgentNodeAttestor,
  type AgentPlugin,
  KubeletVerification,
  WorkloadAttestor,
} from '../../../lib/spire';
import { type AgentConf, agentConfBody, writeHcl } from '../../../lib/spire/config';
import { selfSigned } from '../support/certificate';
import { LivePod } from '../support/pod';
import { configurationsIn, synthesized } from '../support/synthesized';
import { withWrongValues } from './wrong-values';

// `spire-agent validate` makes no plugins: what it calls valid may not start. So these agents are started, in a pod of
// their own that has everything but a server.

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

let pod: LivePod;

beforeAll(async () => {
  pod = await LivePod.start();
  const { certificate } = selfSigned(pod.folder);
  for (const path of [`${SERVICE_ACCOUNT}/ca.crt`, '/run/spire/bundle/ca.pem']) {
    pod.write(path, readFileSync(certificate, 'utf8'));
  }
  pod.write('/run/spire/bundle/bundle.spiffe', '{"keys":[]}');
  pod.write(`${SERVICE_ACCOUNT}/token`, 'token');
  pod.write('/var/run/secrets/tokens/spire-agent', 'token');
  pod.path('/run/spire/data/here');
  pod.env.KUBERNETES_SERVICE_HOST = '127.0.0.1';
  pod.env.KUBERNETES_SERVICE_PORT = '6443';
  pod.env.KUBELET_HOST = '127.0.0.1';
});

afterAll(() => pod.end());

const keys = AgentKeyManager.disk();
const token = AgentNodeAttestor.joinToken();
const psat = AgentNodeAttestor.k8sPsat({ cluster: 'demo', tokenPath: '/var/run/secrets/tokens/spire-agent' });
const unix = WorkloadAttestor.unix({ discoverWorkloadPath: true, workloadSizeLimit: 1000 });
const k8s = WorkloadAttestor.k8s({
  kubelet: KubeletVerification.ca({ path: '/run/spire/bundle/ca.pem' }),
  kubeletPort: 10250,
  nodeNameEnv: 'KUBELET_HOST',
  maxPollAttempts: 5,
  pollRetryInterval: '1s',
  reloadInterval: '2m',
  disableContainerSelectors: true,
  enableNamespaceLabels: true,
  verboseContainerLocatorLogs: true,
});
const unverified = WorkloadAttestor.k8s({ kubelet: KubeletVerification.skip() });

/** Plugins with every key. */
const AGENTS: readonly [name: string, plugins: AgentPlugin[]][] = [
  ['k8s_psat, disk and unix', [psat, keys, unix]],
  ['join_token, memory and k8s', [token, AgentKeyManager.memory(), k8s]],
  ['k8s that verifies nobody', [psat, keys, unverified]],
];

const conf = (plugins: readonly AgentPlugin[]): AgentConf => ({
  agent: {
    trust_domain: 'demo.example.com',
    server_address: '127.0.0.1',
    server_port: 8081,
    data_dir: '/run/spire/data',
    socket_path: '/run/spire/sockets/agent.sock',
    trust_bundle_path: '/run/spire/bundle/bundle.spiffe',
    trust_bundle_format: 'spiffe',
    join_token: 'token',
  },
  plugins,
});

/** Starts an agent, and tells whether it comes to look for its server. */
async function comesUp(text: string): Promise<{ up: boolean; text: string }> {
  pod.write('/run/agent.conf', text);
  const agent = pod.start('spire-agent', 'run', '-config', '/run/agent.conf');
  try {
    await agent.says(/Failed to retrieve attestation result|Agent crashed|^\D*unable to/);
    return { up: /Failed to retrieve attestation result/.test(agent.text), text: agent.text };
  } finally {
    await agent.end();
  }
}

test("the agent takes the quickstart's configuration as it is", async () => {
  const text = configurationsIn(synthesized('examples/quickstart/main.ts', 'demo'))['agent.conf'] ?? '';
  expect(await comesUp(text)).toMatchObject({ up: true });
});

test.each(AGENTS)('the agent takes the configuration of %s', async (_, plugins) => {
  expect(await comesUp(writeHcl(agentConfBody(conf(plugins))))).toMatchObject({ up: true });
});

test.each(AGENTS)('the agent refuses a wrong value of each key of %s', async (_, plugins) => {
  const wrong = [...withWrongValues(agentConfBody(conf(plugins)))].filter(({ path }) => path.startsWith('plugins'));
  expect(wrong.length).toBe(plugins.reduce((sum, { data }) => sum + Object.values(data).filter(isGiven).length, 0));
  for (const { path, body } of wrong) {
    const outcome = await comesUp(writeHcl(body));
    expect({ path, up: outcome.up }).toEqual({ path, up: false });
    expect(outcome.text).toMatch(/failed to configure plugin/);
  }
});

const isGiven = (value: unknown): boolean => value !== undefined;
