import * as pulumi from '@pulumi/pulumi';
import { Chart } from 'cdk8s';
import { addCheck, markCluster, REPORT_VARIABLE } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import { deploy } from '../../lib/pulumi';
import type { App } from '../../lib/synth';
import { errorOf, filesOf, newFolder, removeFolders } from '../synth/fixtures';
import { run } from './monitor';

let folder: string;
beforeEach(() => {
  folder = newFolder();
  process.env[REPORT_VARIABLE] = folder;
});
afterEach(() => {
  delete process.env[REPORT_VARIABLE];
  removeFolders();
  jest.restoreAllMocks();
});

function cluster(app: App, metadata: object = {}): Chart {
  const east = new Chart(app, 'east');
  markCluster(east);
  new KubeObject(east, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config', ...metadata } });
  return east;
}

/** What each report says was found. */
const found = () =>
  Object.values(filesOf(folder)).map((text) =>
    JSON.parse(text).findings.map(({ rule, path }: Record<string, string>) => `${rule} ${path}`),
  );

test('without an engine, and in a preview, the program reports and goes on', async () => {
  const { registrations } = await run(() => deploy('one', (app) => void cluster(app)), { preview: true });
  expect(registrations.map(({ name }) => name)).toContain('one/east/config');
  expect(found()).toEqual([[]]);
});

test('every deployment has a report of its own', async () => {
  await run(() => ['one', 'two'].map((name) => deploy(name, (app) => void cluster(app))));
  expect(found()).toEqual([[], []]);
});

test('errors are reported before they are thrown', () => {
  const wrong = (app: App) => addCheck(cluster(app), () => [{ rule: 'ttl', message: 'is wrong' }]);
  expect(errorOf(() => deploy('one', wrong)).findings).toHaveLength(1);
  expect(found()).toEqual([['ttl east']]);
});

test('so is an Output where none may be', () => {
  const late = (app: App) => void cluster(app, { name: pulumi.output('late') });
  const { findings } = errorOf(() => deploy('one', late));
  expect(findings.length).toBeGreaterThan(0);
  expect(found()).toEqual([findings.map(({ rule, path }) => `${rule} ${path}`)]);
});

test('an update is refused, and nothing is made', async () => {
  jest.spyOn(pulumi.runtime, 'hasEngine').mockReturnValue(true);
  const { registrations, result } = await run(() => errorOf(() => deploy('one', (app) => void cluster(app))));
  expect(registrations).toEqual([]);
  expect(result.message).toBe(
    'this update is run for the report alone (SPIREKIT_REPORT), so that nothing is deployed; ' +
      "run the program itself by 'spirekit prove --app', with node, or with pulumi preview where it needs configuration",
  );
  expect(found()).toEqual([]);
});
