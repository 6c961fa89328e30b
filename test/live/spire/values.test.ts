import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentConf, env, type ServerConf, writeAgentConf, writeServerConf } from '../../../lib/spire/config';
import * as plugins from '../../../lib/spire/plugins';
import { type Outcome, run } from '../support/run';
import { agentRulesIn, rightAgent } from './agent-rules';
import { right, rulesIn } from './server-rules';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(program: string, text: string, variables?: object): Outcome {
  const file = join(folder, 'spire.conf');
  writeFileSync(file, text);
  const options = { env: { ...process.env, ...variables } };
  return run(program, ['validate', '-config', file, ...(variables ? ['-expandEnv'] : [])], options);
}

/** Every word that the types allow. */
const SERVER: Readonly<Record<string, readonly unknown[]>> = {
  ca_key_type: ['rsa-2048', 'rsa-4096', 'ec-p256', 'ec-p384'],
  jwt_key_type: ['rsa-2048', 'rsa-4096', 'ec-p256', 'ec-p384'],
  log_level: ['trace', 'debug', 'info', 'warn', 'error', 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'],
  log_format: ['text', 'json'],
  ca_ttl: ['24h', '1440m', '86400s', '23h59m59s', '24h0m0.5s'],
  bind_address: ['127.0.0.1', '::1', 'localhost'],
};

const AGENT: Readonly<Record<string, readonly unknown[]>> = {
  workload_x509_svid_key_type: ['rsa-2048', 'ec-p256', 'ec-p384'],
  trust_bundle_format: ['pem', 'spiffe'],
  rebootstrap_mode: ['never', 'auto', 'always'],
  availability_target: ['24h', '24h0m1s'],
  experimental: [
    { jwt_svid_cache_hit_timeout: '5s' },
    { jwt_svid_cache_hit_timeout: '29.999s' },
    { ratelimit: { fetch_secrets: 0 } },
  ],
};

const cases = (table: Readonly<Record<string, readonly unknown[]>>) =>
  Object.entries(table).flatMap(([key, values]) => values.map((value): [string, unknown] => [key, value]));

test.each(cases(SERVER))('spire-server takes %s %j', (key, value) => {
  const conf = { ...right, server: { ...right.server, [key]: value } } as ServerConf;
  expect(rulesIn(conf)).toEqual([]);
  expect(validate('spire-server', writeServerConf(conf)).status).toBe(0);
});

test.each(cases(AGENT))('spire-agent takes %s %j', (key, value) => {
  const conf = { ...rightAgent, agent: { ...rightAgent.agent, [key]: value } } as AgentConf;
  expect(agentRulesIn(conf)).toEqual([]);
  expect(validate('spire-agent', writeAgentConf(conf)).status).toBe(0);
});

/** Each alone: no two go together. */
test.each([
  { trust_bundle_path: '/run/bundle.pem' },
  { trust_bundle_url: 'https://bundle.example.org/' },
  { trust_bundle_url: 'http://local/bundle?a=b', trust_bundle_unix_socket: '/run/bundle.sock' },
  { trust_bundle_spiffe_workload_api: 'unix:///run/upstream/agent.sock' },
  { trust_bundle_spiffe_workload_api: 'tcp://127.0.0.1:8000' },
  { trust_bundle_spiffe_workload_api: 'tcp://[::1]:8000' },
  { insecure_bootstrap: true },
])('spire-agent takes the bundle of %j', (source) => {
  const conf: AgentConf = { ...rightAgent, agent: { ...rightAgent.agent, trust_bundle_path: undefined, ...source } };
  expect(agentRulesIn(conf)).toEqual([]);
  expect(validate('spire-agent', writeAgentConf(conf)).status).toBe(0);
});

test('spire-agent takes a token from a file', () => {
  const join_token_file = join(folder, 'token');
  writeFileSync(join_token_file, 'token');
  const conf: AgentConf = { ...rightAgent, agent: { ...rightAgent.agent, join_token_file } };
  expect(validate('spire-agent', writeAgentConf(conf)).status).toBe(0);
});

test("an environment variable becomes the value that SPIRE reads; other '$' stay as they are", () => {
  const organization = ['$HOME \u0024{HOME} $$'];
  const keys = plugins.KeyManager.custom({
    name: 'aws_kms',
    data: { region: 'eu-west-1', key_identifier_value: env('NAME') },
  });
  const conf: ServerConf = {
    ...right,
    server: { ...right.server, ca_subject: { organization } },
    plugins: [...right.plugins.filter(({ type }) => type !== 'KeyManager'), keys],
  };
  const text = writeServerConf(conf);
  expect(validate('spire-server', text, { NAME: 'spire-0', HOME: '"' }).status).toBe(0);
  const refused = validate('spire-server', text, { NAME: 'not a name!' });
  expect(refused.text).toContain('Key identifier must contain only alphanumeric characters');
  expect(refused.status).toBe(1);
});

/** What the tests of this folder run, by factory; `custom` takes any name and is shown by the installations. */
const SHOWN = [
  'AgentKeyManager.disk',
  'AgentKeyManager.memory',
  'AgentNodeAttestor.joinToken',
  'AgentNodeAttestor.k8sPsat',
  'BundlePublisher.k8sConfigMap',
  'CredentialComposer.uniqueId',
  'DataStore.postgres',
  'DataStore.sqlite',
  'KeyManager.disk',
  'KeyManager.memory',
  'KubeletVerification.ca',
  'KubeletVerification.clusterCa',
  'KubeletVerification.skip',
  'NodeAttestor.joinToken',
  'NodeAttestor.k8sPsat',
  'UpstreamAuthority.certManager',
  'UpstreamAuthority.disk',
  'WorkloadAttestor.k8s',
  'WorkloadAttestor.unix',
];

test('there are these factories and no others', () => {
  const factories = Object.entries(plugins).flatMap(([name, factory]) =>
    Object.getOwnPropertyNames(factory)
      .filter((key) => !['length', 'name', 'prototype', 'custom', 'is'].includes(key))
      .map((key) => `${name}.${key}`),
  );
  expect(factories.sort()).toEqual(SHOWN);
});

test.each([
  ['a misspelt plugin', writeServerConf(right).replace('"k8s_psat"', '"k8s_pst"'), 'no built-in plugin "k8s_pst"'],
  ['an unknown section', `${writeServerConf(right)}\nagent {}\n`, 'unknown configuration detected'],
  [
    'an unknown key',
    writeServerConf(right).replace('data_dir =', 'x = 1\ndata_dir ='),
    'unknown configuration detected',
  ],
  ['half of a file', writeServerConf(right).slice(0, -40), 'unable to decode configuration'],
])('spire-server refuses %s', (_, text, says) => {
  const outcome = validate('spire-server', text);
  expect(outcome.text).toContain(says);
  expect(outcome.status).toBe(1);
});
