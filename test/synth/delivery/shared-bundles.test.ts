import { createHash } from 'node:crypto';
import { Chart } from 'cdk8s';
import { parse, parseAllDocuments } from 'yaml';
import { Delivery } from '../../../lib/synth';
import { removeFolders } from '../fixtures';
import { believes, bundleOf, written } from './program';

afterEach(removeFolders);

const FLUX = Delivery.flux({ source: { name: 'platform' }, path: 'dist' });
const ARGO_CD = Delivery.argoCd({ repoUrl: 'https://git.example.com/platform.git', path: 'dist' });

/** Clusters that all believe each other. */
const mesh =
  (...names: string[]) =>
  (app: Parameters<Parameters<typeof written>[1]>[0]): void => {
    for (const name of names) {
      const chart = new Chart(app, name);
      for (const other of names) if (other !== name) believes(chart, `${other}.example.com`);
    }
  };

const bundleFiles = (files: Record<string, string>): string[] =>
  Object.keys(files).filter((path) => path.startsWith('bundles/') && path.endsWith('.json'));

const specsIn = (text: string | undefined) =>
  parseAllDocuments(text ?? '').map((document) => document.toJS().spec as Record<string, unknown>);

test.each([
  ['Argo CD', ARGO_CD],
  ['Flux', FLUX],
])('%s: each bundle is one file, byte for byte, named by what it holds', (_, delivery) => {
  const { files } = written(delivery, mesh('east', 'west', 'lab'));
  const text = bundleOf('west.example.com');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  expect(bundleFiles(files)).toHaveLength(3);
  expect(files[`bundles/west.example.com.${hash}.json`]).toBe(text);
  const elsewhere = Object.entries(files).filter(([path]) => !path.startsWith('bundles/'));
  expect(elsewhere.filter(([, content]) => content.includes('x5c'))).toEqual([]);
  expect(specsIn(files['east/50-trust/objects.yaml']).map((spec) => Object.keys(spec))).toEqual([
    ['bundleEndpointProfile', 'bundleEndpointURL', 'trustDomain'],
    ['bundleEndpointProfile', 'bundleEndpointURL', 'trustDomain'],
  ]);
});

test('the kustomization of a wave takes its bundles by the names of trust domains', () => {
  const { files } = written(FLUX, mesh('east', 'west'));
  expect(parse(files['east/50-trust/kustomization.yaml'] as string)).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['objects.yaml', '../../bundles'],
    replacements: [
      {
        source: { kind: 'ConfigMap', name: 'spirekit-bundles', fieldPath: 'data.west\\.example\\.com' },
        targets: [
          {
            select: { kind: 'ClusterFederatedTrustDomain', name: 'west.example.com' },
            fieldPaths: ['spec.trustDomainBundle'],
            options: { create: true },
          },
        ],
      },
    ],
  });
  const file = bundleFiles(files)
    .find((path) => path.includes('west'))
    ?.slice('bundles/'.length);
  expect(parse(files['bundles/kustomization.yaml'] as string).configMapGenerator).toEqual([
    {
      name: 'spirekit-bundles',
      files: [expect.stringMatching(/^east\.example\.com=east\.example\.com\./), `west.example.com=${file}`],
      options: { annotations: { 'config.kubernetes.io/local-config': 'true' }, disableNameSuffixHash: true },
    },
  ]);
});

test('a new bundle is another file, and one line', () => {
  const of = (bundle: string) =>
    written(FLUX, (app) => {
      for (const name of ['east', 'west']) believes(new Chart(app, name), 'lab.example.com', bundle);
    }).files;
  const [before, after] = [of(bundleOf('old')), of(bundleOf('new'))];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (path) => before[path] !== after[path],
  );
  // The summary names the folder.
  expect(changed.filter((path) => !/\.json$|^summary\.txt$/.test(path))).toEqual([
    '.spirekit',
    'bundles/kustomization.yaml',
  ]);
});

test('a bundle stays where it is whose name would select another relationship, too', () => {
  const { files } = written(FLUX, (app) => {
    const chart = new Chart(app, 'east');
    believes(chart, 'a.b.example');
    believes(chart, 'a-b.example');
  });
  const [dotted, dashed] = specsIn(files['east/50-trust/objects.yaml']);
  expect(dotted?.trustDomainBundle).toBe(bundleOf('a.b.example'));
  expect(dashed?.trustDomainBundle).toBeUndefined();
  const { replacements } = parse(files['east/50-trust/kustomization.yaml'] as string);
  expect(replacements.map((each: { targets: { select: unknown }[] }) => each.targets[0]?.select)).toEqual([
    { kind: 'ClusterFederatedTrustDomain', name: 'a-b.example' },
  ]);
});

test('two bundles of one trust domain are two files, and each cluster has its own', () => {
  const { files } = written(FLUX, (app) => {
    believes(new Chart(app, 'east'), 'lab.example.com', bundleOf('old'));
    believes(new Chart(app, 'west'), 'lab.example.com', bundleOf('new'));
  });
  expect(bundleFiles(files).map((path) => files[path])).toEqual(
    expect.arrayContaining([bundleOf('old'), bundleOf('new')]),
  );
  const fields = ['east', 'west'].map(
    (name) => parse(files[`${name}/50-trust/kustomization.yaml`] as string).replacements[0].source.fieldPath,
  );
  expect(new Set(fields).size).toBe(2);
  expect(fields[0]).toMatch(/^data\.lab\\\.example\\\.com_[0-9a-f]{32}$/);
});

test('the file of a very long trust domain has a name that file systems take', () => {
  const { files } = written(FLUX, (app) =>
    believes(new Chart(app, 'east'), `${'a'.repeat(250)}.test`, '{"keys":[]}', 'long'),
  );
  expect(bundleFiles(files).map((path) => path.length - 'bundles/'.length)).toEqual([222]);
});

test('without bundles there is no folder of them', () => {
  const { files } = written(FLUX, (app) => {
    new Chart(app, 'east');
    mesh('west')(app);
  });
  expect(Object.keys(files)).toEqual(['.spirekit', 'summary.txt']);
});
