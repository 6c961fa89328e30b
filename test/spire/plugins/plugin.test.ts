import { env } from '../../../lib/spire/config';
import {
  CredentialComposer,
  NodeAttestor,
  Notifier,
  Plugin,
  type ServerPlugin,
  SvidStore,
} from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

test('a plugin by hand', () => {
  const plugin: ServerPlugin = NodeAttestor.custom({
    name: 'tpm',
    external: { command: '/opt/tpm', checksum: 'AB'.repeat(32) },
    data: { id: env('POD_NAME') },
    findings: [{ rule: 'x', message: 'is wrong' }],
  });
  expect(plugin).toMatchObject({ side: 'server', type: 'NodeAttestor', name: 'tpm', needs: {}, traits: {} });
  expect(lines(plugin.findings)).toEqual(['error: is wrong (x)']);
  expect(Plugin.is(plugin)).toBe(true);
  expect(Plugin.is({ ...plugin })).toBe(false);
});

test('an external plugin needs a command and a checksum', () => {
  const plugin = SvidStore.custom({ name: '', external: { command: '', checksum: 'abc' } });
  expect(lines(plugin.findings)).toMatchInlineSnapshot(`
[
  "error: name '' is empty; write the name by which SPIRE knows the plugin, such as 'aws_kms' (plugin-name)",
  "error: external.command '' is empty, so SPIRE would look for a plugin of its own with this name; write the path of the program in the container (plugin-external)",
  "error: external.checksum 'abc' is not a SHA-256 checksum; write 64 hexadecimal digits, as 'sha256sum' prints them (plugin-external)",
]
`);
});

test('plugins of SPIRE without properties', () => {
  expect(CredentialComposer.uniqueId()).toMatchObject({ type: 'CredentialComposer', name: 'uniqueid', data: {} });
  expect(CredentialComposer.custom({ name: 'mine' }).name).toBe('mine');
  expect(Notifier.custom({ name: 'k8sbundle', data: { namespace: 'spire' } })).toMatchObject({ type: 'Notifier' });
});

test('a plugin of the wrong side does not compile', () => {
  // @ts-expect-error an agent's plugin is none of the server
  const wrong: ServerPlugin = SvidStore.custom({ name: 'x' });
  expect(wrong.side).toBe('agent');
});
