// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, FindingsError, type ImageBuildProps, WorkloadImage } from 'spirekit';
import { deploy, kubernetesProvider } from 'spirekit/pulumi';
import { parseAllDocuments } from 'yaml';
import { describeShop } from '../../examples/workload-image/mesh';
import { digestOf, IMAGE_PLATFORMS, NODE_PROGRAM, RECORD_FILE, settingsDigest, settingsOf } from '../../lib/image';
import { bundleApp } from '../../lib/image-build/app';
import { recordText } from '../../lib/image-build/record';
import { run } from '../pulumi/monitor';
import { filesOf, newFolder, removeFolders } from '../synth/fixtures';
import { objectsOf } from './engines';

// The example has to have its images built, for which Node.js is downloaded: here are their records alone, of the real programs.

const FOLDER = join('examples', 'workload-image');
const NAMES = ['server', 'client'] as const;
let images: ReadonlyMap<string, ImageBuildProps>;
let outdir: string;

beforeAll(async () => {
  outdir = join(newFolder(), 'dist');
  const folder = newFolder();
  images = new Map(
    await Promise.all(NAMES.map(async (name) => [name, await recorded(name, join(folder, name))] as const)),
  );
});

afterAll(removeFolders);

/** The properties of an image that the example has, with a record of it in a folder. */
async function recorded(name: string, layout: string): Promise<ImageBuildProps> {
  const entry = join(FOLDER, `${name}.mts`);
  const props = { entry, repository: `registry.example.com/shop/${name}`, layout };
  const { inputs, projectFolder, ...app } = await bundleApp({ entry, platforms: IMAGE_PLATFORMS });
  const record = {
    digest: digestOf(name),
    repository: props.repository,
    node: NODE_PROGRAM,
    entry: app.entry,
    settings: settingsDigest(settingsOf(props)),
    inputs,
    project: projectFolder,
  };
  mkdirSync(layout, { recursive: true });
  writeFileSync(join(layout, RECORD_FILE), recordText(layout, record));
  return props;
}

function describe(app: App): void {
  const image = (name: string) => new WorkloadImage(app, `${name}-image`, images.get(name) as ImageBuildProps);
  describeShop(app, undefined, { server: image('server'), client: image('client') });
}

function synthesize(): Readonly<Record<string, string>> {
  const app = new App({ outdir, summary: () => undefined });
  describe(app);
  app.synth();
  return filesOf(outdir);
}

/** All objects, by name and content. */
const sorted = (objects: readonly any[]): string[] => objects.map((object) => JSON.stringify(ordered(object))).sort();
const ordered = (value: any): any => {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(value[key])]),
  );
};

test('without its images, each is asked for by the command that builds it', () => {
  const app = new App({ outdir: join(newFolder(), 'dist'), summary: () => undefined });
  describeShop(app, undefined, {
    server: new WorkloadImage(app, 'server-image', {
      ...(images.get('server') as ImageBuildProps),
      layout: newFolder(),
    }),
    client: new WorkloadImage(app, 'client-image', {
      ...(images.get('client') as ImageBuildProps),
      layout: newFolder(),
    }),
  });
  const error = (() => {
    try {
      app.synth();
    } catch (thrown) {
      return thrown as FindingsError;
    }
    return undefined;
  })();
  expect(error).toBeInstanceOf(FindingsError);
  expect(error?.findings.map(({ path, rule, remedy }) => `${path}: ${rule}; ${remedy}`)).toEqual(
    NAMES.map(
      (name) =>
        `${name}-image: image-missing; run 'npx spirekit image build', with --app and the command that runs this program unless cdk8s.yaml has it`,
    ),
  );
});

test('pods run the images by digest, hardened, with the Workload API and the probe of the image', () => {
  const files = synthesize();
  const [, deployment] = parseAllDocuments(files['west/70-workloads.yaml'] as string).map((each) => each.toJS());
  const { containers, securityContext, volumes } = deployment.spec.template.spec;
  expect({ securityContext, volumes, containers }).toMatchInlineSnapshot(`
{
  "containers": [
    {
      "env": [
        {
          "name": "SERVER_URL",
          "value": "https://server.east.example.com:8443/",
        },
        {
          "name": "SERVER_ID",
          "value": "spiffe://east.example.com/ns/shop/sa/server",
        },
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "registry.example.com/shop/client@sha256:948fe603f61dc036b5c596dc09fe3ce3f3d30dc90f024c85f3c82db2ccab679d",
      "imagePullPolicy": "IfNotPresent",
      "name": "main",
      "readinessProbe": {
        "exec": {
          "command": [
            "/usr/local/bin/node",
            "/app/spirekit/runtime.cjs",
            "probe",
          ],
        },
        "failureThreshold": 3,
        "periodSeconds": 10,
        "timeoutSeconds": 5,
      },
      "resources": {
        "limits": {
          "memory": "256Mi",
        },
        "requests": {
          "cpu": "20m",
          "memory": "64Mi",
        },
      },
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
        "privileged": false,
        "readOnlyRootFilesystem": true,
        "runAsNonRoot": true,
      },
      "volumeMounts": [
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
  "securityContext": {
    "fsGroupChangePolicy": "Always",
    "runAsNonRoot": true,
    "seccompProfile": {
      "type": "RuntimeDefault",
    },
  },
  "volumes": [
    {
      "csi": {
        "driver": "csi.spiffe.io",
        "readOnly": true,
      },
      "name": "spiffe-workload-api",
    },
  ],
}
`);
  expect(files['summary.txt']).toContain('\nFindings: none\n');
});

test('twice the same bytes, and the same objects by both engines', async () => {
  const files = synthesize();
  expect(synthesize()).toEqual(files);
  const names = ['east', 'west', 'lab'];
  const written = Object.entries(files)
    .filter(([path]) => path.endsWith('.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map((each) => each.toJS()));
  const providers = Object.fromEntries(names.map((name) => [name, kubernetesProvider(name)]));
  const { registrations, warnings } = await run(() => deploy('shop', (app) => describe(app as App), { providers }));
  expect(warnings).toEqual([]);
  expect(sorted(objectsOf(registrations))).toEqual(sorted(written));
});
