import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustBeside } from '../support/beside';
import { DockerRegistry } from '../support/docker-registry';
import { PulumiStack } from '../support/pulumi';

// No cluster is asked: a stack of one image.

const folder = mkdtempSync(join(tmpdir(), 'spirekit-image-'));
const stack = new PulumiStack('test/live/pulumi/image', 'image', { ...process.env, KUBECONFIG: 'none' });
let registry: DockerRegistry;
let repository: string;

beforeAll(async () => {
  registry = await DockerRegistry.start();
  repository = `${registry.host}/shop/client`;
  await configure({ repository, layout: join(folder, 'client'), greeting: 'hello' });
});

afterAll(async () => {
  await registry?.end();
  stack.discard();
  rmSync(folder, { recursive: true, force: true });
});

async function configure(values: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries(values)) await stack.must('config', 'set', key, value);
}

/** The reference that the stack has, or that a preview shows. */
const referenceIn = (text: string): string | undefined =>
  /localhost:\d+\/shop\/client@sha256:[0-9a-f]{64}/.exec(text)?.[0];

const writes = (): string[] => registry.requests().filter((line) => /^(?:PUT|POST|PATCH) /.test(line));

let previewed: string | undefined;

test('a preview builds the image, and says which it will be; the registry is not asked', async () => {
  previewed = referenceIn(await stack.must('preview'));
  expect(previewed).toBeDefined();
  expect(registry.requests()).toEqual([]);
});

test('an update pushes that image, and gives its reference', async () => {
  await stack.must('up', '--yes', '--skip-preview');
  expect(await stack.must('stack', 'output', 'reference')).toBe(`${previewed}\n`);
  expect(writes().filter((line) => / \/v2\/shop\/client\/manifests\/latest 201$/.test(line))).toHaveLength(1);
  const inspected = await mustBeside('skopeo', ['inspect', '--tls-verify=false', `docker://${previewed}`]);
  expect(JSON.parse(inspected)).toMatchObject({
    Architecture: 'amd64',
    Env: expect.arrayContaining(['GREETING=hello']),
  });
});

test('a second update sends nothing that the registry has', async () => {
  const before = writes().filter((line) => line.includes('/blobs/')).length;
  await stack.must('up', '--yes', '--skip-preview', '--expect-no-changes');
  expect(writes().filter((line) => line.includes('/blobs/'))).toHaveLength(before);
});

test('a changed image is another one in the preview', async () => {
  await configure({ greeting: 'good day' });
  const changed = referenceIn((await stack.must('preview')).replaceAll(String(previewed), ''));
  expect(changed).toBeDefined();
  expect(changed).not.toBe(previewed);
});

test('where it cannot be pushed, the update fails and says why', async () => {
  await registry.end();
  const { status, text } = await stack.try('up', '--yes', '--skip-preview');
  expect(status).not.toBe(0);
  expect(text).toContain(`registry '${registry.host}' refuses connections; check host and port, and that it runs`);
});
