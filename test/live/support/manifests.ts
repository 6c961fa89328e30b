import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run';
import { objectsIn, type Written } from './synthesized';

/** Documents that are applied by one command. */
export interface Manifest {
  readonly text: string;
  readonly objects: readonly Written[];
}

/** What was written for one cluster. */
export class ClusterFolder {
  constructor(readonly path: string) {}

  /** The script that removes all of it. */
  get removal(): string {
    return join(this.path, 'remove.sh');
  }

  /** The files in the order of the waves, without the webhooks' configurations. */
  get waves(): Manifest[] {
    return this.files.map((documents) => manifestOf(documents.filter((text) => !isWebhook(text))));
  }

  /** The webhooks' configurations. */
  get webhooks(): Manifest {
    return manifestOf(this.files.flat().filter(isWebhook));
  }

  /** What stays when the rest is removed: others may use it. */
  get kept(): Manifest {
    return manifestOf(this.filesNamed((name) => name.endsWith('-prerequisites.yaml')).flat());
  }

  get objects(): Written[] {
    return [...this.waves, this.webhooks].flatMap(({ objects }) => objects);
  }

  /** The documents of each file, as they were written. */
  private get files(): string[][] {
    return this.filesNamed((name) => name.endsWith('.yaml'));
  }

  private filesNamed(wanted: (name: string) => boolean): string[][] {
    const names = readdirSync(this.path).filter(wanted);
    return names.sort().map((name) =>
      readFileSync(join(this.path, name), 'utf8')
        .split(/^---\n/m)
        .filter(Boolean),
    );
  }
}

/** Examples whose images have to be built before they can be synthesized. */
const WITH_IMAGES: ReadonlySet<string> = new Set(['workload-image']);

/** What all programs of `examples/` write that need cdk8s alone. */
export class Examples {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-examples-'));
  /** What each example wrote for each of its clusters, by `example/cluster`. */
  readonly clusters: ReadonlyMap<string, ClusterFolder>;
  /** What the examples said that failed, or wrote nothing for a cluster. */
  readonly failures: string[] = [];

  constructor() {
    const names = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'main.ts')));
    this.clusters = new Map(names.sort().flatMap((name) => this.synthesize(name)));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private synthesize(example: string): [string, ClusterFolder][] {
    const outdir = join(this.folder, example);
    const program = join('examples', example, 'main.ts');
    if (WITH_IMAGES.has(example)) {
      const build = ['--import', 'tsx', 'lib/cli/main.ts', 'image', 'build', '--app', `npx tsx ${program}`];
      const built = run(process.execPath, build);
      if (built.status !== 0) this.failures.push(`the images of ${program} cannot be built:\n${built.text}`);
    }
    const { status, text } = run(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, CDK8S_OUTDIR: outdir },
    });
    const written = status === 0 ? readdirSync(outdir, { withFileTypes: true }) : [];
    const folders = written.filter((entry) => entry.isDirectory());
    if (folders.length === 0) this.failures.push(`${program} ended with ${status}:\n${text}`);
    return folders.map(({ name }) => [`${example}/${name}`, new ClusterFolder(join(outdir, name))]);
  }
}

function manifestOf(documents: readonly string[]): Manifest {
  return { text: documents.join('---\n'), objects: documents.flatMap(objectsIn) };
}

function isWebhook(text: string): boolean {
  return /^kind: \w+WebhookConfiguration$/m.test(text);
}
