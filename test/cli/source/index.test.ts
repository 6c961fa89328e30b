import { imagesOf, proofOf, SOURCE_OPTIONS } from '../../../lib/cli/source';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, meshData } from '../fixtures';

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.chdir(folder);
  file(folder, 'mesh.json', meshData());
  file(folder, 'report.json', {
    schema: 'spirekit/program-report/1',
    groups: [],
    sections: [],
    findings: [],
  });
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

const REPORTING = 'cp report.json "$SPIREKIT_REPORT/0001.json"';

test('a file', async () => {
  expect(await proofOf('prove', 'mesh.json', {})).toMatchObject({ artifact: 'mesh.json', meshes: [{ name: 'mesh' }] });
});

test('a program, with all that may be said of it', async () => {
  const values = { app: REPORTING, timeout: '1m', now: '2026-01-31' };
  expect(Object.keys(values)).toEqual(Object.keys(SOURCE_OPTIONS));
  expect(await proofOf('prove', undefined, values)).toEqual({
    artifact: 'report.json',
    meshes: [],
    findings: [],
    groups: [],
  });
});

test('else the program of cdk8s.yaml', async () => {
  file(folder, 'cdk8s.yaml', `app: ${REPORTING}`);
  expect(await proofOf('prove', undefined, {})).toMatchObject({ meshes: [] });
});

test('images of the program that is named, else of that of cdk8s.yaml', async () => {
  expect(await imagesOf('image', { app: REPORTING, timeout: '1m' })).toEqual([]);
  await expect(imagesOf('image', {})).rejects.toThrow('cdk8s.yaml');
  file(folder, 'cdk8s.yaml', `app: ${REPORTING}`);
  expect(await imagesOf('image', {})).toEqual([]);
  await expect(imagesOf('image', { app: ' ' })).rejects.toMatchObject({
    message: "--app is empty; write a command, such as 'node main.js'",
    command: 'image',
  });
});

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2026-01-31T12:30Z', '2026-01-31T12:30:00.000Z'],
  ['2026-01-31T12:30:15.5+02:00', '2026-01-31T10:30:15.500Z'],
])('the moment %s is %s', async (now, moment) => {
  const { meshes } = await proofOf('prove', 'mesh.json', { now });
  expect(meshes[0]?.now.toISOString()).toBe(moment);
});

test.each([
  'tomorrow',
  '',
  '2026',
  '2026-02-31x',
  '2026-13-01',
  '2026-02-30',
  '2026-02-29T00:00:00Z',
  '2026-01-31T12:00:00',
  '1',
])('the moment %j is none', async (now) => {
  await expect(proofOf('prove', 'mesh.json', { now })).rejects.toMatchObject({
    message: `--now '${now}' is no time; write one with its zone, such as 2026-01-31T12:00:00Z`,
    command: 'prove',
  });
});

test.each([
  [{ app: 'true' }, 'mesh.json', '--app is about a program, and FILE is none; leave one out'],
  [{ timeout: '1m' }, 'mesh.json', '--timeout is about a program, and FILE is none; leave one out'],
  [{ app: ' ' }, undefined, "--app is empty; write a command, such as 'node main.js'"],
  [
    { app: 'true', timeout: '10' },
    undefined,
    "--timeout '10' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'",
  ],
  [{ app: 'true', timeout: '0s' }, undefined, "--timeout '0s' leaves no time; write a longer one, such as 90s"],
  [{ app: 'true', timeout: '-1s' }, undefined, "--timeout '-1s' is negative; write a duration of at least '0s'"],
])('%j with %s is refused', async (values, given, message) => {
  await expect(proofOf('graph', given, values)).rejects.toMatchObject({ message, command: 'graph' });
});
