import { AgentKeyManager, KeyManager } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

test.each([
  [KeyManager.disk(), 'server', 'disk', { keys_path: '/run/spire/data/keys.json' }, { needsDataVolume: true }],
  [KeyManager.disk({ path: '/k' }), 'server', 'disk', { keys_path: '/k' }, { needsDataVolume: true }],
  [KeyManager.memory(), 'server', 'memory', {}, { keysInMemory: true }],
  [KeyManager.custom({ name: 'aws_kms', data: { region: 'x' } }), 'server', 'aws_kms', { region: 'x' }, {}],
  [AgentKeyManager.disk(), 'agent', 'disk', { directory: '/run/spire/data' }, { needsDataVolume: true }],
  [AgentKeyManager.memory(), 'agent', 'memory', {}, { keysInMemory: true }],
  [AgentKeyManager.custom({ name: 'x' }), 'agent', 'x', {}, {}],
])('%#', (plugin, side, name, data, traits) => {
  expect(plugin).toMatchObject({ type: 'KeyManager', side, name, data, traits, findings: [] });
});

test('paths are absolute', () => {
  expect(
    lines([...KeyManager.disk({ path: 'keys' }).findings, ...AgentKeyManager.disk({ directory: '.' }).findings]),
  ).toMatchInlineSnapshot(`
[
  "error: path 'keys' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)",
  "error: directory '.' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)",
]
`);
});
