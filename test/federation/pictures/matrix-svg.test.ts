import { meshFrom, meshSvg } from '../../../lib/federation';
import { Markings } from '../../../lib/federation/pictures/markings';
import { cellsOf, edgesIn, mainWayOf, shareOf } from '../../../lib/federation/pictures/matrix-cells';
import { findingsIn, meshOf } from './fixtures';
import { all, hasClass, read, textsOf } from './svg';

const cells = (count: number, shape: 'full' | 'hub' | 'groups' = 'full') => {
  const mesh = meshOf(count, shape);
  return cellsOf(mesh, new Markings(mesh, findingsIn(mesh)));
};

/** How many marks of a kind are drawn. */
const marks = (svg: string, kind: string): number =>
  all(read(svg), 'g')
    .filter((group) => hasClass(group, 'row'))
    .flatMap((row) => all(row, 'path').filter((path) => hasClass(path, kind)))
    .flatMap((path) => (path.getAttribute('d') ?? '').match(/M/g) ?? []).length;

test('every edge has a mark, and every member one for itself where it believes nobody of its row', () => {
  const mesh = meshOf(40, 'groups');
  const svg = meshSvg(mesh);
  const [web, spiffe, none] = ['cell-web', 'cell-spiffe', 'cell-none'].map((kind) => marks(svg, kind));
  const holes = mesh.edges.filter(
    ({ consumer, provider }) => mesh.member(provider)?.endpoint && !mesh.hasEdge(provider, consumer),
  );
  expect((web ?? 0) + (spiffe ?? 0) + (none ?? 0) - holes.length).toBe(mesh.edges.length);
  expect(marks(svg, 'self')).toBe(40);
});

test('up to a hundred members have rows of their own', () => {
  expect([21, 40, 100].map((count) => cells(count).bands.length)).toEqual([21, 40, 100]);
});

test('of more, some share one; no edge is lost', () => {
  for (const [count, rows] of [
    [101, 51],
    [200, 50],
    [1000, 59],
  ] as const) {
    const mesh = meshOf(count);
    const { bands, at } = cellsOf(mesh, new Markings(mesh));
    expect(bands).toHaveLength(rows);
    let edges = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < rows; column++) {
        const cell = at(row, column);
        if (cell) edges += edgesIn(cell);
      }
    }
    expect(edges).toBe(mesh.edges.length);
  }
});

test('a cell is full when each of its pairs believes, and of the way of most', () => {
  const { bands, at } = cells(200, 'groups');
  const [first, second] = bands as [(typeof bands)[0], (typeof bands)[0]];
  const own = at(0, 0);
  expect(own && [edgesIn(own), mainWayOf(own), shareOf(own, first, first)]).toEqual([12, 'web', 1]);
  expect(own?.worst).toBe('error');
  expect(at(0, 1)).toBeUndefined();
  const other = at(1, 1);
  expect(other && shareOf(other, second, second)).toBe(0.75);
});

test('edges that cannot be drawn are passed over', () => {
  const mesh = meshOf(21, 'hub');
  const [first] = mesh.members as [(typeof mesh.members)[0]];
  const odd = meshFrom({
    members: [first, first],
    edges: [
      { consumer: first.name, provider: first.name },
      { consumer: first.name, provider: 'nobody' },
    ],
  });
  const { at } = cellsOf(odd, new Markings(odd));
  expect([at(0, 0), at(0, 1), at(1, 0), at(1, 1)]).toEqual([undefined, undefined, undefined, undefined]);
});

test('rows and columns have numbers and names, and rows what was found', () => {
  const mesh = meshOf(40);
  const root = read(meshSvg(mesh, { findings: findingsIn(mesh) }));
  const texts = textsOf(root).map(({ text }) => text);
  expect(texts.filter((text) => /^(1|40) p/.test(text))).toEqual([
    '1 platform/prod-eu…tral-1-1',
    '40 partner 40 (sa-east-1)',
    '1 platform/prod-eu-central-1-1',
    '40 partner 40 (sa-east-1)',
  ]);
  const rows = all(root, 'g').filter((group) => hasClass(group, 'row'));
  const badges = rows.map((row) => all(row, 'text')[1]?.textContent);
  expect(badges.slice(0, 5)).toEqual(['1', '1', '1', undefined, undefined]);
  expect(all(rows[1] as (typeof rows)[0], 'title')[0]?.textContent).toBe(
    [
      'platform/staging-eu-west-3-2',
      'trust domain apps.staging-eu-west-3-2.clusters.example.com',
      'OpenShift · ZTWIM 1.1',
      'bundle by https_web at https://federation.staging-eu-west-3-2.example.org/',
      'believes 39, is believed by 31',
      'E13 error: endpoint.refreshHint 86400 is 24h <too long> & more; write 10m or less',
      'W27 warning: replicas 1 is one server; run three',
    ].join('\n'),
  );
});

test('rows of several say who is in them, and the legend how to read them', () => {
  const texts = textsOf(read(meshSvg(meshOf(1000)))).map(({ text }) => text);
  expect(texts.filter((text) => text.startsWith('1–17 '))).toHaveLength(2);
  expect(texts.at(-1)).toBe(
    '17 members in each row and column; the mark shows how many pairs of them believe, and how most do',
  );
});
