import { createHash } from 'node:crypto';
import { LiveCluster } from '../support/cluster';
import { PulumiStack } from '../support/pulumi';

const cluster = LiveCluster.get(1);
const stack = new PulumiStack('test/live/pulumi/late', 'late', cluster.env);

// What a run left that was aborted.
beforeAll(() => cluster.kubectl('-n', 'default', 'delete', 'configmap,secret', 'late', '--ignore-not-found'));

afterAll(() => stack.discard());

interface ConfigMap {
  readonly metadata: { readonly uid: string; readonly annotations: Record<string, string> };
  readonly data: Record<string, string>;
}

test('a preview goes through while the values are still unknown', async () => {
  const text = await stack.must('preview');
  expect(text).toContain('kubernetes:core/v1:ConfigMap late/late/config create');
  expect(text).toMatch(/made *: \[unknown\]/);
});

test('values that the engine learns reach fields, configuration text and its checksum', async () => {
  await stack.must('up', '--yes', '--skip-preview');
  const made = (await stack.must('stack', 'output', 'made')).trim();
  const { data, metadata } = cluster.json<ConfigMap>('-n', 'default', 'get', 'configmap', 'late');
  const text = `host = "${made}"\nport = 8081\n`;
  expect(made).toMatch(/^default\/source-[0-9a-f]+$/);
  expect(data).toEqual({ 'a.conf': text, plain: made });
  expect(metadata.annotations.checksum).toBe(createHash('sha256').update(text).digest('hex'));
});

test('a secret value reaches the cluster, and is encrypted in the state', async () => {
  const { data } = cluster.json<ConfigMap>('-n', 'default', 'get', 'secret', 'late');
  expect(Buffer.from(data.password ?? '', 'base64').toString()).toBe('correct horse');
  const state = await stack.must('stack', 'export');
  expect(state).toContain('ciphertext');
  expect(state).not.toContain('correct horse');
  expect(state).not.toContain(data.password);
});

test('again without a change, then destroyed', async () => {
  await stack.must('up', '--yes', '--skip-preview', '--expect-no-changes');
  await stack.must('destroy', '--yes', '--skip-preview');
  expect(cluster.tryKubectl('-n', 'default', 'get', 'configmap', 'late').stderr).toContain('NotFound');
});
