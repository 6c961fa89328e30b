import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { node, npm } from './commands.mjs';
import { filesIn, readJson, requireSameText } from './files.mjs';
import { requireNone } from './reporter.mjs';

/** What the README's program needs beside the library itself. */
const PEERS = ['cdk8s', 'constructs', 'cdk8s-plus-28', 'typescript', '@types/node'];

/** Builds a package's tarball; gives its path. */
export async function pack(folder, destination) {
  // The build has been made: hooks would make it again, and print into the JSON.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const [{ filename }] = JSON.parse(await npm(args, { cwd: folder }));
  return join(destination, filename.replace('@', '').replace('/', '-'));
}

/** Makes an empty project and installs packages into it: whatever npm has in its cache is not fetched again. */
export async function install(folder, specs) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'package-test', version: '1.0.0', private: true }),
  );
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', ...specs], {
    cwd: folder,
  });
}

/** The peers in the versions with which the repository itself is tested. */
export const peerSpecs = (root) => specsOf(root, PEERS);

/** Packages in the versions with which the repository itself is tested. */
export function specsOf(root, names) {
  const { packages } = readJson(root, 'package-lock.json');
  return names.map((name) => `${name}@${packages[`node_modules/${name}`].version}`);
}

/** How projects find modules: Node's way for both kinds of module, and the old way, which `cdk8s init` still sets up. */
const PROJECTS = {
  commonjs: { type: 'commonjs', module: { module: 'nodenext' } },
  module: { type: 'module', module: { module: 'nodenext' } },
  node10: {
    type: 'commonjs',
    module: { module: 'commonjs', moduleResolution: 'node10', esModuleInterop: true, ignoreDeprecations: '6.0' },
  },
};

/** Compiles and runs a program as strict TypeScript in a project of the given kind; gives the folder of its manifests. */
export async function synthesize(project, kind, program) {
  const { folder } = await compile(project, kind, program);
  await node(['main.js'], { cwd: folder, env: { CDK8S_OUTDIR: join(folder, 'dist') } });
  return join(folder, 'dist');
}

/** Compiles a program as strict TypeScript in a folder of its own, for the given kind of project. */
export async function compile(project, kind, program) {
  const folder = join(project, kind);
  const { type, module } = PROJECTS[kind];
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }));
  writeFileSync(join(folder, 'main.ts'), program);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        ...module,
        strict: true,
        noUncheckedIndexedAccess: true,
        // The library's own declarations are part of what is tested.
        skipLibCheck: false,
        types: ['node'],
      },
      files: ['main.ts'],
    }),
  );
  await node([join(project, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: folder });
  return { folder };
}

/** @throws Error unless both folders hold the same manifests, byte for byte */
export function requireSameManifests(actual, expected) {
  const [ours, theirs] = [actual, expected].map((folder) => filesIn(folder).filter((file) => file.endsWith('.yaml')));
  if (theirs.length === 0) throw new Error('the example wrote no manifests');
  requireNone(
    ours.filter((file) => !theirs.includes(file)),
    'more files than the example',
  );
  requireNone(
    theirs.filter((file) => !ours.includes(file)),
    'files of the example are missing',
  );
  for (const file of theirs) {
    const [our, their] = [readFileSync(join(actual, file)), readFileSync(join(expected, file))];
    if (!our.equals(their)) {
      requireSameText(our.toString(), their.toString(), [`${file} of the package`, 'of the example']);
      throw new Error(`${file} differs from the example's in its last characters`);
    }
  }
}
