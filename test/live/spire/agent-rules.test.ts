import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentConf, writeAgentConf, writeOidcConf } from '../../../lib/spire/config';
import { freePort, LiveProcess } from '../support/process';
import { type Outcome, run } from '../support/run';
import { agentRules, agentRulesIn, rightAgent, startRules } from './agent-rules';
import { oidcRules, oidcRulesIn, rightOidc } from './oidc-rules';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(conf: AgentConf): Outcome {
  const file = join(folder, 'agent.conf');
  writeFileSync(file, writeAgentConf(conf));
  return run('spire-agent', ['validate', '-config', file]);
}

test('what the tables begin with is right', () => {
  expect(agentRulesIn(rightAgent)).toEqual([]);
  expect(validate(rightAgent)).toMatchObject({ status: 0, stderr: '' });
  expect(oidcRulesIn(rightOidc)).toEqual([]);
});

test.each(agentRules)('agent: $rule, $what: SPIRE says $says', ({ rule, conf, says }) => {
  expect(agentRulesIn(conf)).toEqual([rule]);
  const { status, text } = validate(conf);
  expect(text).toContain(says ?? 'SPIRE agent configuration file is valid.\n');
  expect(status).toBe(says === null ? 0 : 1);
});

// `spire-agent validate` makes no plugins, so these are valid to it; the agent itself does not start.
test.each(startRules)('agent: $rule, $what: the agent says $says as it starts', async ({ rule, conf, says }) => {
  expect(agentRulesIn(conf)).toEqual([rule]);
  const own = { data_dir: join(folder, 'data'), socket_path: join(folder, 'sockets/agent.sock') };
  const text = writeAgentConf({ ...conf, agent: { ...conf.agent, ...own } });
  const file = join(folder, 'agent.conf');
  writeFileSync(file, text);
  if (rule !== 'plugin-duplicate') expect(run('spire-agent', ['validate', '-config', file]).status).toBe(0);
  const agent = new LiveProcess('spire-agent', ['run', '-config', file]);
  expect(await agent.exit(10)).toBe(1);
  expect(agent.text).toContain(says);
});

test.each(oidcRules)('OIDC provider: $rule, $what: it says $says', async ({ rule, conf, says }) => {
  expect(oidcRulesIn(conf)).toEqual([rule]);
  const port = await freePort();
  const addr = conf.insecure_addr === rightOidc.insecure_addr ? { insecure_addr: `127.0.0.1:${port}` } : {};
  const file = join(folder, 'oidc.conf');
  const health_checks = { bind_port: await freePort() };
  writeFileSync(file, writeOidcConf({ ...conf, ...addr, health_checks }));
  const provider = new LiveProcess('oidc-discovery-provider', ['-config', file]);
  try {
    if (says === null) await provider.says(/Serving HTTP/);
    else expect(await provider.exit(10)).toBe(1);
    expect(provider.text).toContain(says ?? 'Serving HTTP');
  } finally {
    await provider.end();
  }
});
