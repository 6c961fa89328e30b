import { existsSync } from 'node:fs';
import { AgentKeyManager, AgentNodeAttestor, WorkloadAttestor } from '../../../lib/spire';
import { SpireRig } from '../support/spire-rig';

// What the tables call valid to SPIRE though a rule calls it wrong: here it is run, and does what the rule says.

const rig = new SpireRig();
const ID = `spiffe://${rig.trustDomain}/workload`;

beforeAll(async () => {
  await rig.startServer();
  rig.register(ID);
});

afterAll(() => rig.end());

test('an agent with join token, keys in memory and the unix attestor gives a process its identity', async () => {
  const agent = rig.launchAgent();
  expect(await rig.fetch(agent)).toContain(`SPIFFE ID:\t\t${ID}\n`);
  await agent.end();
});

test('agent-restart: with keys in memory it does not come back, for its token is used up', async () => {
  const again = rig.launchAgentAs({ agent: { join_token: rig.usedToken } });
  await again.says(/failed to attest: join token does not exist or has already been used/);
  await again.end();
});

test('with keys on disk it comes back without a token', async () => {
  const directory = rig.path('agent-keys');
  const data_dir = rig.path('lasting');
  const keys = AgentKeyManager.disk({ directory });
  const plugins = [AgentNodeAttestor.joinToken(), keys, WorkloadAttestor.unix({ discoverWorkloadPath: true })];
  const change = { agent: { data_dir, socket_path: rig.path('lasting/sockets/agent.sock') }, plugins };
  const first = rig.launchAgent(change);
  await rig.fetch(first, rig.path('lasting/sockets/agent.sock'));
  await first.end();
  expect(existsSync(`${directory}/keys.json`)).toBe(true);
  const second = rig.launchAgentAs(change);
  expect(await rig.fetch(second, rig.path('lasting/sockets/agent.sock'))).toContain(ID);
  await second.end();
});

test('conf-integer: port 70000 is valid to validate, and nothing answers there', async () => {
  const agent = rig.launchAgent({ agent: { data_dir: rig.path('first'), server_port: 70000 } });
  await agent.says(/invalid port/);
  await agent.end();
});

test('conf-path: a relative socket lies where the agent was started', async () => {
  const agent = rig.launchAgent({ agent: { data_dir: rig.path('second'), socket_path: 'here/agent.sock' } });
  await rig.fetch(agent, rig.path('here/agent.sock'));
  await agent.end();
});

test('trust-bundle-url: without a host there is no bundle', async () => {
  const agent = rig.launchAgent({
    agent: { data_dir: rig.path('third'), trust_bundle_path: undefined, trust_bundle_url: 'https:///bundle' },
  });
  await agent.says(/no Host in request URL/);
  await agent.end();
});
