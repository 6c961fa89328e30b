import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PulumiStack } from '../support/pulumi';

// No cluster is asked: what is proven is not there yet.
const stack = new PulumiStack('.', 'proven', { ...process.env, KUBECONFIG: 'none' });
const folder = mkdtempSync(join(tmpdir(), 'spirekit-report-'));

interface Exported {
  readonly deployment: { readonly resources: readonly { readonly type: string }[] };
}

afterAll(() => {
  stack.discard();
  rmSync(folder, { recursive: true, force: true });
});

test('spirekit prove runs a program in the preview of a real engine', async () => {
  const shown = await stack.mustRun(process.execPath, [
    'build/cli/main.js',
    'prove',
    '--app',
    await stack.command('preview'),
  ]);
  expect(shown).toBe(`Federation mesh: 3 members, 6 directed edges

  believes  1       2       3
  1 east    —       spiffe  spiffe
  2 west    spiffe  —       spiffe
  3 lab     spiffe  spiffe  —

Findings: none
`);
});

test('an update that is run for the report alone is refused before an object is registered', async () => {
  const reported = stack.in('.', { SPIREKIT_REPORT: folder });
  const { status, text } = await reported.try('up', '--yes', '--skip-preview');
  expect(status).not.toBe(0);
  expect(text).toContain('this update is run for the report alone (SPIREKIT_REPORT), so that nothing is deployed');
  const { deployment } = await stack.json<Exported>('stack', 'export');
  const types = deployment.resources.map(({ type }) => type);
  expect(new Set(types)).toEqual(new Set(['pulumi:pulumi:Stack', 'pulumi:providers:kubernetes']));
  expect(readdirSync(folder)).toEqual([]);
});
