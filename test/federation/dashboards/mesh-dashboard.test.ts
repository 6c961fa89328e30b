import type { Mesh } from '../../../lib/federation';
import { meshBoard, meshDashboard } from '../../../lib/federation/dashboards/mesh-dashboard';
import { filledQuery, panelsOf, queriesOf } from '../../../lib/monitoring';
import { misplaced, repeatedIds, unknownSeries } from '../../monitoring/dashboards/boards';
import { fullMesh, smallMesh, unlikeRing } from './meshes';

const SIZES = [smallMesh(), fullMesh(10), fullMesh(51), fullMesh(61)];

test('what it shows', () => {
  const shown = meshBoard(smallMesh()).rows.map(({ title, panels }) => [
    title,
    ...panels.map(({ id, kind, title }) => `  ${id} ${kind}: ${title}`),
  ]);
  expect(shown.flat().join('\n')).toMatchInlineSnapshot(`
"Trust
  11 stat: Edges, by state
  12 stat: Clusters that are seen
  13 stat: Alerts that fire
  14 matrix: Who believes whom: rows believe columns
  15 table: Edges that are not OK
  16 timeline: Edges over time
Edges
  21 table: What consumers fetch and hold
  22 series: Failed fetches per minute
  23 series: Failed fetches of the exporters per minute
CAs
  31 series: Time that the CA of each trust domain has left
  32 table: From one CA to the next
  33 series: Time until trust in each provider ends
Bundle endpoints, as the exporters of the consumers see them
  41 table: Bundle endpoints
  42 series: Time that the certificate of each endpoint has left"
`);
});

test('a large mesh shows numbers instead of pairs', () => {
  const kinds = (size: number) =>
    panelsOf(meshBoard(fullMesh(size)))
      .filter(({ id }) => id === 14 || id === 16)
      .map(({ kind, title }) => `${kind}: ${title}`);
  expect([5, 7, 61].map(kinds)).toMatchInlineSnapshot(`
[
  [
    "matrix: Who believes whom: rows believe columns",
    "timeline: Edges over time",
  ],
  [
    "matrix: Who believes whom: rows believe columns",
    "series: Edges over time, by state",
  ],
  [
    "matrix: Edges of each consumer, by state",
    "series: Edges over time, by state",
  ],
]
`);
});

test.each(SIZES)('queries ask for series that some program exports, panels are beside each other (%#)', (mesh) => {
  const board = meshBoard(mesh);
  expect(unknownSeries(board)).toEqual([]);
  expect(repeatedIds(board)).toEqual([]);
  expect(misplaced(board)).toEqual([]);
  for (const { title, description } of panelsOf(board)) {
    expect(title).not.toBe('');
    expect(description).toMatch(/^\S.*\.$/);
  }
});

test('edges over time are called by their members', () => {
  const panel = panelsOf(meshBoard(smallMesh())).find(({ id }) => id === 16);
  expect(panel?.kind === 'timeline' && panel.names).toEqual({
    'east_example_org → apps_west_example_org': 'prod/east → prod/west',
    'apps_west_example_org → east_example_org': 'prod/west → prod/east',
    'east_example_org → partner_example': 'prod/east → partner',
  });
});

test('times that are too many are said to be together', () => {
  const said = (mesh: Mesh) => panelsOf(meshBoard(mesh)).find(({ id }) => id === 14)?.description;
  const sentence = 'Times that are near each other count as the longest of them here; alerts have their own.';
  expect(said(unlikeRing(5))).toContain(sentence);
  expect(said(unlikeRing(4))).not.toContain(sentence);
});

test('readers choose by names of members, and queries get patterns of their trust domains', () => {
  const { variables } = meshBoard(smallMesh());
  expect(variables).toEqual([
    {
      name: 'consumer',
      label: 'believes',
      options: [
        { text: 'prod/east', value: 'east[._]example[._]org' },
        { text: 'prod/west', value: 'apps[._]west[._]example[._]org' },
      ],
    },
    {
      name: 'provider',
      label: 'is believed',
      options: [
        { text: 'prod/east', value: 'east[._]example[._]org' },
        { text: 'prod/west', value: 'apps[._]west[._]example[._]org' },
        { text: 'partner', value: 'partner[._]example' },
      ],
    },
  ]);
  expect(meshBoard(fullMesh(61)).variables.map(({ all }) => all)).toEqual(['.+', '.+']);
});

test('the mesh is called as it is told, and read as often', () => {
  const { uid, title, interval } = meshBoard(smallMesh(), { name: 'prod/mesh', interval: 15 });
  expect({ uid, title, interval }).toMatchInlineSnapshot(`
{
  "interval": 15,
  "title": "Federation: prod/mesh",
  "uid": "spirekit-federation-prod-mesh-63c6f2fb",
}
`);
});

test('the same mesh gives the same JSON', () => {
  expect(JSON.stringify(meshDashboard(smallMesh()))).toBe(JSON.stringify(meshDashboard(smallMesh())));
});

test('a mesh of nobody has a dashboard too', () => {
  const board = meshBoard(smallMesh(({ edges }) => edges.splice(0)));
  expect(unknownSeries(board)).toEqual([]);
});

/** What a ConfigMap takes. */
const MOST = 2 ** 20;

test.each([
  [51, 150],
  [500, 300],
])('of %i alike clusters it takes less than %i KiB, and queries are short', (size, most) => {
  const board = meshBoard(fullMesh(size));
  expect(JSON.stringify(meshDashboard(fullMesh(size))).length).toBeLessThan(most * 1024);
  const longest = Math.max(
    ...panelsOf(board)
      .flatMap(queriesOf)
      .map(({ expr }) => filledQuery(expr, board).length),
  );
  expect(longest).toBeLessThan(64 * 1024);
});

test('of 1000 clusters of which none is like another it fits a ConfigMap', () => {
  expect(JSON.stringify(meshDashboard(unlikeRing(1000))).length).toBeLessThan(MOST);
});
