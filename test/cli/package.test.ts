import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '../../lib/cli/package';
import { ROOT } from './fixtures';

test('the manifest is that of the package', () => {
  const { name, version, homepage } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(manifest()).toMatchObject({ name, version });
  expect(manifest().homepage).toBe(homepage);
});

test('the package has the command, as the compiler puts it out', () => {
  expect(manifest()).toMatchObject({ bin: { spirekit: 'build/cli/main.js' } });
  expect(readFileSync(join(ROOT, 'lib', 'cli', 'main.ts'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
