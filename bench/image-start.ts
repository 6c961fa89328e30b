import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FakeWorkloadApi, TestAuthority } from '@spirekit/runtime/testing';
import { buildImage, type ImagePlatform } from '../lib/image-build';
import type { Result } from './benchmark';
import { median, type Program, runInTurns } from './fresh-process';
import { OWN_PLATFORM, REPOSITORY } from './image-command';
import { UnpackedImage, whyNoContainer } from './image-container';
import { milliseconds, rounded, times } from './table';

/** A start is short and the machine is not quiet: there are so many more of them than runs. */
const STARTS = 7;

const MAIN = ['/app/main.mjs'];
const EMPTY = ['--eval', ''];

/** What starts are measured with. */
export interface StartOptions {
  /** For the image and its containers. */
  readonly folder: string;
  /** A program that says its identity as soon as it has one, and ends. */
  readonly entry: string;
  readonly cache: string;
  readonly runs: number;
}

/** From the start of a container to the first SVID in it, against the same Node.js and program without a container. */
export async function compareStart(options: StartOptions): Promise<Result> {
  const why = whyNoContainer();
  if (OWN_PLATFORM && why === undefined) return measured(options, OWN_PLATFORM);
  const missing = why ?? `NO IMAGE RUNS ON ${process.arch}: the start of a container is missing`;
  process.stderr.write(`${missing}\n`);
  return { tables: [{ title: 'To the first SVID', rows: [[missing]], notes: [] }], data: { start: null } };
}

async function measured({ folder, entry, cache, runs }: StartOptions, platform: ImagePlatform): Promise<Result> {
  const layout = join(folder, 'layout');
  const built = await buildImage(
    { entry, layout, repository: REPOSITORY, platforms: [platform] },
    { cacheFolder: cache },
  );
  const image = new UnpackedImage(folder, built, platform);
  const socket = join(folder, 'api', 'agent.sock');
  mkdirSync(join(folder, 'api'));
  const authority = new TestAuthority('example.org');
  const svid = authority.x509Svid('/workload');
  await using _ = await FakeWorkloadApi.start({
    address: `unix://${socket}`,
    x509: [svid],
    bundles: [authority.bundle()],
  });
  // The user of the image is not the one who runs this.
  chmodSync(socket, 0o777);
  const programs: readonly Program[] = [
    image.onHost('empty program, host', EMPTY, socket),
    image.inContainer('empty', EMPTY, socket),
    image.onHost('first SVID, host', MAIN, socket),
    image.inContainer('svid', MAIN, socket),
  ];
  const results = await runInTurns(programs, runs * STARTS);
  for (const { stdout } of results.slice(2).flat()) {
    if (stdout !== svid.id.toString()) throw new Error(`the program said ${JSON.stringify(stdout)}, not ${svid.id}`);
  }
  const [emptyHost = Number.NaN, emptyContainer = Number.NaN, ...others] = results.map((all, at) =>
    median(all.map(({ wall, said }) => (at < 2 ? wall : said))),
  );
  const [host = Number.NaN, container = Number.NaN] = others;
  const row = (name: string, a: number, b: number) => [name, milliseconds(a), milliseconds(b), times(b / a)];
  return {
    tables: [
      {
        title: 'To the first SVID',
        rows: [
          ['', 'host', 'container', 'container / host'],
          row('empty program, to its end', emptyHost, emptyContainer),
          row('first SVID, until it is said', host, container),
        ],
        notes: [
          `medians of ${runs * STARTS}; container: ${versionOfRunc()}, read-only root, uid 65532, no capabilities, the socket mounted`,
          "host: the image's Node.js and its bundled program, started by themselves",
          'the Workload API is in another process, which is the same for both',
        ],
      },
    ],
    data: {
      start: {
        hostMs: rounded(host),
        containerMs: rounded(container),
        emptyHostMs: rounded(emptyHost),
        emptyContainerMs: rounded(emptyContainer),
        'container / host': rounded(container / host),
      },
    },
  };
}

function versionOfRunc(): string {
  const [first = 'runc'] = execFileSync('runc', ['--version'], { encoding: 'utf8' }).split('\n');
  return first.replace(' version', '');
}
