import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentConfBody, type HclBody, serverConfBody, writeHcl } from '../../../lib/spire/config';
import { selfSigned } from '../support/certificate';
import { type Outcome, run } from '../support/run';
import { fullAgent, fullServer } from './full-confs';
import { withWrongValues } from './wrong-values';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const files = { folder, ...selfSigned(folder) };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function validate(program: string, body: HclBody): Outcome {
  const file = join(folder, 'spire.conf');
  writeFileSync(file, writeHcl(body));
  return run(program, ['validate', '-config', file]);
}

function accepted(program: string, body: HclBody): string[] {
  const paths: string[] = [];
  for (const { path, body: wrong } of withWrongValues(body)) {
    if (validate(program, wrong).status === 0) paths.push(path);
  }
  return paths;
}

test.each([
  ['spire-server', serverConfBody(fullServer(files))],
  ['spire-agent', agentConfBody(fullAgent(files))],
])('%s accepts the configuration with every key', (program, body) => {
  const outcome = validate(program, body);
  expect(outcome.text).toMatch(/configuration file is valid/);
  expect(outcome.status).toBe(0);
});

// A key that SPIRE does not know could hold anything: so SPIRE knows all keys but these.
test('spire-server refuses a wrong value of each key', () => {
  expect(accepted('spire-server', serverConfBody(fullServer(files)))).toEqual([]);
});

test('spire-agent refuses a wrong value of each key', () => {
  expect(accepted('spire-agent', agentConfBody(fullAgent(files)))).toEqual([]);
});
