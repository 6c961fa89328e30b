/**
 * Tests the packages as a user gets them: packs both, installs them into an empty project outside of the repository, and
 * does there what the README says. Asks nobody but npm's registry, and that only for what npm has not in its cache.
 *
 * Usage: npm run test:package [-- --readme FILE]
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { node, npm, run } from './package/commands.mjs';
import { checkContents } from './package/contents.mjs';
import { packagesLoadedBy, requireLoadable, requireResolvable } from './package/entry-points.mjs';
import { programOf, readJson, requireSameText } from './package/files.mjs';
import { install, pack, peerSpecs, requireSameManifests, synthesize } from './package/project.mjs';
import { Reporter, requireNone } from './package/reporter.mjs';
import { testWorkload } from './package/workload.mjs';

const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..');
const EXAMPLE = join('examples', 'federation', 'main.ts');
const { readme } = parseArgs({ options: { readme: { type: 'string', default: join(ROOT, 'README.md') } } }).values;

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'spirekit-package-')));
const reporter = new Reporter();
try {
  await testPackages();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = reporter.finish();

async function testPackages() {
  const project = join(scratch, 'project');
  const installed = join(project, 'node_modules', 'spirekit');
  let tarballs;
  const ready = await reporter.check(
    'both packages are built, packed, and installed into an empty project',
    async () => {
      await npm(['run', 'build', '--silent'], { cwd: ROOT });
      const folder = join(scratch, 'tarballs');
      mkdirSync(folder);
      tarballs = [await pack(ROOT, folder), await pack(join(ROOT, 'runtime'), folder)];
      await install(project, [...tarballs, ...peerSpecs(ROOT)]);
    },
  );
  // Without them there is nothing to look at.
  if (!ready) return;
  await testContents(project);
  await testEntryPoints(project, installed);
  await testProgram(project);
  await testCommand(project);
  await testWorkload(reporter, { root: ROOT, project: join(scratch, 'workload'), tarball: tarballs[1] });
  await testPulumi(project);
}

async function testContents(project) {
  await checkContents(reporter, {
    name: 'spirekit',
    repository: ROOT,
    sources: 'lib',
    installed: join(project, 'node_modules', 'spirekit'),
    documents: ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/runbooks.md', 'build/index.d.ts', 'build/index.js'],
  });
  await checkContents(reporter, {
    name: '@spirekit/runtime',
    repository: join(ROOT, 'runtime'),
    sources: 'src',
    installed: join(project, 'node_modules', '@spirekit', 'runtime'),
    documents: ['README.md', 'LICENSE', 'build/id/index.d.ts'],
  });
}

async function testEntryPoints(project, installed) {
  await reporter.check('spirekit: every entry point leads to a file, by require and by import', () =>
    requireResolvable(project, installed),
  );
  await reporter.check('spirekit: an ES module can import every name', () => requireLoadable(project, 'spirekit'));
  await reporter.check("spirekit: require('spirekit') loads neither Pulumi nor cdk8s-plus", async () => {
    const heavy = /^(?:@pulumi\/|cdk8s-plus-)/;
    requireNone(
      (await packagesLoadedBy(project, 'spirekit')).filter((id) => heavy.test(id)),
      'loaded',
    );
  });
}

async function testProgram(project) {
  let program;
  const found = await reporter.check(`the README's program is ${EXAMPLE}`, () => {
    program = programOf(readFileSync(readme, 'utf8'));
    requireSameText(program, readFileSync(join(ROOT, EXAMPLE), 'utf8'), ['README.md', EXAMPLE]);
  });
  const expected = join(scratch, 'expected');
  const args = ['--import', 'tsx', EXAMPLE];
  const synthesized = await reporter.check(`${EXAMPLE} runs in the repository`, () =>
    node(args, { cwd: ROOT, env: { CDK8S_OUTDIR: expected } }),
  );
  if (!found || !synthesized) return;
  for (const [type, name] of [
    ['commonjs', 'a CommonJS'],
    ['module', 'an ES module'],
    ['node10', 'a cdk8s init'],
  ]) {
    await reporter.check(`the README's program gives the same manifests in ${name} project, strictly typed`, async () =>
      requireSameManifests(await synthesize(project, type, program), expected),
    );
  }
}

/** The command, as the shell finds it in a project: with the program that was compiled there. */
async function testCommand(project) {
  const spirekit = (...args) => run(join(project, 'node_modules', '.bin', 'spirekit'), args, { cwd: project });
  await reporter.check('spirekit: the command proves a program, and reads its own report', async () => {
    const text = await spirekit('prove', '--app', 'node commonjs/main.js');
    if (!text.endsWith('\nFindings: none\n')) throw new Error(text);
    await spirekit('prove', '--json', '--output', 'report.json', '--app', 'node commonjs/main.js');
    if ((await spirekit('prove', 'report.json')) !== text) throw new Error('another text from its report');
  });
}

/** The Pulumi entry point, with the repository's own Pulumi: to install it takes longer than all the rest. */
async function testPulumi(project) {
  await reporter.check('spirekit/pulumi: loads where Pulumi is installed', async () => {
    const { peerDependenciesMeta } = readJson(project, 'node_modules', 'spirekit', 'package.json');
    if (!peerDependenciesMeta['@pulumi/pulumi']?.optional) throw new Error('@pulumi/pulumi is not an optional peer');
    symlinkSync(join(ROOT, 'node_modules', '@pulumi'), join(project, 'node_modules', '@pulumi'), 'junction');
    await requireLoadable(project, 'spirekit/pulumi');
  });
}
