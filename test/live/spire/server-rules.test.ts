import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerConf, writeServerConf } from '../../../lib/spire/config';
import { type Outcome, run } from '../support/run';
import { agentRules, startRules } from './agent-rules';
import { oidcRules } from './oidc-rules';
import { right, rulesIn, serverRules } from './server-rules';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(conf: ServerConf): Outcome {
  const file = join(folder, 'server.conf');
  writeFileSync(file, writeServerConf(conf));
  return run('spire-server', ['validate', '-config', file]);
}

test('what the table begins with is right, for the rules and for SPIRE', () => {
  expect(rulesIn(right)).toEqual([]);
  expect(validate(right)).toMatchObject({ status: 0, stderr: '' });
});

test.each(serverRules)('$rule, $what: SPIRE says $says', ({ rule, conf, says }) => {
  expect(rulesIn(conf)).toEqual([rule]);
  const { status, text } = validate(conf);
  if (says === null) {
    expect(text).toMatch(/SPIRE server configuration file is valid\.\n$/);
    expect(status).toBe(0);
  } else {
    expect(text).toContain(says);
    expect(status).not.toBe(0);
  }
});

test('every rule of the configurations stands in one of the tables', () => {
  const known = new Set<string>();
  for (const part of ['config', 'plugins']) {
    for (const file of readdirSync(join('lib/spire', part))) {
      const source = readFileSync(join('lib/spire', part, file), 'utf8');
      for (const [, rule = ''] of source.matchAll(/(?:rule: |rule = |checks, |'\], )'([a-z]+(?:-[a-z]+)+)'/g))
        known.add(rule);
    }
  }
  expect(known.size).toBeGreaterThan(45);
  const shown = new Set([...serverRules, ...agentRules, ...startRules, ...oidcRules].map(({ rule }) => rule));
  expect([...known].filter((rule) => !shown.has(rule))).toEqual([]);
});
