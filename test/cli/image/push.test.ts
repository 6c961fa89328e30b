import { BaseRegistry, Project } from '../../image-build/fixtures';
import { FakeRegistry } from '../../image-build/registry/fake-registry';
import { withoutLogins } from '../../image-build/registry/without-logins';
import { removeFolders } from '../../synth/fixtures';
import { spirekit } from '../fixtures';

withoutLogins();

let bases: BaseRegistry;
let target: FakeRegistry;
let project: Project;
beforeAll(async () => {
  bases = await BaseRegistry.start();
  target = await FakeRegistry.start();
  project = new Project(bases.add());
  await project.build({ platforms: ['linux/amd64'], repository: `${target.host}/shop/server` });
});
afterAll(async () => {
  removeFolders();
  await bases.end();
  await target.end();
});

test('prints how pods refer to it', async () => {
  const { code, stdout } = await spirekit('image', 'push', project.layout);
  expect([code, stdout]).toEqual([0, `${target.host}/shop/server@${project.image.root.digest}\n`]);
  expect(target.manifests.has('latest')).toBe(true);
});

test('to another place', async () => {
  const { code, stdout } = await spirekit('image', 'push', project.layout, '--to', `${target.host}/other:2`);
  expect([code, stdout]).toEqual([0, `${target.host}/other@${project.image.root.digest}\n`]);
  expect(target.manifests.has('2')).toBe(true);
});

test.each<[string[], string]>([
  [[], 'the folder of an image is missing; write the one that spirekit image build named'],
  [['a', 'b'], "'b' is one argument too many"],
  [['a', '--ca', 'none.pem'], "--ca 'none.pem' cannot be read: ENOENT: no such file or directory, open 'none.pem'"],
])('%j is not understood', async (args, message) => {
  expect(await spirekit('image', 'push', ...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit image --help'.\n`,
  });
});

test('what cannot be pushed', async () => {
  expect(await spirekit('image', 'push', 'nowhere')).toEqual({
    code: 2,
    stdout: '',
    stderr: "spirekit: 'nowhere' holds no image; build it by 'spirekit image build'\n",
  });
});
