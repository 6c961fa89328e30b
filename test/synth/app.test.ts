import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, type IResolver, JsonPatch, Lazy, App as StockApp, Testing } from 'cdk8s';
import { ConfigMap, Deployment } from 'cdk8s-plus-28';
import { type Construct, Construct as Group } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { ConfigText, FindingsError, markCluster, report, setGate, setWave, Waves } from '../../lib/core';
import { KubeNamespace, KubeObject, transform } from '../../lib/kube';
import { App } from '../../lib/synth';
import { configMap, errorOf, filesOf, newFolder, removeFolders } from './fixtures';

afterEach(removeFolders);

const silent = () => {};

/** An application with two clusters and a plain chart, in the way that users write one. */
function twoClusters(scope: Construct): void {
  for (const id of ['east', 'west']) {
    const chart = new Chart(scope, id);
    markCluster(chart, [{ label: 'trust domain', value: `${id}.example.com` }]);
    const shop = new KubeNamespace(chart, 'shop');
    configMap(shop, 'config', {
      data: {
        'app.conf': new ConfigText(
          () => ({ id }),
          (model) => `id = ${model.id}\n`,
        ),
      },
    });
    const server = new KubeObject(chart, 'server', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'server', namespace: 'shop' },
      spec: { replicas: 1 },
    });
    setWave(server, Waves.controlPlane);
    setGate(server, { type: 'rollout' });
    new Deployment(shop, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
  }
  configMap(new Chart(scope, 'plain'), 'config');
}

const documentsOf = (text: string) => parseAllDocuments(text).map((document) => document.toJS());

describe('what is written', () => {
  test('files per cluster and wave, a summary and an inventory', () => {
    const outdir = join(newFolder(), 'dist');
    const app = new App({ outdir, summary: silent });
    twoClusters(app);
    app.synth();
    const files = filesOf(outdir);
    expect(Object.keys(files)).toEqual([
      '.spirekit',
      'east/10-foundation.yaml',
      'east/20-control-plane.yaml',
      'east/70-workloads.yaml',
      'east/install.sh',
      'east/remove.sh',
      'install.sh',
      'plain/70-workloads.yaml',
      'plain/install.sh',
      'plain/remove.sh',
      'remove.sh',
      'summary.txt',
      'west/10-foundation.yaml',
      'west/20-control-plane.yaml',
      'west/70-workloads.yaml',
      'west/install.sh',
      'west/remove.sh',
    ]);
    expect(files['east/10-foundation.yaml']).toMatchInlineSnapshot(`
"apiVersion: v1
kind: Namespace
metadata:
  labels:
    pod-security.kubernetes.io/audit: restricted
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
  name: shop
"
`);
    expect(documentsOf(files['east/70-workloads.yaml'] ?? '').map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Deployment',
    ]);
    expect(documentsOf(files['west/70-workloads.yaml'] ?? '')[0]).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config', namespace: 'shop' },
      data: { 'app.conf': 'id = west\n' },
    });
  });

  test('the same bytes on every run, in every application', () => {
    const runs = [0, 1].map(() => {
      const outdir = join(newFolder(), 'dist');
      const app = new App({ outdir, summary: silent });
      twoClusters(app);
      app.synth();
      const first = filesOf(outdir);
      app.synth();
      expect(filesOf(outdir)).toEqual(first);
      return Object.fromEntries(Object.entries(first).map(([path, text]) => [path, text.replaceAll(outdir, 'OUT')]));
    });
    expect(runs[1]).toEqual(runs[0]);
  });

  test('the objects are those that stock cdk8s gives', () => {
    const [ours, stock] = [new App(), new StockApp()];
    for (const app of [ours, stock]) twoClusters(app);
    const byText = (text: string) =>
      documentsOf(text)
        .map((it) => JSON.stringify(it))
        .sort();
    expect(byText(ours.synthYaml())).toEqual(byText(stock.synthYaml()));
    expect(byText(ours.synthYaml())).toHaveLength(9);
  });

  test('synthYaml gives the same documents as the files, in their order', () => {
    const outdir = join(newFolder(), 'dist');
    const app = new App({ outdir, summary: silent });
    twoClusters(app);
    app.synth();
    const files = filesOf(outdir);
    // The inventory is sorted; the clusters come in construct order.
    const order = (files['.spirekit'] ?? '').split('\n').filter((path) => path.endsWith('.yaml'));
    const plain = order.filter((path) => path.startsWith('plain/'));
    const expected = [...order.filter((path) => !plain.includes(path)), ...plain].map((path) => files[path] ?? '');
    expect(documentsOf(app.synthYaml())).toEqual(expected.flatMap(documentsOf));
    expect(app.synthYaml()).toBe(expected.join('---\n'));
  });

  test('an application without objects has a summary alone', () => {
    const outdir = join(newFolder(), 'dist');
    const app = new App({ outdir, summary: silent });
    new Chart(app, 'empty');
    app.synth();
    expect(filesOf(outdir)).toEqual({ '.spirekit': 'summary.txt\n', 'summary.txt': 'Findings: none\n' });
    expect(app.synthYaml()).toBe('');
  });

  test('dependencies order the objects of a file', () => {
    const app = new App();
    const chart = new Chart(app, 'demo');
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    a.node.addDependency(b);
    expect(documentsOf(app.synthYaml()).map(({ metadata }) => metadata.name)).toEqual(['b', 'a']);
  });
});

describe('the output folder', () => {
  const { CDK8S_OUTDIR } = process.env;
  afterEach(() => {
    if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
  });

  test('is CDK8S_OUTDIR, as cdk8s synth sets it, unless one is given', () => {
    const [fromEnvironment, given] = [join(newFolder(), 'a', 'b'), join(newFolder(), 'c')];
    process.env.CDK8S_OUTDIR = fromEnvironment;
    new App({ summary: silent }).synth();
    new App({ outdir: given, summary: silent }).synth();
    expect(Object.keys(filesOf(fromEnvironment))).toEqual(['.spirekit', 'summary.txt']);
    expect(Object.keys(filesOf(given))).toEqual(['.spirekit', 'summary.txt']);
  });

  test('is dist by default', () => {
    delete process.env.CDK8S_OUTDIR;
    expect(new App().outdir).toBe('dist');
  });

  test('is shown relative to the working folder where it lies below it', () => {
    const folder = newFolder();
    const shownFor = (outdir: string) => {
      let text = '';
      const app = new App({ outdir, summary: (summary) => (text = summary) });
      configMap(new Chart(app, 'c'), 'config');
      jest.spyOn(process, 'cwd').mockReturnValue(folder);
      app.synth();
      jest.restoreAllMocks();
      return /-f (\S+)/.exec(text)?.[1];
    };
    expect(shownFor(join(folder, 'out', 'dist'))).toBe('out/dist/c/70-workloads.yaml');
    const elsewhere = join(newFolder(), 'dist');
    expect(shownFor(elsewhere)).toBe(`${elsewhere}/c/70-workloads.yaml`);
  });

  test('with files of others is refused, and nothing is lost', () => {
    const outdir = newFolder();
    writeFileSync(join(outdir, 'notes.md'), 'mine');
    const app = new App({ outdir, summary: silent });
    twoClusters(app);
    expect(() => app.synth()).toThrow(
      new Error(
        `output folder '${outdir}' holds files that spirekit did not write: notes.md; a synth replaces the folder as a ` +
          "whole: move them away, or choose another folder (App's 'outdir', or CDK8S_OUTDIR)",
      ),
    );
    expect(filesOf(outdir)).toEqual({ 'notes.md': 'mine' });
  });
});

describe('the summary', () => {
  test('goes to the callback, and to a file', () => {
    const outdir = join(newFolder(), 'dist');
    const shown: string[] = [];
    const app = new App({ outdir, summary: (text) => shown.push(text) });
    const chart = new Chart(app, 'demo');
    markCluster(chart, [{ label: 'trust domain', value: 'demo.example.com' }]);
    report(configMap(chart, 'config'), { rule: 'mild', severity: 'warning', message: 'is mild' });
    app.synth();
    expect(shown).toEqual([filesOf(outdir)['summary.txt']]);
    expect(shown[0]?.replaceAll(outdir, 'OUT')).toMatchInlineSnapshot(`
"demo · trust domain demo.example.com

  wave       objects  file
  workloads        1  OUT/demo/70-workloads.yaml
                   1

Findings: 1 warning
  demo: 1 warning
    warning  mild  config  is mild

To install demo: sh OUT/demo/install.sh, which runs, one wave after the other:

  kubectl apply --server-side -f OUT/demo/70-workloads.yaml

To remove it again: sh OUT/demo/remove.sh
"
`);
  });

  test('goes to standard error by default', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    new App({ outdir: join(newFolder(), 'dist') }).synth();
    const texts = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(texts).toEqual(['Findings: none\n\n']);
  });
});

describe('all findings together', () => {
  test('of checks, other libraries, names, folders and order, in one error', () => {
    const app = new App({ outdir: join(newFolder(), 'dist') });
    const chart = new Chart(app, 'a-b');
    const bad = configMap(chart, 'Bad');
    report(bad, { rule: 'ours', property: 'data', message: 'is empty', remedy: 'fill it' });
    bad.node.addValidation({ validate: () => ['says another library'] });
    report(chart, { rule: 'mild', severity: 'warning', message: 'is mild' });
    configMap(new Group(chart, 'group'), 'Bad2', { metadata: { name: 'Bad' } });
    configMap(new Chart(new Group(app, 'a'), 'b'), 'config');
    const [x, y] = [configMap(chart, 'x'), configMap(chart, 'y')];
    x.node.addDependency(y);
    y.node.addDependency(x);
    const error = errorOf(() => app.synth());
    expect(error).toBeInstanceOf(FindingsError);
    expect(error.message).toMatchInlineSnapshot(`
"7 errors, 1 warning; nothing was written
  a-b: 6 errors, 1 warning
    warning  mild              .           is mild
    error    ours              Bad         data is empty; fill it
    error    validation        Bad         says another library
    error    object-name       Bad         metadata.name 'Bad' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part
    error    object-name       group/Bad2  metadata.name 'Bad' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part
    error    object-duplicate  group/Bad2  metadata.name 'Bad' is the name of another ConfigMap, made at [a-b/Bad]; one would overwrite the other: give one of them another name or namespace
    error    order             x           depend on each other in a cycle: a-b/x, a-b/y; remove one of the dependencies
  a/b: 1 error
    error  cluster-folder  .  is written to the folder 'a-b', as is [a-b]; give one of them another id"
`);
    expect(errorOf(() => app.synthYaml()).message).toBe(error.message);
    expect(errorOf(() => app.model()).message).toBe(error.message);
    expect(existsSync(app.outdir)).toBe(false);
  });

  test('warnings do not stop a synth, and are in the model', () => {
    const app = new App({ outdir: join(newFolder(), 'dist'), summary: silent });
    const chart = new Chart(app, 'demo');
    configMap(chart, 'config');
    report(chart, { rule: 'mild', severity: 'warning', message: 'is mild' });
    app.synth();
    expect(app.model().findings).toEqual([{ rule: 'mild', severity: 'warning', path: 'demo', message: 'is mild' }]);
    expect(app.model().plans.map(({ name }) => name)).toEqual(['demo']);
  });

  test('of rendering: every object that fails, with its path', () => {
    const app = new App();
    const chart = new Chart(app, 'demo');
    configMap(chart, 'fine');
    configMap(chart, 'function', { data: { key: () => 'x' } });
    configMap(chart, 'number', { data: { list: [1, Number.NaN] } });
    configMap(chart, 'instance', { data: { key: new Date(0) } });
    transform(configMap(chart, 'transform'), () => {
      throw new Error('transform failed');
    });
    configMap(chart, 'lazy', {
      data: Lazy.any({
        produce: () => {
          throw new Error('producer failed');
        },
      }),
    });
    configMap(chart, 'patch').addJsonPatch(JsonPatch.replace('/data/x/y', 1));
    transform(configMap(chart, 'text'), () => {
      throw 'not even an error';
    });
    const error = errorOf(() => app.synthYaml());
    expect(error).toBeInstanceOf(FindingsError);
    expect(error.findings.map(({ path, rule, message }) => `[${path}] ${message} (${rule})`)).toMatchInlineSnapshot(`
[
  "[demo/function] value at 'data.key' is not plain data (render)",
  "[demo/number] value at 'data.list[1]' is not plain data (render)",
  "[demo/instance] Failed serializing construct at path 'demo/instance' with name 'instance': Error: can't render non-simple object of type 'Date' (render)",
  "[demo/transform] transform failed (render)",
  "[demo/lazy] Failed serializing construct at path 'demo/lazy' with name 'lazy': Error: producer failed (render)",
  "[demo/patch] Failed serializing construct at path 'demo/patch' with name 'patch': TypeError: Cannot read properties of undefined (reading 'x') (render)",
  "[demo/text] not even an error (render)",
]
`);
  });

  test('a synth that fails leaves the last good output as it was, byte for byte', () => {
    const parent = newFolder();
    const outdir = join(parent, 'dist');
    const good = new App({ outdir, summary: silent });
    twoClusters(good);
    good.synth();
    const before = filesOf(parent);
    for (const spoil of [
      (chart: Chart) => report(chart, { rule: 'x', message: 'is wrong' }),
      (chart: Chart) => configMap(chart, 'bad', { data: { key: () => 1 } }),
      (chart: Chart) => configMap(chart, 'Bad'),
    ]) {
      const shown: string[] = [];
      const app = new App({ outdir, summary: (text) => shown.push(text) });
      twoClusters(app);
      spoil(new Chart(app, 'spoiled'));
      expect(() => app.synth()).toThrow(FindingsError);
      expect(filesOf(parent)).toEqual(before);
      expect(shown).toEqual([]);
    }
  });
});

describe('values that cdk8s resolves', () => {
  const shout: IResolver = {
    resolve: (context) => {
      if (context.value === 'quiet') context.replaceValue('LOUD');
    },
  };

  test('custom resolvers see every value, of plain objects too', () => {
    const fields = { metadata: { name: 'x', labels: { l: 'quiet' } }, data: { key: 'quiet', other: 'x' } };
    const build = (app: StockApp) => {
      const chart = new Chart(app, 'demo');
      new KubeObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', ...fields });
      new ApiObject(chart, 'b', { apiVersion: 'v1', kind: 'Secret', ...fields });
      return documentsOf(app.synthYaml());
    };
    const ours = build(new App({ resolvers: [shout] }));
    expect(ours.map(({ metadata, data }) => [metadata.labels.l, data.key, data.other])).toEqual([
      ['LOUD', 'LOUD', 'x'],
      ['LOUD', 'LOUD', 'x'],
    ]);
    expect(ours).toEqual(build(new StockApp({ resolvers: [shout] })));
    expect(build(new App())[0].data.key).toBe('quiet');
  });

  test('Lazy values, patches and transforms', () => {
    const app = new App();
    const chart = new Chart(app, 'demo');
    configMap(chart, 'lazy', { data: { key: Lazy.any({ produce: () => 'produced' }) } });
    configMap(chart, 'patch', { data: {} }).addJsonPatch(JsonPatch.add('/data/key', 'patched'));
    transform(configMap(chart, 'transform'), (manifest) => ({ ...manifest, data: { key: 'transformed' } }));
    const web = new Deployment(chart, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
    transform(ApiObject.of(web), (manifest) => ({ ...manifest, data: { key: 'also' } }));
    expect(documentsOf(app.synthYaml()).map(({ data }) => data.key)).toEqual([
      'produced',
      'patched',
      'transformed',
      'also',
    ]);
  });
});

test('cdk8s itself can render the tree of our App', () => {
  const app = new App();
  const chart = new Chart(app, 'demo');
  configMap(chart, 'config', { data: { key: 'value' } });
  new ConfigMap(chart, 'plus', { metadata: { name: 'plus' }, data: { key: 'value' } });
  expect(Testing.synth(chart)).toEqual(documentsOf(app.synthYaml()));
});
