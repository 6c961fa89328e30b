import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BaseRegistry, layoutIn, Project } from '../../image-build/fixtures';
import { withoutLogins } from '../../image-build/registry/without-logins';
import { removeFolders } from '../../synth/fixtures';
import { spirekit } from '../fixtures';

withoutLogins();

let bases: BaseRegistry;
let project: Project;
beforeAll(async () => {
  bases = await BaseRegistry.start();
  project = new Project(bases.add());
  await project.build();
});
afterAll(async () => {
  removeFolders();
  await bases.end();
});

const archive = (...args: string[]) => spirekit('image', 'archive', ...args);
const listed = (file: string) => execFileSync('tar', ['tf', file], { encoding: 'utf8' }).trim().split('\n');

/** What is said of a file that was written. */
const written = (file: string) => ({
  code: 0,
  stdout: expect.stringMatching(new RegExp(`^${file}  \\d+\\.\\d KiB\\n$`)),
  stderr: '',
});

test('one file, which is a layout', async () => {
  const file = join(project.folder, 'image.tar');
  expect(await archive(project.layout, file)).toEqual(written(file));
  const unpacked = join(project.folder, 'unpacked');
  mkdirSync(unpacked);
  execFileSync('tar', ['xf', file, '-C', unpacked]);
  expect(() => layoutIn(unpacked).requireWhole()).not.toThrow();
  expect(layoutIn(unpacked).images()).toEqual(project.image.images());
});

test('one file for docker load', async () => {
  const file = join(project.folder, 'docker.tar');
  const args = ['--form', 'docker', '--platform', 'linux/arm64'];
  expect(await archive(project.layout, file, ...args)).toEqual(written(file));
  expect(listed(file).filter((name) => name.endsWith('.tar'))).toHaveLength(3);
  const manifest = JSON.parse(execFileSync('tar', ['xOf', file, 'manifest.json'], { encoding: 'utf8' }));
  expect(manifest[0].RepoTags).toEqual(['registry.example.com/shop/server:latest']);
});

test.each<[string[], string]>([
  [[], 'write the folder of the image and the file to write'],
  [['folder'], 'write the folder of the image and the file to write'],
  [['a', 'b', 'c'], "'c' is one argument too many"],
  [['a', 'b', '--form', 'docker'], '--form docker holds one platform; name it by --platform'],
  [['a', 'b', '--platform', 'linux/amd64'], '--form oci holds all platforms; leave --platform out'],
  [['a', 'b', '--form', 'zip'], "--form 'zip' is not known; write one of oci, docker"],
])('%j is not understood', async (args, message) => {
  expect(await archive(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit image --help'.\n`,
  });
});

test('where it cannot be written, nothing is', async () => {
  const missing = join(project.folder, 'missing', 'image.tar');
  const help = "See 'spirekit image --help'.";
  expect((await archive(project.layout, project.folder)).stderr).toBe(
    `spirekit: '${project.folder}' is a folder; name the file to write\n${help}\n`,
  );
  expect((await archive(project.layout, missing)).stderr).toBe(
    `spirekit: '${missing}' cannot be written: there is no folder '${join(project.folder, 'missing')}'; make it first\n${help}\n`,
  );
});

test('where there is no image, or nobody knows what it is called', async () => {
  const said = async (...args: string[]) => (await archive(...args)).stderr.replaceAll(project.folder, '<project>');
  const file = join(project.folder, 'none.tar');
  expect(await said('nowhere', file)).toBe("spirekit: 'nowhere' holds no image; build it by 'spirekit image build'\n");
  const other = new Project(bases.add());
  await other.build({ platforms: ['linux/amd64'] });
  rmSync(join(other.layout, 'spirekit.json'));
  expect((await archive(other.layout, file)).stderr.replaceAll(other.folder, '<project>')).toBe(
    "spirekit: the image in '<project>/images/server' does not say what it is called; name it by --to\n",
  );
  expect(existsSync(file)).toBe(false);
  expect((await archive(other.layout, file, '--to', 'shop/server')).code).toBe(0);
});
