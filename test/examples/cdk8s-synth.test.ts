import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { filesOf, newFolder, removeFolders } from '../synth/fixtures';

afterAll(removeFolders);

/** Runs a command in the checkout; gives what it wrote into a new folder, by path. */
function written(args: (folder: string) => readonly string[], env: (folder: string) => object): object {
  const folder = join(newFolder(), 'dist');
  const options = { env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', ...env(folder) }, stdio: 'pipe' } as const;
  execFileSync(process.execPath, args(folder), options);
  const files = Object.entries(filesOf(folder));
  return Object.fromEntries(files.map(([path, text]) => [path, text.replaceAll(folder, 'OUT')]));
}

// Both run the built library, as a user's program does.
test('cdk8s synth writes what the program writes by itself', () => {
  const byCli = written(
    (folder) => ['node_modules/.bin/cdk8s', 'synth', '--output', folder],
    () => ({}),
  );
  const program = ['--import', 'tsx', 'examples/federation/main.ts'];
  const byItself = written(
    () => program,
    (folder) => ({ CDK8S_OUTDIR: folder }),
  );
  expect(Object.keys(byItself)).toContain('cluster3/50-trust.yaml');
  expect(byCli).toEqual(byItself);
});
