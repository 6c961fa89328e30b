import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EDGE_STATES, edgeStates } from '../../../lib/federation/dashboards/edge-state';
import { meshBoard } from '../../../lib/federation/dashboards/mesh-dashboard';
import { meshFacts } from '../../../lib/federation/dashboards/mesh-facts';
import { type Board, clusterBoard, filledQuery, panelsOf, queriesOf } from '../../../lib/monitoring';
import { fullMesh, smallMesh, unlikeRing } from '../../federation/dashboards/meshes';
import { LivePrometheus } from '../support/prometheus';
import { run } from '../support/run';
import { type InputSeries, Scraped } from './rule-series';

// The queries of the dashboards, put to Prometheus itself: it reads every one, and the state of edges is what it should be.

const folder = mkdtempSync(join(tmpdir(), 'spirekit-dashboards-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BOARDS: readonly (readonly [string, Board])[] = [
  ['a cluster', clusterBoard({ name: 'east', trustDomain: 'apps.east-1.example.com', interval: 30 })],
  ['a small mesh', meshBoard(smallMesh())],
  ['a mesh of nobody', meshBoard(smallMesh(({ edges }) => edges.splice(0)))],
  ['20 clusters, whose edges are declared', meshBoard(fullMesh(20))],
  ['51 clusters', meshBoard(fullMesh(51))],
  ['500 clusters', meshBoard(fullMesh(500))],
  ['500 clusters of which none is like another', meshBoard(unlikeRing(500))],
];

const queriesIn = (board: Board) =>
  panelsOf(board).flatMap((panel) =>
    queriesOf(panel).map(({ expr }, index) => ({ name: `panel${panel.id}_${index}`, expr: filledQuery(expr, board) })),
  );

/** Runs promtool on a file; JSON is YAML too. */
function promtool(args: readonly string[], content: object): string {
  const file = join(folder, 'promtool.json');
  writeFileSync(file, JSON.stringify(content));
  const { status, text } = run('promtool', [...args, file]);
  return status === 0 ? 'SUCCESS' : text;
}

test.each(BOARDS)('promtool takes the queries of %s as recording rules', (_, board) => {
  const rules = queriesIn(board).map(({ name, expr }) => ({ record: name, expr }));
  expect(rules.length).toBeGreaterThan(10);
  expect(promtool(['check', 'rules'], { groups: [{ name: 'panels', rules }] })).toBe('SUCCESS');
});

describe('Prometheus', () => {
  let prometheus: LivePrometheus;

  beforeAll(async () => {
    prometheus = await LivePrometheus.start({ interval: '5s', scrapeConfigs: [] });
  });

  afterAll(async () => {
    await prometheus?.end();
  });

  test.each(BOARDS)('answers the queries of %s', async (_, board) => {
    for (const { name, expr } of queriesIn(board)) {
      await expect(prometheus.query(expr).then(() => name)).resolves.toBe(name);
    }
  });
});

describe('the state of edges', () => {
  const mesh = smallMesh();
  const facts = meshFacts(mesh, 60);
  const board = meshBoard(mesh, { interval: 60 });
  const [east, west] = [new Scraped('east.example.org', 'east:1'), new Scraped('apps.west.example.org', 'west:1')];
  const FETCH = 'spire_server_bundle_manager_fetch_federated_bundle';
  const [EAST, WEST, PARTNER] = ['east_example_org', 'apps_west_example_org', 'partner_example'];
  const EDGES = [`${EAST} ${WEST}`, `${EAST} ${PARTNER}`, `${WEST} ${EAST}`] as const;

  /** Good fetches of every edge, one a minute, for four hours. */
  const fetches = (values: string) => [
    east.spire(FETCH, values, { status: 'OK', trust_domain_id: WEST }),
    east.spire(FETCH, values, { status: 'OK', trust_domain_id: PARTNER }),
    west.spire(FETCH, values, { status: 'OK', trust_domain_id: EAST }),
  ];
  const good = fetches('1+1x240');

  /** What the exporter of east says of west; it writes names as they are. */
  const exported = (held: string, matches: string) => [
    east.other('spirekit_federation_bundle_held', held, { trust_domain_id: 'apps.west.example.org' }),
    east.other('spirekit_federation_bundle_matches', matches, { trust_domain_id: 'apps.west.example.org' }),
  ];

  const statesAre = (
    series: readonly InputSeries[],
    at: string,
    words: readonly string[],
    expr = filledQuery(edgeStates(facts), board),
  ): string => {
    const samples = words.flatMap((word, index) => {
      const [trust_domain, trust_domain_id] = (EDGES[index] as string).split(' ');
      const value = EDGE_STATES.find((state) => state.word === word)?.value;
      return word === ''
        ? []
        : [{ labels: `{trust_domain="${trust_domain}",trust_domain_id="${trust_domain_id}"}`, value }];
    });
    const tests = [
      { interval: '1m', input_series: series, promql_expr_test: [{ expr, eval_time: at, exp_samples: samples }] },
    ];
    return promtool(['test', 'rules'], { rule_files: [], evaluation_interval: '1m', tests });
  };

  test.each<readonly [string, readonly InputSeries[], string, readonly string[]]>([
    ['nothing was ever seen', [], '3h', ['not seen', 'not seen', 'not seen']],
    ['bundles are fetched', good, '3h', ['OK', 'OK', 'OK']],
    ['servers have just fetched for the first time', fetches('_x178 1 1'), '3h', ['OK', 'OK', 'OK']],
    ['servers have just restarted', fetches('1+1x170 1 2 3'), '2h52m', ['OK', 'OK', 'OK']],
    ['fetches have failed for less than 2h', fetches('1+1x61 62x200'), '3h', ['OK', 'OK', 'OK']],
    ['fetches have failed for more than 2h', fetches('1+1x58 59x200'), '3h', ['stalled', 'stalled', 'stalled']],
    [
      'fetches of one have never gone well',
      [...good.slice(1), east.spire(FETCH, '1+1x240', { status: 'Unknown', trust_domain_id: WEST })],
      '3h',
      ['stalled', 'OK', 'OK'],
    ],
    ['there is no bundle', [...good, ...exported('0x240', '_x240')], '3h', ['missing', 'OK', 'OK']],
    ['what is held is not what is served', [...good, ...exported('1x240', '0x240')], '3h', ['differs', 'OK', 'OK']],
    ['what is held is what is served', [...good, ...exported('1x240', '1x240')], '3h', ['OK', 'OK', 'OK']],
    ['the exporter alone is seen', exported('1x240', '1x240'), '3h', ['OK', 'not seen', 'not seen']],
    [
      'the endpoint is out of the reach of the exporter',
      exported('1x240', '_x240'),
      '3h',
      ['not seen', 'not seen', 'not seen'],
    ],
    [
      'a bundle is missing that was not fetched',
      [...fetches('1+1x58 59x200'), ...exported('0x240', '_x240')],
      '3h',
      ['missing', 'stalled', 'stalled'],
    ],
    ['a cluster is not read any more', fetches('1+1x120 stale'), '3h', ['not seen', 'not seen', 'not seen']],
    [
      'one of two servers fetches',
      [...good, east.spire(FETCH, '7x240', { status: 'OK', trust_domain_id: WEST, instance: 'east:2' })],
      '3h',
      ['OK', 'OK', 'OK'],
    ],
    [
      'somebody is believed whom the program does not know',
      [...good, east.spire(FETCH, '1+1x240', { status: 'OK', trust_domain_id: 'other_example' })],
      '3h',
      ['OK', 'OK', 'OK'],
    ],
  ])('%s', (_, series, at, words) => {
    expect(statesAre(series, at, words)).toBe('SUCCESS');
  });

  test('it is that of the edges that the reader has chosen, those of which nothing is seen included', () => {
    const chosen = edgeStates(facts)
      .replaceAll(`\${consumer:pipe}`, 'east[._]example[._]org')
      .replaceAll(`\${provider:pipe}`, 'partner[._]example');
    expect(statesAre([], '3h', ['', 'not seen', ''], chosen)).toBe('SUCCESS');
    expect(statesAre(good, '3h', ['', 'OK', ''], chosen)).toBe('SUCCESS');
  });

  test('edges that are too many to be declared are known for a day', () => {
    const many = { ...facts, edges: Array.from({ length: 401 }, () => facts.edges[0] as (typeof facts.edges)[0]) };
    const expr = filledQuery(edgeStates(many), board);
    expect(statesAre([], '3h', [], expr)).toBe('SUCCESS');
    expect(statesAre(fetches('1+1x120 stale'), '25h', ['not seen', 'not seen', 'not seen'], expr)).toBe('SUCCESS');
    expect(statesAre(fetches('1+1x120 stale'), '27h', [], expr)).toBe('SUCCESS');
  });

  test('limits that differ hold for their own providers', () => {
    const longer = smallMesh(({ east }) => {
      east.caTtl = 48 * 3600;
    });
    const expr = filledQuery(edgeStates(meshFacts(longer, 60)), board);
    expect(statesAre(fetches('1+1x58 59x200'), '3h', ['stalled', 'stalled', 'OK'], expr)).toBe('SUCCESS');
  });

  test('promtool would tell a state that is another', () => {
    expect(statesAre(good, '3h', ['OK', 'OK', 'missing'])).toMatch(/FAILED/);
  });
});
