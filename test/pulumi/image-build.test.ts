import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { Deployment, ServiceAccount } from 'cdk8s-plus-28';
import { KubernetesCluster, WorkloadImage } from '../../lib';
import { OciLayout, type ProgramImage } from '../../lib/image';
import { deploy, ImageBuild, type ImageBuildArgs, kubernetesProvider } from '../../lib/pulumi';
import { BaseRegistry, Project } from '../image-build/fixtures';
import { withoutLogins } from '../image-build/registry/without-logins';
import { removeFolders } from '../synth/fixtures';
import { failing } from './failing';
import { run, secretOf, UNKNOWN } from './monitor';

withoutLogins();
// Processes are started.
jest.setTimeout(60_000);

let registry: BaseRegistry;
let project: Project;
let repository: string;
beforeAll(async () => {
  registry = await BaseRegistry.start();
  repository = `${registry.registry.host}/shop/server`;
});
afterAll(() => registry.end());
beforeEach(() => {
  project = new Project(registry.add());
});
afterEach(removeFolders);

const args = (rest: Partial<ImageBuildArgs> = {}): ImageBuildArgs => ({
  ...project.props(),
  repository,
  nodeProgram: '/usr/bin/node',
  build: { cacheFolder: project.cacheFolder },
  ...rest,
});

/** Manifests of the image that the registry got. */
const pushed = () => registry.registry.log.filter((line) => /^PUT \/v2\/shop\/server\/manifests\//.test(line));

/** A program with one image, and a workload that runs from it. */
function shop(
  image: ImageBuild | undefined,
  ownImage?: (app: Parameters<Parameters<typeof deploy>[1]>[0]) => ProgramImage,
) {
  return deploy(
    'shop',
    (app) => {
      const demo = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
      const namespace = demo.addNamespace('shop');
      const own = ownImage?.(app) ?? (image as ProgramImage);
      const server = new Deployment(namespace, 'server', {
        metadata: { name: 'server' },
        serviceAccount: new ServiceAccount(namespace, 'account', { metadata: { name: 'server' } }),
        containers: [{ image: own.image as string }],
      });
      demo.giveIdentity(server, { image: own, probe: {}, helper: { as: 'sidecar', folder: '/run/svid' } });
    },
    { providers: { demo: kubernetesProvider('demo') } },
  );
}

const podOf = (objects: Awaited<ReturnType<typeof run>>['objects']) => {
  const found = Object.values(objects).find(
    ({ inputs }) => inputs.metadata?.name === 'server' && inputs.kind === 'Deployment',
  );
  return found?.inputs.spec.template.spec;
};

test('is built in a preview and pushed nowhere; manifests name its digest', async () => {
  const before = pushed().length;
  const { registrations, objects } = await run(() => shop(new ImageBuild('server', args())), { preview: true });
  const { root } = project.image;
  const reference = `${repository}@${root.digest}`;
  expect(registrations.find(({ type }) => type === 'spirekit:index:ImageBuild')).toMatchObject({
    name: 'server',
    custom: false,
  });
  const { containers, initContainers } = podOf(objects);
  expect([containers[0].image, initContainers[0].image]).toEqual([reference, reference]);
  expect(initContainers[0].command.slice(0, 3)).toEqual(['/usr/bin/node', '/app/spirekit/runtime.cjs', 'helper']);
  expect(pushed()).toHaveLength(before);
});

test('an update pushes it before what refers to it, and says so', async () => {
  let manifests = -1;
  const { result, mentioned, objects } = await run(() => {
    const image = new ImageBuild('server', args());
    image.reference.apply(() => {
      manifests = pushed().length;
    });
    shop(image);
    return image;
  });
  const reference = `${repository}@${project.image.root.digest}`;
  expect(podOf(objects).containers[0].image).toBe(reference);
  expect(manifests).toBeGreaterThan(0);
  expect(pushed()).toHaveLength(manifests);
  expect(registry.registry.manifests.has(project.image.root.digest)).toBe(true);
  expect(mentioned).toContain(`pushed ${reference}`);
  expect(await knownOf(result.digest)).toBe(project.image.root.digest);
});

test('an update that shall not push does not', async () => {
  const before = pushed().length;
  const { result } = await run(() => new ImageBuild('server', args({ push: false })));
  expect(await knownOf(result.reference)).toBe(`${repository}@${project.image.root.digest}`);
  expect(pushed()).toHaveLength(before);
});

test('a repository that is not known yet leaves the reference unknown in a preview', async () => {
  const late = pulumi.output(pulumi.unknown as unknown as string);
  const { objects } = await run(() => shop(new ImageBuild('server', args({ repository: late }))), { preview: true });
  expect(podOf(objects).containers[0].image).toBe(UNKNOWN);
  expect(existsSync(project.layout)).toBe(false);
});

test('what is secret of the registry makes no secret of the reference', async () => {
  const access = pulumi.secret({ tries: 2 });
  const { objects } = await run(() => shop(new ImageBuild('server', args({ registry: access }))));
  expect(podOf(objects).containers[0].image).toBe(`${repository}@${project.image.root.digest}`);
  // A repository that is secret stays so.
  const secret = await run(() => shop(new ImageBuild('server', args({ repository: pulumi.secret(repository) }))));
  expect(podOf(secret.objects).containers[0].image).toEqual(secretOf(`${repository}@${project.image.root.digest}`));
});

test('in a run for the report alone nothing is built', async () => {
  process.env.SPIREKIT_REPORT = project.folder;
  try {
    const { result } = await run(() => new ImageBuild('server', args()), { preview: true });
    expect(await knownOf(result.reference)).toBe(`${repository}@sha256:${'0'.repeat(64)}`);
    expect(existsSync(project.layout)).toBe(false);
  } finally {
    delete process.env.SPIREKIT_REPORT;
  }
});

test.each<[string, () => Partial<ImageBuildArgs>, string | RegExp]>([
  ['properties', () => ({ node: 'twenty' }), /^node 'twenty' /],
  ['the program', () => ({ entry: project.write('wrong.ts', 'const = 1;') }), /wrong\.ts:1:7/],
  [
    'a base whose Node.js lies elsewhere',
    () => ({ nodeProgram: '/usr/local/bin/node' }),
    "nodeProgram '/usr/local/bin/node' is not where Node.js lies in the image with this base; write '/usr/bin/node'",
  ],
  [
    'the registry',
    () => ({ repository: 'localhost:1/shop/server', registry: { tries: 1 } }),
    /^registry 'localhost:1' /,
  ],
])('it fails with one sentence about %s, whatever waits for it', async (_, rest, text) => {
  const { code, errors } = await failing('spirekit', args(rest()));
  const message = text instanceof RegExp ? expect.stringMatching(text) : text;
  expect(errors).toEqual([{ message, isAtImage: true, hideStack: true }]);
  expect(code).toBe(1);
});

test('a WorkloadImage works in deploy() as it does in manifests', async () => {
  await project.build({ repository });
  const own = (app: Parameters<Parameters<typeof deploy>[1]>[0]) =>
    new WorkloadImage(app, 'server-image', { ...project.props(), repository });
  const { objects, warnings } = await run(() => shop(undefined, own));
  const reference = `${repository}@${OciLayout.open(project.layout)?.root.digest}`;
  const { containers, initContainers } = podOf(objects);
  expect([containers[0].image, initContainers[0].image]).toEqual([reference, reference]);
  expect(warnings.filter((line) => line.includes('image'))).toEqual([]);
});

test('deploy() refuses a WorkloadImage that was not built, with the command that builds it', async () => {
  const own = (app: Parameters<Parameters<typeof deploy>[1]>[0]) =>
    new WorkloadImage(app, 'server-image', { ...project.props(), layout: join(project.folder, 'none'), repository });
  await expect(run(() => shop(undefined, own))).rejects.toThrow(/run 'npx spirekit image build'/);
});

/** What an Output comes to. */
function knownOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}
