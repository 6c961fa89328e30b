import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FakeWorkloadApi, TestAuthority } from '@spirekit/runtime/testing';
import { build, type Metafile } from 'esbuild';
import type { Options, Result } from './benchmark';
import { median, type Program, runInTurns } from './fresh-process';
import { measuredProgram } from './measured';
import { ROOT, withScratch } from './scratch';
import { milliseconds, rounded } from './table';

const PROGRAM = 'runtime-first-svid.mjs';
/** A start is short and the machine is not quiet: there are so many more processes than runs. */
const STARTS = 7;

/** How soon a workload has its SVID, and how much code it takes to get there. */
export function measureStart({ runs }: Options): Promise<Result> {
  return withScratch(async (folder) => {
    const bundle = join(folder, 'bundle.cjs');
    const metafile = await bundleTo(bundle);
    const size = Object.values(metafile.outputs)[0]?.bytes ?? Number.NaN;
    const starts = await startsOf(bundle, folder, runs * STARTS);
    const [empty = Number.NaN, bundled = Number.NaN, unbundled = Number.NaN] = starts;
    return {
      tables: [
        {
          title: 'To the first SVID',
          rows: [
            ['', 'whole process', 'beyond an empty one'],
            ['empty program', milliseconds(empty), ''],
            ['bundled', milliseconds(bundled), milliseconds(bundled - empty)],
            ['unbundled', milliseconds(unbundled), milliseconds(unbundled - empty)],
          ],
          notes: [
            'X509Source.create() against a Workload API in another process, on a Unix socket; the process then ends',
            `medians of ${runs * STARTS} processes each`,
          ],
        },
        {
          title: 'The bundle of a program that uses X509Source alone',
          rows: [
            ['folder', 'bytes'],
            ...[...bytesByFolder(metafile)].map(([name, bytes]) => [name, String(bytes)]),
            ['the whole file', String(size)],
          ],
          notes: ['esbuild, minified, one file of CommonJS for Node.js'],
        },
      ],
      data: {
        firstSvidMs: rounded(bundled - empty),
        firstSvidUnbundledMs: rounded(unbundled - empty),
        emptyProcessMs: rounded(empty),
        coreBundleKb: rounded(size / 1000),
        coreBundleBytes: Object.fromEntries(bytesByFolder(metafile)),
      },
    };
  });
}

/** Bundles the program as a user would: what the package's `exports` lead a bundler to is what counts. */
async function bundleTo(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'bench', 'programs', PROGRAM)],
    absWorkingDir: ROOT,
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

/** Milliseconds of whole processes: an empty one, the bundled program and the unbundled one. */
async function startsOf(bundle: string, folder: string, starts: number): Promise<number[]> {
  const authority = new TestAuthority('example.org');
  const state = { x509: [authority.x509Svid('/workload')], bundles: [authority.bundle()] };
  await using api = await FakeWorkloadApi.start(state);
  const env = { SPIFFE_ENDPOINT_SOCKET: api.address };
  const empty = join(folder, 'empty.cjs');
  writeFileSync(empty, '');
  const programs: readonly Program[] = [
    { label: 'empty program', args: [empty], cwd: folder },
    { label: 'first SVID, bundled', args: [bundle], cwd: folder, env },
    { ...measuredProgram('first SVID, unbundled', PROGRAM), env },
  ];
  const results = await runInTurns(programs, starts);
  const id = state.x509[0]?.id.toString();
  for (const { stdout } of results.slice(1).flat()) {
    if (stdout !== id) throw new Error(`the program said ${JSON.stringify(stdout)}, not ${id}`);
  }
  return results.map((all) => median(all.map(({ wall }) => wall)));
}

/** What each folder of the package's source has brought into the bundle, the largest first. */
function bytesByFolder({ outputs }: Metafile): Map<string, number> {
  const folders = new Set(readdirSync(join(ROOT, 'runtime', 'src')));
  const bytes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs))) {
    const name =
      relative('runtime', path)
        .split(/[\\/]/)
        .find((part) => folders.has(part)) ?? 'elsewhere';
    bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
  }
  return new Map([...bytes].sort(([, a], [, b]) => b - a));
}
