import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerFile } from '../../lib/image-build/layer-entry';
import { runtimePrograms } from '../../lib/image-build/runtime-programs';
import { newFolder, removeFolders } from '../synth/fixtures';

afterEach(removeFolders);

test('the programs are one file that runs by itself, and the same each time', async () => {
  const [one, two] = await Promise.all([runtimePrograms(), runtimePrograms()]);
  expect(one.layer.key).toBe(two.layer.key);
  const [entry, ...others] = (await one.layer.entries()) as LayerFile[];
  expect([entry?.path, entry?.mode, others]).toEqual(['app/spirekit/runtime.cjs', 0o644, []]);
  const file = join(newFolder(), 'runtime.cjs');
  writeFileSync(file, entry?.content ?? '');
  // The HTTP client of workloads, twice as large as all programs, which none of them uses.
  expect(Buffer.from(entry?.content ?? '').includes('node_modules/undici')).toBe(false);
  // Away from the project: whatever it would still have to load is not there.
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [file, ...args], { cwd: join(file, '..'), encoding: 'utf8', env: {} });
  expect(run('--version').stdout).toContain(one.components[0]?.version);
  expect(run('--help').stdout).toMatch(/helper[\s\S]*probe[\s\S]*exporter/);
  // Nobody listens there: it says so itself, which it needs all of its modules for.
  const probe = run('probe', '--socket', 'unix:///nowhere/agent.sock', '--timeout', '1s');
  expect(probe.status).not.toBe(0);
  expect(probe.stderr).not.toMatch(/Cannot find module|SyntaxError/);
  // No machine has this address.
  const exporter = run(
    'exporter',
    ...[
      '--trust-domain=a.example',
      '--peer=b.example',
      '--listen=192.0.2.1:9464',
      '--socket=unix:///nowhere/agent.sock',
    ],
  );
  expect([exporter.status, exporter.stderr]).toEqual([1, expect.stringContaining('EADDRNOTAVAIL')]);
});

test('they are told of as what they are', async () => {
  const { components, layer } = await runtimePrograms();
  expect(components).toEqual([
    {
      type: 'application',
      name: '@spirekit/runtime',
      version: '0.1.0',
      purl: 'pkg:npm/%40spirekit/runtime@0.1.0',
      license: 'Apache-2.0',
    },
  ]);
  expect(layer.createdBy).toBe('@spirekit/runtime 0.1.0: its programs');
});
