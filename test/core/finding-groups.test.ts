import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { addReport, groupsOf, markCluster, placeOf } from '../../lib/core';
import { configMap } from './fixtures';

describe('groups of a tree', () => {
  test('are clusters, plain charts and what has a report, in construct order', () => {
    const app = new App();
    const prod = new Construct(app, 'prod');
    const east = new Chart(prod, 'east');
    markCluster(east);
    configMap(east, 'config');
    // A chart inside of a cluster is no unit of its own.
    configMap(new Chart(east, 'spire'), 'config');
    configMap(new Chart(app, 'plain'), 'config');
    addReport(new Construct(prod, 'mesh'), () => ({ kind: 'mesh' }));
    expect(groupsOf(app)).toEqual(['prod/east', 'prod/mesh', 'plain']);
  });

  test('a cluster inside of a chart is one, beside the chart', () => {
    const outer = new Chart(new App(), 'outer');
    markCluster(new Chart(outer, 'east'));
    expect(groupsOf(outer.node.root)).toEqual(['outer', 'outer/east']);
  });

  test('a tree without any has none, and the root is none', () => {
    const app = new App();
    addReport(app, () => ({ kind: 'app' }));
    new Construct(app, 'prod');
    expect(groupsOf(app)).toEqual([]);
  });
});

describe('the place of a path', () => {
  const groups = new Set(['east', 'prod', 'prod/east', 'prod/mesh', 'a: b']);

  test.each([
    ['', '', ''],
    ['east', 'east', ''],
    ['east/spire/server', 'east', 'spire/server'],
    ['prod/east/spire', 'prod/east', 'spire'],
    ['prod/eastern', 'prod', 'eastern'],
    ['eastern/spire', '', 'eastern/spire'],
    ['prod/mesh: partner.example', 'prod/mesh', 'partner.example'],
    ['prod/mesh: a: b/c', 'prod/mesh', 'a: b/c'],
    ['a: b/c', 'a: b', 'c'],
    ['lab', '', 'lab'],
  ])('%j is in %j, at %j', (path, group, rest) => {
    expect(placeOf(path, groups)).toEqual({ group, path: rest });
  });

  test.each([
    ['', '', ''],
    ['east', 'east', ''],
    ['east/spire/server', 'east', 'spire/server'],
    ['mesh: partner.example', 'mesh', 'partner.example'],
  ])('where nothing is known of the tree, %j is in %j, at %j', (path, group, rest) => {
    expect(placeOf(path, undefined)).toEqual({ group, path: rest });
  });

  test('group and path are the whole, with one separator between them', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const path = fc
      .array(fc.tuple(part, fc.constantFrom('/', ': ')), { maxLength: 5 })
      .map((parts) => parts.map(([name, separator], index) => (index === 0 ? name : separator + name)).join(''));
    fc.assert(
      fc.property(path, fc.option(fc.array(path, { maxLength: 4 }), { nil: undefined }), (whole, known) => {
        const groups = known && new Set(known.filter((each) => each !== ''));
        const { group, path: rest } = placeOf(whole, groups);
        expect([...new Set([group, `${group}/${rest}`, `${group}: ${rest}`, rest])]).toContain(whole);
        if (group !== '' && groups) expect([...groups]).toContain(group);
      }),
    );
  });
});
