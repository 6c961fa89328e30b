import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { ImageError } from '../../../lib/image';
import { bundleApp } from '../../../lib/image-build/app';
import { staticEntries } from '../../../lib/image-build/app/static-files';
import { emptyFolder, filesOf, projectOf } from './fixtures/project';

const folder = () =>
  projectOf({
    'package.json': {},
    'a.ts':
      'import { readFileSync } from "node:fs";\nconsole.log(readFileSync(new URL("./public/page.html", import.meta.url)));',
    'public/page.html': '<p>',
    'public/img/dot.svg': '<svg/>',
    'run.sh': '#!',
  });

/** The error of one entry; places that are not there are below the project. */
const entriesOf = (project: string, from: string, to: string) =>
  staticEntries(project, [{ from: join(project, from), to }]);

test('a folder goes with all that is in it, a file by the name that it is given', async () => {
  const project = folder();
  mkdirSync(join(project, 'public/empty'));
  chmodSync(join(project, 'run.sh'), 0o755);
  const found = [
    ...(await entriesOf(project, 'public', './public/')),
    ...(await entriesOf(project, 'run.sh', 'bin/run')),
  ];
  expect(
    found.map(({ entry, source }) => [entry.type, entry.path, 'mode' in entry ? entry.mode.toString(8) : '', source]),
  ).toEqual([
    ['folder', 'app/public', '755', undefined],
    ['folder', 'app/public/empty', '755', undefined],
    ['folder', 'app/public/img', '755', undefined],
    ['file', 'app/public/img/dot.svg', '644', 'public/img/dot.svg'],
    ['file', 'app/public/page.html', '644', 'public/page.html'],
    ['file', 'app/bin/run', '755', 'run.sh'],
  ]);
});

test('they are inputs, stand in the layer, and satisfy what the sources look for', async () => {
  const project = folder();
  const props = { entry: join(project, 'a.ts'), platforms: ['linux/amd64'] } as const;
  const warned = await bundleApp(props);
  expect(warned.warnings).toEqual([
    "a.ts:2: './public/page.html' is searched beside the bundle in '/app', where it is not; put it into the image by 'files'",
  ]);
  const app = await bundleApp({ ...props, files: [{ from: join(project, 'public'), to: 'public' }] });
  expect([...(await filesOf(app)).keys()]).toEqual(['app/main.mjs', 'app/public/img/dot.svg', 'app/public/page.html']);
  expect(app.inputs.map(({ path }) => path)).toEqual([
    'a.ts',
    'package.json',
    'public/',
    'public/img/',
    'public/img/dot.svg',
    'public/page.html',
  ]);
  expect(app.warnings).toEqual([]);
});

test('a link inside of the project is followed', async () => {
  const project = folder();
  symlinkSync('page.html', join(project, 'public/index.html'));
  const found = await entriesOf(project, 'public', 'public');
  expect(found.map(({ entry, source }) => `${entry.path} ${source}`)).toContain(
    'app/public/index.html public/page.html',
  );
});

test('the folder of the programs may be filled, but not what the build makes', async () => {
  const project = folder();
  const props = { entry: join(project, 'a.ts'), platforms: ['linux/amd64'] } as const;
  const app = await bundleApp({ ...props, files: [{ from: join(project, 'public'), to: '.' }] });
  expect([...(await filesOf(app)).keys()]).toEqual(['app/main.mjs', 'app/img/dot.svg', 'app/page.html']);
  await expect(bundleApp({ ...props, files: [{ from: join(project, 'run.sh'), to: 'main.mjs' }] })).rejects.toThrow(
    new ImageError("files: 'app/main.mjs' is made by the build itself; give it another 'to'"),
  );
});

const example = "write a place below '/app' relative to it, such as 'public'";

test.each([
  ['', `files: to '' is no path; ${example}`],
  ['../etc', `files: to '../etc' may lead out of '/app'; ${example}`],
  ['a/../../etc', `files: to 'a/../../etc' may lead out of '/app'; ${example}`],
  ['/etc', `files: to '/etc' may lead out of '/app'; ${example}`],
  ['..\\etc', `files: to '..\\etc' may lead out of '/app'; ${example}`],
  ['C:x', `files: to 'C:x' may lead out of '/app'; ${example}`],
  ['a\0', `files: to 'a\\u{0}' may lead out of '/app'; ${example}`],
  ['spirekit/x', "files: to 'spirekit/x' is where the programs of @spirekit/runtime stand; choose another folder"],
])("to '%s' is refused", async (to, message) => {
  await expect(entriesOf(folder(), 'public', to)).rejects.toThrow(new ImageError(message));
});

test('whatever place is accepted is below /app', async () => {
  const project = folder();
  const step = fc.oneof(
    fc.constantFrom('..', '.', '', 'a', '%2e%2e', '…', '\\', '/', '~'),
    fc.string({ maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
      const found = await entriesOf(project, 'run.sh', steps.join('/')).catch((error) => error);
      if (found instanceof Error) expect(found).toBeInstanceOf(ImageError);
      else expect(found[0].entry.path).toMatch(/^app\/(?!.*(?:^|\/)\.{0,2}(?:\/|$))./);
    }),
  );
});

test('what cannot be put into an image is refused', async () => {
  const project = folder();
  const outside = emptyFolder();
  symlinkSync(outside, join(project, 'public/out'));
  symlinkSync('..', join(project, 'public/img/up'));
  symlinkSync('gone', join(project, 'dangling'));
  const at = (path: string) => join(project, path);
  for (const [from, message] of [
    ['gone', `files: from '${at('gone')}': does not exist; name a file or folder of the project`],
    ['dangling', `files: from '${at('dangling')}': does not exist; name a file or folder of the project`],
    [
      'public/out',
      `files: from '${at('public/out')}': leads to '${outside}', out of the project folder; copy it into the project`,
    ],
    ['public/img', "files: 'public/img/up/img': has a link to a folder above itself; remove the link"],
  ] as const) {
    await expect(entriesOf(project, from, 'public')).rejects.toThrow(new ImageError(message));
  }
  await expect(entriesOf(project, 'run.sh', '.')).rejects.toThrow(
    new ImageError(`files: from '${at('run.sh')}': is a file and cannot be '/app' itself; name the file in 'to'`),
  );
  const twice = [at('run.sh'), at('a.ts')].map((from) => ({ from, to: 'x' }));
  await expect(staticEntries(project, twice)).rejects.toThrow(
    new ImageError("files: 'app/x' would be put into the image twice; give one of them another 'to'"),
  );
});

(process.platform === 'linux' ? test : test.skip)('a name that is no UTF-8 is refused', async () => {
  const project = folder();
  writeFileSync(Buffer.concat([Buffer.from(`${join(project, 'public')}/`), Buffer.from([0xff, 0x41])]), '');
  await expect(entriesOf(project, 'public', 'public')).rejects.toThrow(
    new ImageError("files: 'public/\uFFFDA': has a name that is no UTF-8; rename it"),
  );
});

test('a file that is larger than Node reads is refused', async () => {
  const project = folder();
  writeFileSync(join(project, 'film'), '');
  truncateSync(join(project, 'film'), 3 * 1024 ** 3); // takes no space
  await expect(entriesOf(project, 'film', 'film')).rejects.toThrow(
    new ImageError(
      `files: from '${join(project, 'film')}': has 3.0 GiB where a file of an image may have 2.0 GiB; give it to the program by a volume`,
    ),
  );
});

(process.platform === 'win32' ? test.skip : test)('what is no file and no folder is refused', async () => {
  const project = folder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(project, 's.sock'), resolve));
  await expect(entriesOf(project, 's.sock', 'x')).rejects.toThrow(
    new ImageError(`files: from '${join(project, 's.sock')}': is no file and no folder; leave it out`),
  );
  await new Promise((resolve) => server.close(resolve));
});
