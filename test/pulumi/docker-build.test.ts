import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { type DockerBuildProps, dockerBuildArgs } from '../../lib/pulumi';
import { BaseRegistry, Project } from '../image-build/fixtures';
import { withoutLogins } from '../image-build/registry/without-logins';
import { removeFolders } from '../synth/fixtures';
import { failing } from './failing';
import { run } from './monitor';

withoutLogins();
// Processes are started.
jest.setTimeout(60_000);

let registry: BaseRegistry;
let project: Project;
beforeAll(async () => {
  registry = await BaseRegistry.start();
});
afterAll(() => registry.end());
beforeEach(() => {
  project = new Project(registry.add());
});
afterEach(removeFolders);

const props = (rest: Partial<DockerBuildProps> = {}): DockerBuildProps => ({
  ...project.props(),
  build: { cacheFolder: project.cacheFolder },
  ...rest,
});

/** The arguments of the real one, as far as they matter here; its package downloads a program when it is installed. */
interface ImageArgs {
  context?: pulumi.Input<{ location: pulumi.Input<string> } | undefined>;
  dockerfile?: pulumi.Input<{ inline?: pulumi.Input<string>; location?: pulumi.Input<string> } | undefined>;
  platforms?: pulumi.Input<pulumi.Input<'linux/386' | 'linux/amd64' | 'linux/arm64'>[] | undefined>;
  tags?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  buildArgs?: pulumi.Input<{ [key: string]: pulumi.Input<string> } | undefined>;
  push: pulumi.Input<boolean>;
}

class Image extends pulumi.CustomResource {
  constructor(name: string, args: ImageArgs) {
    super('docker-build:index:Image', name, { ...args });
  }
}

const inputsOf = async (given: DockerBuildProps, preview = false) => {
  const { registrations } = await run(() => new Image('server', dockerBuildArgs(given)), { preview });
  return registrations.find(({ name }) => name === 'server')?.inputs;
};

test.each([true, false])('are those of an Image, with the context written (preview: %p)', async (preview) => {
  const context = `${project.layout}-context`;
  expect(await inputsOf(props(), preview)).toEqual({
    context: { location: context },
    dockerfile: { location: join(context, 'Dockerfile') },
    platforms: ['linux/amd64', 'linux/arm64'],
    tags: ['registry.example.com/shop/server:latest'],
    buildArgs: { SOURCE_DATE_EPOCH: '0' },
    push: true,
  });
  expect(readFileSync(join(context, 'Dockerfile'), 'utf8')).toContain(`FROM ${project.props().base}`);
});

test('are as they are asked for', async () => {
  const context = join(project.folder, 'docker');
  const rest = { context, push: false, platforms: ['linux/arm64'], repository: 'example.com/shop/server:1.2' } as const;
  expect(await inputsOf(props(rest))).toMatchObject({
    context: { location: context },
    platforms: ['linux/arm64'],
    tags: ['example.com/shop/server:1.2'],
    push: false,
  });
});

test('in a run for the report alone nothing is written', async () => {
  process.env.SPIREKIT_REPORT = project.folder;
  try {
    const context = `${project.layout}-context`;
    expect(await inputsOf(props(), true)).toMatchObject({ context: { location: context } });
    expect(existsSync(context)).toBe(false);
  } finally {
    delete process.env.SPIREKIT_REPORT;
  }
});

test.each<[string, () => DockerBuildProps, RegExp]>([
  ['the program', () => props({ entry: project.write('wrong.ts', 'const = 1;') }), /wrong\.ts:1:7/],
  ['a repository that is missing', () => ({ entry: project.entry }) as never, /^repository is missing; write where /],
])('fail by one sentence about %s', async (_, given, text) => {
  expect(await failing('docker', given())).toEqual({
    code: 1,
    errors: [{ message: expect.stringMatching(text), isAtImage: false, hideStack: true }],
  });
});
