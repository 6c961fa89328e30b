import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options, Result } from './benchmark';
import { median, type Program, runInTurns } from './fresh-process';
import { documentsIn, ROOT, withScratch, writeProject } from './scratch';
import { milliseconds, rounded, times } from './table';

const CLI = join(ROOT, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');

const EMPTY_APP = `const { App, Chart } = require('cdk8s');
const app = new App();
new Chart(app, 'empty');
app.synth();
`;

const QUICKSTART = join('examples', 'quickstart', 'main.ts');

/** The command that a user runs: the whole quickstart against an app with nothing in it. */
export function compareCommand({ runs }: Options): Promise<Result> {
  return withScratch(async (folder) => {
    const project = join(folder, 'empty-app');
    mkdirSync(project);
    writeProject(project, { 'main.js': EMPTY_APP, 'main.ts': EMPTY_APP });
    const out = (name: string): string => join(folder, 'out', name);
    const synth = (...more: string[]): string[] => [CLI, 'synth', ...more];
    const programs: readonly (Program & { readonly outdir: string })[] = [
      {
        label: 'cdk8s synth: empty stock app, JavaScript',
        args: synth('--app', 'node main.js', '--output', out('empty')),
        cwd: project,
        outdir: out('empty'),
      },
      {
        label: 'cdk8s synth: empty stock app, through tsx',
        args: synth('--app', 'node --import tsx main.ts', '--output', out('empty-tsx')),
        cwd: project,
        outdir: out('empty-tsx'),
      },
      {
        label: 'cdk8s synth: quickstart',
        args: synth('--app', `node --import tsx ${QUICKSTART}`, '--output', out('cli')),
        cwd: ROOT,
        outdir: out('cli'),
      },
      {
        label: 'npm run synth: quickstart without the CLI',
        args: ['--import', 'tsx', QUICKSTART],
        cwd: ROOT,
        env: { CDK8S_OUTDIR: out('direct') },
        outdir: out('direct'),
      },
    ];
    const walls = (await runInTurns(programs, runs)).map((all) => median(all.map(({ wall }) => wall)));
    const objects = programs.map(({ outdir }) => documentsIn(outdir).length);
    if (objects[2] !== objects[3]) throw new Error(`the quickstart wrote ${objects[2]} and ${objects[3]} objects`);
    const [empty = Number.NaN, emptyTsx = Number.NaN, cli = Number.NaN, direct = Number.NaN] = walls;
    return {
      tables: [
        {
          title: 'The command',
          rows: [
            ['', 'objects', 'wall', '/ empty app'],
            ...programs.map(({ label }, i) => [
              label,
              String(objects[i]),
              milliseconds(walls[i] ?? Number.NaN),
              times((walls[i] ?? Number.NaN) / empty),
            ]),
          ],
          notes: ['tsx compiles the program; the quickstart also loads cdk8s-plus-28 for its own Deployment'],
        },
      ],
      data: {
        command: {
          emptyMs: rounded(empty),
          emptyTsxMs: rounded(emptyTsx),
          quickstartMs: rounded(cli),
          directMs: rounded(direct),
          objects: objects[2],
          'quickstart / empty app': rounded(cli / empty),
          'quickstart / empty app through tsx': rounded(cli / emptyTsx),
          'quickstart without the CLI / empty app': rounded(direct / empty),
        },
      },
    };
  });
}
