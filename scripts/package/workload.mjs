import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate, node } from './commands.mjs';
import { entryPointsOf, packagesLoadedBy, requireLoadable, requireResolvable } from './entry-points.mjs';
import { compile, install, specsOf } from './project.mjs';
import { requireNone, requireSame } from './reporter.mjs';

/** Every name by which a program can import all that there is, so that all declarations are checked. */
const importsOf = (ids) =>
  ids.map((id, index) => `import * as all${index} from '${id}';\nvoid all${index};\n`).join('');

/** A workload installs the runtime without anything else around. */
export async function testWorkload(reporter, { root, project, tarball }) {
  const installed = join(project, 'node_modules', '@spirekit', 'runtime');
  const ready = await reporter.check('@spirekit/runtime: can be installed alone', () => install(project, [tarball]));
  if (!ready) return;
  const ids = entryPointsOf(installed)
    .map(({ id }) => id)
    .filter((id) => !id.endsWith('/package.json'));

  await reporter.check('@spirekit/runtime: every entry point leads to a file, by require and by import', () =>
    requireResolvable(project, installed),
  );
  for (const id of ids) {
    await reporter.check(`${id}: can be loaded by both ways, and loads no other package by itself`, async () => {
      await requireLoadable(project, id);
      requireNone(
        (await packagesLoadedBy(project, id)).filter((asked) => asked !== id),
        'loaded',
      );
    });
  }
  await reporter.check('@spirekit/runtime/id: reads a SPIFFE ID', async () => {
    const code =
      "console.log(JSON.stringify(require('@spirekit/runtime/id').SpiffeId.tryParse('spiffe://example.org/a').ok))";
    requireSame(await evaluate(project, 'commonjs', code), true);
  });
  await reporter.check('spirekit-runtime: the programs run', async () => {
    const program = join(project, 'node_modules', '.bin', 'spirekit-runtime');
    const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    requireSame((await node([program, '--version'], { cwd: project })).trim(), version);
    for (const name of ['helper', 'probe', 'exporter', 'harness'])
      await node([program, name, '--help'], { cwd: project });
  });

  await reporter.check('@spirekit/runtime: the demo runs in an empty project, strictly typed', async () => {
    await install(project, [tarball, ...specsOf(root, ['typescript', '@types/node', '@grpc/grpc-js'])]);
    const demo = readFileSync(join(root, 'runtime', 'examples', 'demo.mts'), 'utf8');
    const { folder } = await compile(project, 'module', importsOf(ids) + demo);
    const lines = (await node(['main.js'], { cwd: folder })).split('\n');
    requireSame(lines[1], '  hello spiffe://west.example.com/ns/shop/sa/web');
  });
  await reporter.check(
    '@spirekit/runtime: every entry point is typed for CommonJS and the old resolution',
    async () => {
      for (const kind of ['commonjs', 'node10']) {
        const { folder } = await compile(project, kind, importsOf(ids));
        await node(['main.js'], { cwd: folder });
      }
    },
  );
}
