import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { addCheck, addReport, markCluster, REPORT_VARIABLE, report } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { App, PROGRAM_REPORT } from '../../lib/synth';
import { fakeOutput } from '../core/fixtures';
import { configMap, errorOf, filesOf, newFolder, removeFolders } from './fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.env[REPORT_VARIABLE] = folder;
});
afterEach(() => {
  delete process.env[REPORT_VARIABLE];
  removeFolders();
});

const reports = () =>
  Object.fromEntries(Object.entries(filesOf(folder)).map(([name, text]) => [name, JSON.parse(text)]));

const noSummary = () => {
  throw new Error('a run for the report shows no summary');
};

/** An application whose output would go where nothing can be written. */
function newApp(): App {
  return new App({ outdir: join(folder, 'dist'), summary: noSummary });
}

/** A cluster with an error, and a mesh beside it with an own section and two findings, one of them about the cluster. */
function describeWrongly(app: App): void {
  const east = new Chart(app, 'east');
  markCluster(east);
  configMap(east, 'config');
  report(east, { rule: 'ttl', property: 'ttl', value: '1x', message: 'is not a duration', remedy: "write '1h'" });
  const mesh = new Construct(app, 'mesh');
  addReport(mesh, () => ({ kind: 'mesh', data: { members: [] } }));
  addCheck(mesh, () => [
    { rule: 'E05', path: 'east', message: 'has no ID' },
    { rule: 'E13', severity: 'warning', message: 'is close', accepted: 'for now' },
  ]);
}

test('a synth writes the report alone, and throws nothing for what it found', () => {
  const app = newApp();
  describeWrongly(app);
  app.synth();
  expect(reports()).toMatchInlineSnapshot(`
{
  "0001.json": {
    "findings": [
      {
        "message": "is not a duration",
        "path": "east",
        "property": "ttl",
        "remedy": "write '1h'",
        "rule": "ttl",
        "severity": "error",
        "text": "ttl '1x' is not a duration; write '1h'",
        "value": "1x",
      },
    ],
    "groups": [
      "east",
      "mesh",
    ],
    "schema": "spirekit/program-report/1",
    "sections": [
      {
        "data": {
          "members": [],
        },
        "findings": [
          {
            "message": "has no ID",
            "path": "east",
            "rule": "E05",
            "severity": "error",
            "text": "has no ID",
          },
          {
            "accepted": "for now",
            "message": "is close",
            "path": "mesh",
            "rule": "E13",
            "severity": "warning",
            "text": "is close",
          },
        ],
        "kind": "mesh",
        "path": "mesh",
      },
    ],
  },
}
`);
  expect(PROGRAM_REPORT).toBe('spirekit/program-report/1');
});

test('without the variable nothing is reported', () => {
  delete process.env[REPORT_VARIABLE];
  const app = newApp();
  describeWrongly(app);
  expect(errorOf(() => app.synth()).findings).toHaveLength(3);
  expect(filesOf(folder)).toEqual({});
});

test('a program that asks for the model is told of its findings as ever, and they are reported', () => {
  const app = newApp();
  describeWrongly(app);
  expect(errorOf(() => app.model()).findings).toHaveLength(3);
  expect(Object.keys(reports())).toEqual(['0001.json']);
});

test('what only rendering finds is reported too, in the place of the first report', () => {
  const app = newApp();
  const east = new Chart(app, 'east');
  report(east, { rule: 'ttl', severity: 'warning', message: 'is long' });
  new KubeObject(east, 'late', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'late' },
    data: { key: fakeOutput() },
  });
  app.synth();
  expect(Object.keys(reports())).toEqual(['0001.json']);
  expect(reports()['0001.json'].findings.map(({ rule, path }: Record<string, string>) => `${rule} ${path}`)).toEqual([
    'ttl east',
    'late-value east/late',
  ]);
});

test('what a renderer throws is a finding like the others', () => {
  const app = newApp();
  const object = configMap(new Chart(app, 'east'), 'config');
  jest.spyOn(object, 'plain').mockImplementation(() => {
    throw new TypeError('not foreseen');
  });
  app.synth();
  expect(reports()['0001.json'].findings).toMatchObject([{ rule: 'render', message: 'not foreseen' }]);
});

test('several apps have files of their own, each the same after another synth', () => {
  const apps = ['east', 'west'].map((id) => {
    const app = newApp();
    report(new Chart(app, id), { rule: 'ttl', message: `is wrong in ${id}` });
    app.synth();
    return app;
  });
  for (const app of apps) app.synth();
  expect(Object.keys(reports())).toEqual(['0001.json', '0002.json']);
  expect(reports()['0002.json'].findings).toMatchObject([{ message: 'is wrong in west' }]);
});

test('a number that another process has taken is left to it', () => {
  writeFileSync(join(folder, '0001.json'), 'of another process');
  newApp().synth();
  expect(readFileSync(join(folder, '0001.json'), 'utf8')).toBe('of another process');
  expect(JSON.parse(readFileSync(join(folder, '0002.json'), 'utf8'))).toEqual({
    schema: PROGRAM_REPORT,
    groups: [],
    sections: [],
    findings: [],
  });
});

test('a folder that is none says what the variable is for', () => {
  process.env[REPORT_VARIABLE] = join(folder, 'none');
  expect(errorOf(() => newApp().synth()).message.replaceAll(folder, 'FOLDER')).toBe(
    "the report cannot be written: ENOENT: no such file or directory, open 'FOLDER/none/0001.json'; " +
      'SPIREKIT_REPORT names the folder for it: unset it, unless spirekit runs the program',
  );
  mkdirSync(process.env[REPORT_VARIABLE]);
  expect(() => newApp().synth()).not.toThrow();
});
