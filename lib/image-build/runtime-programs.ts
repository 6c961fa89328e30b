import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOf, ImageError, RUNTIME_PROGRAMS } from '../image';
import { type Esbuild, loadEsbuild } from './app';
import type { Component } from './component';
import type { LayerSource } from './layer-entry';

/** The programs' name in the package's manifest. */
const BIN = 'spirekit-runtime';

interface Manifest {
  readonly version: string;
  readonly bin: { readonly [BIN]: string };
}

/** Version of Node.js that the programs are made for: the oldest that an image can have. */
const TARGET = 'node20';

/** All programs of `@spirekit/runtime` as a layer. */
export interface RuntimePrograms {
  readonly layer: LayerSource;
  readonly components: readonly Component[];
}

/** One file of a program and all that it loads. */
async function bundled(esbuild: Esbuild, folder: string, program: string): Promise<Uint8Array> {
  let problem = 'nothing came of it';
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: `require('${program}').start();`, resolveDir: folder },
      // Its modules are known by their places in the package, wherever that lies: the same bytes on every machine.
      absWorkingDir: folder,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: TARGET,
      external: ['@grpc/grpc-js'],
      legalComments: 'eof',
      logLevel: 'silent',
      write: false,
    });
    const [output] = outputFiles ?? [];
    if (output) return output.contents;
  } catch (error) {
    [problem = ''] = (error as Error).message.split('\n');
  }
  throw new ImageError(`@spirekit/runtime cannot be bundled: ${problem}; install it and esbuild again`);
}

/**
 * Puts the programs of `@spirekit/runtime` into one file that needs nothing else. They are loaded as they are asked for, as
 * in the package: a probe is started every few seconds.
 *
 * @throws ImageError if the package cannot be found, or esbuild is missing
 */
export async function runtimePrograms(): Promise<RuntimePrograms> {
  const esbuild = loadEsbuild();
  const folder = packageFolder();
  const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const content = await bundled(esbuild, folder, bin[BIN]);
  return {
    layer: {
      name: 'programs',
      createdBy: `@spirekit/runtime ${version}: its programs`,
      key: `programs ${digestOf(content)}`,
      entries: async () => [{ type: 'file', path: RUNTIME_PROGRAMS.slice(1), mode: 0o644, content }],
    },
    components: [
      {
        type: 'application',
        name: '@spirekit/runtime',
        version,
        purl: `pkg:npm/%40spirekit/runtime@${version}`,
        license: 'Apache-2.0',
      },
    ],
  };
}

function packageFolder(): string {
  try {
    return realpathSync(dirname(require.resolve('@spirekit/runtime/package.json')));
  } catch (error) {
    throw new ImageError(
      `@spirekit/runtime cannot be found (${(error as NodeJS.ErrnoException).code}); install it again`,
    );
  }
}
