import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { BaseRegistry, layoutIn, stateOf } from '../../image-build/fixtures';
import { withoutLogins } from '../../image-build/registry/without-logins';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, LIBRARY, spirekit, tsx } from '../fixtures';

// Programs of constructs are processes of their own.
jest.setTimeout(30_000);
withoutLogins();

const before = process.cwd();
let registry: BaseRegistry;
let base: string;
let folder: string;
beforeAll(async () => {
  registry = await BaseRegistry.start();
  base = registry.add();
});
afterAll(() => registry.end());
beforeEach(() => {
  folder = realpathSync(newFolder());
  process.chdir(folder);
  file(folder, 'package.json', { name: 'shop', version: '1.2.3' });
  file(folder, 'server.ts', "console.log('one');");
});
afterEach(() => {
  process.chdir(before);
  removeFolders();
});

const REPOSITORY = 'registry.example.com/shop/server';
const build = (...args: string[]) => spirekit('image', 'build', '--cache', 'cache', ...args);
const ofEntry = (...args: string[]) => build('server.ts', '--repository', REPOSITORY, '--base', base, ...args);
const failed = (message: string, help = '') => ({ code: 2, stdout: '', stderr: `spirekit: ${message}\n${help}` });
const misused = (message: string) => failed(message, "See 'spirekit image --help'.\n");

test('shows how pods refer to the image, what makes it large, and where it lies', async () => {
  const { code, stdout, stderr } = await ofEntry();
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('spirekit:') });
  const shown = stdout.replace(/sha256:[0-9a-f]{64}/, 'sha256:…').replace(/ *\d[\d.]* (B|KiB|MiB)/g, ' <size>');
  expect(shown).toMatchInlineSnapshot(`
"registry.example.com/shop/server@sha256:…

  layer     linux/amd64  linux/arm64
  base <size> <size>
  programs <size> <size>
  app <size> <size>
 <size> <size>

  from 2 files, in images/server
"
`);
  expect(layoutIn('images/server').images()).toHaveLength(2);
});

test('tells programs what was built', async () => {
  const { stdout } = await ofEntry('--json', '--platform', 'linux/arm64', '--layout', 'out', '--env', 'A=b=c');
  const { schema, images } = JSON.parse(stdout);
  const layout = layoutIn('out');
  expect(schema).toBe('spirekit/images/1');
  expect(images).toEqual([
    {
      reference: `${REPOSITORY}@${layout.root.digest}`,
      digest: layout.root.digest,
      repository: REPOSITORY,
      layout: join(folder, 'out'),
      programs: { node: '/usr/bin/node', runtime: '/app/spirekit/runtime.cjs' },
      platforms: [
        {
          platform: 'linux/arm64',
          digest: layout.root.digest,
          layers: ['base', 'programs', 'app'].map((name) => ({
            name,
            digest: expect.stringMatching(/^sha256:/),
            size: expect.any(Number),
            cached: name === 'base',
          })),
        },
      ],
      files: 2,
      warnings: [],
      pushed: false,
    },
  ]);
  expect(layout.config(layout.manifest(layout.root).config).config?.Env).toContain('A=b=c');
});

test('all that describes an image is in it', async () => {
  file(folder, 'server.ts', 'console.log(VERSION);');
  mkdirSync('public');
  file('public', 'index.html', 'hello');
  const args = ['--file', 'public=www', '--label', 'a=b', '--define', 'VERSION="7"', '--source-map', '--node', '22'];
  expect((await ofEntry(...args)).code).toBe(0);
  const layout = layoutIn('images/server');
  const config = layout.config(layout.manifest(layout.images()[0] as never).config).config;
  expect(config?.Labels).toMatchObject({ a: 'b', 'org.opencontainers.image.version': '1.2.3' });
  expect(config?.Entrypoint).toEqual(['/usr/bin/node', '--enable-source-maps', '/app/main.mjs']);
  const { inputs } = JSON.parse(readFileSync('images/server/spirekit.json', 'utf8'));
  expect(Object.keys(inputs)).toEqual(['package.json', 'public/', 'public/index.html', 'server.ts']);
});

test('pushes what was built', async () => {
  const to = `${registry.registry.host}/shop/server:1.2`;
  const args = ['--repository', to, '--base', base, '--push', '--json'];
  const { code, stdout } = await build('server.ts', ...args);
  const [image] = JSON.parse(stdout).images;
  expect([code, image.pushed]).toEqual([0, true]);
  expect(registry.registry.manifests.get('1.2')?.bytes).toEqual(registry.registry.manifests.get(image.digest)?.bytes);
});

describe('what is not understood', () => {
  test.each<[string[], string]>([
    [['image'], 'an action is missing; write one of build, archive, push'],
    [['image', 'biuld'], "there is no action 'biuld'; did you mean 'build'?"],
    [['image', 'toString'], "there is no action 'toString'"],
    [
      ['image', 'build', 'server.ts'],
      '--repository is missing; write where the image is pushed to, such as registry.example.com/shop/server',
    ],
    [['image', 'build', 'a.ts', 'b.ts'], "'b.ts' is one argument too many"],
    [['image', 'build', '--platfrom', 'x'], "there is no option '--platfrom'; did you mean '--platform'?"],
    [['image', 'build', 'server.ts', '--app', 'true'], '--app is about a program of constructs; leave it or ENTRY out'],
    [
      ['image', 'build', 'server.ts', '--timeout', '1m'],
      '--timeout is about a program of constructs; leave it or ENTRY out',
    ],
    [
      ['image', 'build', '--app', 'true', '--env', 'A=b'],
      '--env describes an image, and ENTRY is missing; name the program, or leave it out',
    ],
    [
      ['image', 'build', 'server.ts', '--repository', 'x', '--platform', 'linux/386'],
      "--platform 'linux/386' is not known; write one of linux/amd64, linux/arm64",
    ],
    [['image', 'build', '--backend', 'docker'], "--backend 'docker' is not known; write one of spirekit, buildah"],
    [['image', 'build', 'server.ts', '--repository', 'x', '--env', 'A'], "--env 'A' is no NAME=VALUE"],
    [
      ['image', 'build', 'server.ts', '--repository', 'x', '--label', 'a=b', '--label', 'a=c'],
      "--label names 'a' twice; leave one out",
    ],
  ])('%j', async (args, message) => {
    expect(await spirekit(...args)).toEqual(misused(message));
    expect(existsSync('images')).toBe(false);
  });

  test('a file for --ca that is not there', async () => {
    expect(await ofEntry('--ca', 'none.pem')).toEqual(
      misused("--ca 'none.pem' cannot be read: ENOENT: no such file or directory, open 'none.pem'"),
    );
  });
});

test('what cannot be built is said on one line, and the image that was there stays', async () => {
  await ofEntry();
  const state = stateOf('images');
  file(folder, 'server.ts', "import './gone';");
  const { code, stdout, stderr } = await ofEntry();
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.split('\n').filter((line) => !line.startsWith('  '))).toEqual([
    `spirekit: entry 'server.ts': cannot be bundled, 1 error: server.ts:1:8: Could not resolve "./gone"; correct the path`,
    '',
  ]);
  expect(stateOf('images')).toEqual(state);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends it, and leaves no image', async (signal, code) => {
  const listeners = process.listenerCount(signal);
  // The base image is what it waits for.
  registry.registry.fault = (_, path) => {
    if (path.includes('/blobs/')) process.emit(signal, signal);
    return undefined;
  };
  try {
    expect(await ofEntry()).toEqual({ code, stdout: '', stderr: '' });
  } finally {
    registry.registry.fault = () => undefined;
  }
  expect(existsSync('images')).toBe(false);
  expect(process.listenerCount(signal)).toBe(listeners);
});

describe('the images of a program', () => {
  const program = (...lines: string[]) => {
    file(
      folder,
      'main.ts',
      [
        `import { App, WorkloadImage } from '${LIBRARY}';`,
        'const app = new App({ outdir: "dist" });',
        `const base = '${base}';`,
        ...lines,
        'app.synth();',
      ].join('\n'),
    );
    return build('--app', tsx('main.ts'), '--json');
  };
  const image = (id: string, props: string) => `new WorkloadImage(app, '${id}', { ${props} });`;

  test('are built, and then the program finds what has changed since alone', async () => {
    file(folder, 'client.ts', "console.log('client');");
    const { code, stdout } = await program(
      image('server', "entry: 'server.ts', repository: 'registry.example.com/shop/server', base"),
      image(
        'client',
        "entry: 'client.ts', repository: 'registry.example.com/shop/client', base, platforms: ['linux/amd64']",
      ),
      image('again', "entry: 'server.ts', repository: 'registry.example.com/shop/server', base"),
    );
    expect(code).toBe(0);
    const { images } = JSON.parse(stdout);
    expect(images.map(({ repository }: { repository: string }) => repository)).toEqual([
      'registry.example.com/shop/server',
      'registry.example.com/shop/client',
    ]);
    expect(readdirSync('images')).toEqual(['client', 'server']);
    expect(existsSync('dist')).toBe(false);
    file(folder, 'server.ts', "console.log('two');");
    const { code: stale, stdout: report } = await spirekit('prove', '--app', tsx('main.ts'), '--json');
    expect(stale).toBe(1);
    expect(JSON.parse(report).findings.map(({ text }: { text: string }) => text)).toEqual(
      [1, 2].map(
        () =>
          "layout 'images/server' holds an image that was built before 'server.ts' changed; " +
          "run 'npx spirekit image build', with --app and the command that runs this program unless cdk8s.yaml has it",
      ),
    );
  });

  test('that there are none of', async () => {
    expect(await program()).toEqual(
      failed(
        'the program of --app has no WorkloadImage, so that there is nothing to build; name another by --app, or the ENTRY of an image',
      ),
    );
  });

  test('of which one is not as it should be: nothing is built by halves', async () => {
    const wrong = image('server', "entry: 'server.ts', repository: 'x/server', base, node: 22 as never");
    expect(await program(wrong, image('other', "entry: 'gone.ts', repository: 'x/other', base"))).toEqual(
      failed(
        "image 'server': node 22 is not text; write it in quotes; " +
          `image 'other': entry 'gone.ts' is no file; name the file that the program begins with`,
      ),
    );
    expect(existsSync('images')).toBe(false);
  });

  test('of which one does not bundle: it is named', async () => {
    file(folder, 'client.ts', 'const = 1;');
    const one = image('one', "entry: 'server.ts', repository: 'x/one', base");
    const { code, stderr } = await program(one, image('two', "entry: 'client.ts', repository: 'x/two', base"));
    expect([code, stderr.split('\n').at(-2)]).toEqual([
      2,
      `spirekit: image 'two': entry 'client.ts': cannot be bundled, 1 error: client.ts:1:7: Expected identifier but found "="`,
    ]);
    expect(readdirSync('images')).toEqual(['one']);
  });

  test('of which two would take the place of each other', async () => {
    const one = image('one', "entry: 'server.ts', repository: 'a/server', base");
    expect(await program(one, image('two', "entry: 'server.ts', repository: 'b/server', base"))).toEqual(
      failed(
        "image 'two': layout 'images/server' is that of [one] too, which is another image; set layout of one of them to another folder",
      ),
    );
  });
});
