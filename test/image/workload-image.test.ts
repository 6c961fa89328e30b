import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import * as cdk8s from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { App, KubernetesCluster, WorkloadImage } from '../../lib';
import { REPORT_VARIABLE } from '../../lib/core';
import { digestOf, type ImageBuildProps, type ImageRecord, settingsDigest, settingsOf } from '../../lib/image';
import { deploy } from '../../lib/pulumi';
import { run } from '../pulumi/monitor';
import { errorOf, filesOf, newFolder, removeFolders } from '../synth/fixtures';

const DIGEST = digestOf('image');
const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(newFolder());
  process.chdir(folder);
  writeFileSync('server.ts', 'run();');
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

const REPOSITORY = 'registry.example.com/shop/server';
const props = (rest: object = {}): ImageBuildProps => ({ entry: 'server.ts', repository: REPOSITORY, ...rest });

/** What a build leaves for synthesis. */
function built(given = props(), rest: Partial<ImageRecord> = {}): string {
  const layout = given.layout ?? join('images', 'server');
  const record: ImageRecord = {
    schema: 'spirekit/image/1',
    digest: DIGEST,
    repository: given.repository,
    node: '/usr/bin/node',
    project: '../..',
    entry: given.entry,
    settings: settingsDigest(settingsOf(given)),
    inputs: { 'server.ts': digestOf('run();') },
    ...rest,
  };
  mkdirSync(layout, { recursive: true });
  writeFileSync(join(layout, 'spirekit.json'), JSON.stringify(record));
  return join(layout, 'spirekit.json');
}

const newApp = () => new App({ outdir: 'dist', summary: () => undefined });

/** What is found of an image. */
function findingsOf(given: unknown): string[] {
  const app = newApp();
  new WorkloadImage(app, 'image', given as ImageBuildProps);
  return errorOf(() => app.synth())
    .message.split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const BUILD =
  "run 'npx spirekit image build', with --app and the command that runs this program unless cdk8s.yaml has it";

function program(app: cdk8s.App): WorkloadImage {
  const cluster = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
  const image = new WorkloadImage(cluster, 'server-image', props());
  new Deployment(cluster.addNamespace('shop'), 'server', { containers: [{ image: image.image }] });
  return image;
}

describe('an image that was built', () => {
  test('is in manifests by its digest; synthesis reads and writes nothing of it', () => {
    const record = built();
    const files = () => Object.fromEntries(Object.entries(filesOf('.')).filter(([path]) => !path.startsWith('dist')));
    const state = files();
    const synth = () => {
      const app = newApp();
      const image = program(app);
      expect(image.image).toBe(`${REPOSITORY}@${DIGEST}`);
      expect(image.programs).toEqual({ node: '/usr/bin/node', runtime: '/app/spirekit/runtime.cjs' });
      app.synth();
      return filesOf('dist');
    };
    const first = synth();
    const line = new RegExp(`^[ -]*image: ${REPOSITORY}@${DIGEST}$`, 'm');
    expect(Object.values(first).filter((text) => line.test(text))).toHaveLength(1);
    // The image itself is elsewhere: there is nothing to push.
    expect(first['summary.txt']).toContain(`\nImage east/server-image: ${REPOSITORY}@${DIGEST}\n\nFindings: none`);
    expect(synth()).toEqual(first);
    expect(files()).toEqual(state);
    expect(Object.keys(state)).toEqual([record, 'server.ts']);
  });

  test('in a stock app', () => {
    built();
    const app = new cdk8s.App({ outdir: 'dist' });
    program(app);
    app.synth();
    expect(Object.values(filesOf('dist')).join()).toContain(`image: ${REPOSITORY}@${DIGEST}`);
  });

  test("in Pulumi's engine", async () => {
    built();
    const { objects } = await run(() => deploy('shop', (app) => void program(app)));
    const workload = Object.values(objects).find(
      ({ type, name }) => type.endsWith(':Deployment') && name.includes('server') && name.includes('shop/east'),
    );
    expect(workload?.inputs.spec.template.spec.containers[0].image).toBe(`${REPOSITORY}@${DIGEST}`);
  });

  test('with a tag, which the manifest leaves out', () => {
    const tagged = props({ repository: `${REPOSITORY}:1.2` });
    built(tagged);
    expect(new WorkloadImage(newApp(), 'image', tagged).image).toBe(`${REPOSITORY}@${DIGEST}`);
  });
});

describe('what is wrong with it', () => {
  test('nothing was built', () => {
    expect(findingsOf(props())).toMatchInlineSnapshot(`
[
  "image: 1 error",
  "error  image-missing  .  layout 'images/server' holds no image yet; run 'npx spirekit image build', with --app and the command that runs this program unless cdk8s.yaml has it",
]
`);
    expect(existsSync('dist')).toBe(false);
  });

  test.each<[string, () => unknown, object, string]>([
    [
      'a file that changed',
      () => writeFileSync('server.ts', 'walk();'),
      {},
      "layout 'images/server' holds an image that was built before 'server.ts' changed",
    ],
    [
      'other settings',
      () => 0,
      { env: { A: 'b' } },
      "layout 'images/server' holds an image that was built with other settings",
    ],
    [
      'another repository',
      () => 0,
      { repository: 'other/server' },
      `layout 'images/server' holds an image that was built for '${REPOSITORY}', and not for 'other/server'`,
    ],
    [
      'a folder in place of a file',
      () => {
        rmSync('lib', { force: true });
        mkdirSync('lib');
      },
      {},
      "layout 'images/server' cannot be used: '<folder>/lib' cannot be read: EISDIR: illegal operation on a directory, read",
    ],
  ])('it is stale by %s', (_, change, rest, text) => {
    writeFileSync('lib', 'x');
    built(props(), { inputs: { 'server.ts': digestOf('run();'), lib: digestOf('x') } });
    change();
    const [, line = ''] = findingsOf(props(rest));
    expect(line.replaceAll(folder, '<folder>')).toContain(`${text}; ${BUILD}`);
  });

  test('it is damaged', () => {
    writeFileSync(built(), '{');
    expect(findingsOf(props())[1]).toContain(
      "layout 'images/server' cannot be used: 'images/server/spirekit.json' is damaged, or of another version; build the image again",
    );
  });

  test('properties, all at once and each once', () => {
    const wrong = { entry: 5, repository: 'Shop', node: 24, files: 'x', env: { A: 1 }, base: 'node', platfrom: [] };
    expect(findingsOf(wrong)).toMatchInlineSnapshot(`
[
  "image: 7 errors",
  "error  property-kind     .  entry 5 is not text; write it in quotes",
  "error  property-kind     .  node 24 is not text; write it in quotes",
  "error  property-kind     .  files 'x' is not a list; write it in square brackets",
  "error  property-unknown  .  platfrom is not a property; write one of entry, repository, layout, platforms, node, base, files, env, labels, define, sourceMap",
  "error  image-build       .  repository is no reference: image reference 'Shop' has the repository 'Shop', which is not in lowercase; write 'shop'",
  "error  image-build       .  base 'node' names no digest, so that every build could be upon another image; write the reference of an image with its digest: gcr.io/distroless/nodejs24-debian13@sha256:…",
  "error  image-build       .  env 'A' has a value that is no text; write it in quotes",
]
`);
  });

  test('properties that are missing', () => {
    expect(findingsOf(undefined).slice(1).join('\n')).toMatch(/entry is missing; .*\n.*repository is missing; /);
  });

  test('an Output, where nobody can wait for it', () => {
    const late = { ...props(), repository: pulumi.output('x'), env: { A: pulumi.output('b') } };
    const lines = findingsOf(late).slice(1);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toContain('is known only at deployment (a Pulumi Output)');
  });

  test('is found by a stock app too', () => {
    const app = new cdk8s.App({ outdir: 'dist' });
    program(app);
    expect(() => app.synth()).toThrow(`layout 'images/server' holds no image yet; ${BUILD}`);
    expect(filesOf('dist')).toEqual({});
  });

  test('a manifest that is made all the same has a digest that stands for none', () => {
    expect(new WorkloadImage(newApp(), 'a', props()).image).toBe(`${REPOSITORY}@sha256:${'0'.repeat(64)}`);
    expect(new WorkloadImage(newApp(), 'b', {} as never).image).toBe(`invalid@sha256:${'0'.repeat(64)}`);
  });
});

describe('an image that is there already', () => {
  const found = (reference: unknown): string[] => {
    const app = newApp();
    const image = WorkloadImage.existing(app, 'image', reference as string);
    expect(image.image).toBe(reference);
    return app.model().findings.map(({ severity, property, message }) => `${severity} ${property} ${message}`);
  };

  test('is as it is named', () => {
    expect(found(`${REPOSITORY}@${DIGEST}`)).toEqual([]);
    expect(WorkloadImage.existing(newApp(), 'image', 'x').programs).toEqual({
      node: '/usr/local/bin/node',
      runtime: '/app/spirekit/runtime.cjs',
    });
  });

  test('should have a digest', () => {
    expect(found(`${REPOSITORY}:1.2`)).toEqual([
      'warning reference names no digest, so that another image could take its place at any time',
    ]);
  });

  test.each([
    [undefined, 'is missing; write a repository, such as registry.example.com/shop/server'],
    [5, '5 is not text; write a repository, such as registry.example.com/shop/server'],
    ['A b', "cannot be used: image reference 'A b' has white space in it; remove it"],
    [pulumi.output('x'), / is known only at deployment \(a Pulumi Output\)/],
  ])('has to be a reference: %#', (reference, text) => {
    const [, line = ''] = errorOf(() => {
      const app = newApp();
      WorkloadImage.existing(app, 'image', reference as string);
      app.synth();
    })
      .message.split('\n')
      .slice(1)
      .map((it) => it.replace(/^.*?reference (?!'A)/, '').trim());
    expect(line).toEqual(text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text));
  });
});

test('the image of the command is built from the command of this package', () => {
  const given = { repository: 'registry.example.com/platform/spirekit', platforms: ['linux/amd64'] } as const;
  const image = WorkloadImage.spirekit(newApp(), 'spirekit', given);
  expect(image.buildProps).toMatchObject({ ...given, layout: join(folder, 'images', 'spirekit') });
  expect(image.buildProps.entry).toBe(realpathSync(join(__dirname, '../../lib/cli/main.ts')));
});

test('the report tells the command what to build, and what is found', () => {
  process.env[REPORT_VARIABLE] = newFolder();
  try {
    const app = newApp();
    new WorkloadImage(app, 'image', props({ files: [{ from: 'public', to: 'x' }], layout: 'out' }));
    app.synth();
    const [text = ''] = Object.values(filesOf(process.env[REPORT_VARIABLE] as string));
    expect(JSON.parse(text).sections).toEqual([
      {
        path: 'image',
        kind: 'image',
        findings: [expect.objectContaining({ rule: 'image-missing', severity: 'error', value: 'out' })],
        props: {
          entry: join(folder, 'server.ts'),
          repository: REPOSITORY,
          layout: join(folder, 'out'),
          files: [{ from: join(folder, 'public'), to: 'x' }],
        },
      },
    ]);
    // What cannot be built is reported all the same.
    const wrong = newApp();
    new WorkloadImage(wrong, 'image', { files: [null, { from: 5 }] } as never);
    expect(() => wrong.synth()).not.toThrow();
  } finally {
    delete process.env[REPORT_VARIABLE];
  }
  expect(readFileSync('server.ts', 'utf8')).toBe('run();');
});
