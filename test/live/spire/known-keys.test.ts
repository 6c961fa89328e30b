import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BundlePublisher, KeyManager, NodeAttestor, type ServerPlugin, UpstreamAuthority } from '../../../lib/spire';
import { agentConfBody, type HclBody, serverConfBody, writeHcl } from '../../../lib/spire/config';
import { selfSigned } from '../support/certificate';
import { type Outcome, run } from '../support/run';
import { fullAgent, fullServer } from './full-confs';
import { right } from './server-rules';
import { withUnknownKeys, withWrongValues } from './wrong-values';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const files = { folder, ...selfSigned(folder) };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(program: string, text: string): Outcome {
  const file = join(folder, 'spire.conf');
  writeFileSync(file, text);
  return run(program, ['validate', '-config', file]);
}

/** Paths at which a value of the wrong type makes no difference, and how many there are in all. */
function accepted(program: string, body: HclBody): { paths: string[]; of: number } {
  const paths: string[] = [];
  let of = 0;
  for (const { path, body: wrong } of withWrongValues(body)) {
    of += 1;
    if (validate(program, writeHcl(wrong)).status === 0) paths.push(path);
  }
  return { paths, of };
}

const endpoint = { address: '0.0.0.0', port: 8443 };
const acme = {
  directory_url: 'https://acme.example/dir',
  domain_name: 'a.example',
  email: 'a@b.c',
  tos_accepted: true,
};

const withEndpoint = (profile: object): HclBody => {
  const federation = { bundle_endpoint: { ...endpoint, profile: profile as never } };
  return serverConfBody({ ...right, server: { ...right.server, federation } });
};

const withPlugin = (added: ServerPlugin): HclBody => {
  const others = right.plugins.filter(({ type }) => type !== added.type);
  return serverConfBody({ ...right, plugins: [...others, added] });
};

const servers: readonly [what: string, body: HclBody][] = [
  ['every key', serverConfBody(fullServer(files))],
  ['https_spiffe', withEndpoint({ https_spiffe: {} })],
  ['https_web by ACME', withEndpoint({ https_web: { acme } })],
  ['the least', serverConfBody(right)],
  ['keys in memory', withPlugin(KeyManager.memory())],
  ['an authority from files', withPlugin(UpstreamAuthority.disk({ secret: 'a', bundleKey: 'ca.crt' }))],
  ['join tokens', withPlugin(NodeAttestor.joinToken())],
  [
    'a JWK set',
    withPlugin(BundlePublisher.k8sConfigMap({ cluster: 'a', name: 'b', key: 'c', namespace: 'd', format: 'jwks' })),
  ],
];

test.each(servers)('spire-server takes a configuration with %s, and refuses a wrong value of each key', (_, body) => {
  expect(validate('spire-server', writeHcl(body)).text).toMatch(/SPIRE server configuration file is valid\.\n$/);
  const { paths, of } = accepted('spire-server', body);
  expect(paths).toEqual([]);
  expect(of).toBeGreaterThan(3);
});

test('spire-agent takes a configuration with every key, and refuses a wrong value of each that it looks at', () => {
  const body = agentConfBody(fullAgent(files));
  expect(validate('spire-agent', writeHcl(body)).text).toMatch(/SPIRE agent configuration file is valid\.\n$/);
  const { paths, of } = accepted('spire-agent', body);
  // Plugins are not looked at before the agent starts: see agent-plugins.test.ts.
  expect(paths).toEqual(['plugins.NodeAttestor[k8s_psat].plugin_data.cluster']);
  expect(of).toBeGreaterThan(70);
});

/** Blocks in which a key that SPIRE does not know makes no difference. */
function silent(program: string, body: HclBody): string[] {
  const wrong = [...withUnknownKeys(body)];
  return wrong.filter((file) => validate(program, writeHcl(file.body)).status === 0).map(({ path }) => path);
}

// Why the tests above say something, and why the sections have types: in these blocks a misspelt key is accepted without
// a word, whatever it holds. In all others SPIRE refuses it.
test('spire-server accepts a misspelt key in these blocks', () => {
  expect(silent('spire-server', serverConfBody(fullServer(files)))).toMatchInlineSnapshot(`
[
  "server.federation",
  "server.federation.bundle_endpoint.profile[https_web]",
  "server.federation.bundle_endpoint.profile[https_web].serving_cert_file",
  "server.federation.federates_with[one.example]",
  "server.federation.federates_with[one.example].bundle_endpoint_profile[https_spiffe]",
  "server.federation.federates_with[two.example]",
  "server.federation.federates_with[two.example].bundle_endpoint_profile[https_web]",
  "server.experimental",
  "server.experimental.auth_opa_policy_engine",
  "server.experimental.auth_opa_policy_engine.local",
  "plugins.DataStore[sql]",
  "plugins.DataStore[sql].plugin_data",
  "plugins.KeyManager[disk]",
  "plugins.KeyManager[disk].plugin_data",
  "plugins.NodeAttestor[k8s_psat]",
  "plugins.NodeAttestor[k8s_psat].plugin_data",
  "plugins.NodeAttestor[k8s_psat].plugin_data.clusters[1]",
  "plugins.NodeAttestor[k8s_psat].plugin_data.clusters[demo]",
  "plugins.NodeAttestor[join_token]",
  "plugins.UpstreamAuthority[cert-manager]",
  "plugins.UpstreamAuthority[cert-manager].plugin_data",
  "plugins.BundlePublisher[k8s_configmap]",
  "plugins.BundlePublisher[k8s_configmap].plugin_data",
  "plugins.BundlePublisher[k8s_configmap].plugin_data.clusters[demo]",
  "plugins.BundlePublisher[k8s_configmap].plugin_data.clusters[pem]",
  "plugins.CredentialComposer[uniqueid]",
  "plugins.CredentialComposer[uniqueid].plugin_data",
  "plugins.Notifier[k8sbundle]",
  "plugins.Notifier[k8sbundle].plugin_data",
  "telemetry",
  "telemetry.Prometheus.tls",
]
`);
});

test('spire-agent accepts a misspelt key in these blocks', () => {
  expect(silent('spire-agent', agentConfBody(fullAgent(files)))).toMatchInlineSnapshot(`
[
  "agent.sds",
  "agent.experimental",
  "plugins.NodeAttestor[k8s_psat]",
  "plugins.NodeAttestor[k8s_psat].plugin_data",
  "plugins.KeyManager[memory]",
  "plugins.KeyManager[memory].plugin_data",
  "plugins.WorkloadAttestor[k8s]",
  "plugins.WorkloadAttestor[k8s].plugin_data",
  "telemetry",
  "telemetry.Prometheus.tls",
]
`);
});
