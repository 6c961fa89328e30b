import { writeFileSync } from 'node:fs';
import { meshBoard } from '../../../lib/federation';
import { EDGE_STATES, edgeStates } from '../../../lib/federation/dashboards/edge-state';
import { meshFacts } from '../../../lib/federation/dashboards/mesh-facts';
import { type Board, clusterBoard, filledQuery, type Panel, panelsOf, queriesOf } from '../../../lib/monitoring';
import type { Recorded, RecordedPanel, RecordedSeries } from '../../../scripts/dashboard/recorded';
import { settled } from '../support/beside';
import { sleep } from '../support/process';
import { progress } from '../support/progress';
import { LivePrometheus } from '../support/prometheus';
import { MonitoredMesh, trustDomainOf } from './monitored-mesh';

// What the panels of the dashboards show of three real clusters, while all is well and when one of them is gone.

/** Seconds from one reading to the next. */
const INTERVAL = 5;
/** Where the values are written that docs/images/dashboard.svg is drawn of. */
const RECORD = process.env.SPIREKIT_DASHBOARD_VALUES;
/** Seconds after which there is something in every panel; a picture has to show more than that. */
const HEALTHY = RECORD === undefined ? 120 : 480;
/** Seconds that a picture shows: until CAs of 15 minutes have changed. */
const SHOWN_SECONDS = 900;
/** Seconds within which an edge is seen to have stalled: a quarter of 5 minutes, and several fetches. */
const STALLED = 300;

let mesh: MonitoredMesh;
let prometheus: LivePrometheus;
let start: number;
let boards: { readonly mesh: Board; readonly east: Board };

beforeAll(async () => {
  mesh = await MonitoredMesh.start({ caTtl: '15m', svidTtl: '2m', refreshHint: '60s', interval: `${INTERVAL}s` });
  const scrapeConfigs = mesh.scraped.map(({ config }) => config);
  prometheus = await LivePrometheus.start({ interval: mesh.interval, scrapeConfigs, rules: mesh.rules });
  start = Math.floor(Date.now() / 1000);
  boards = {
    mesh: meshBoard(mesh.model, { name: 'mesh', interval: INTERVAL }),
    east: clusterBoard({ name: 'east', trustDomain: trustDomainOf('east'), caTtl: 900, interval: INTERVAL }),
  };
});

afterAll(async () => {
  await prometheus?.end();
  await mesh?.end();
});

/** The state of each edge, as `consumer provider: state`. */
async function states(): Promise<string[]> {
  const expr = filledQuery(edgeStates(meshFacts(mesh.model, INTERVAL)), boards.mesh);
  const seen = await prometheus.query(expr);
  const word = (value: number) => EDGE_STATES.find((state) => state.value === value)?.word;
  const short = (name = '') => name.replace('_example_com', '');
  return seen
    .map(({ labels, value }) => `${short(labels.trust_domain)} ${short(labels.trust_domain_id)}: ${word(value)}`)
    .sort();
}

/** Panels with a query to which there is no answer, by its number. */
async function unanswered(board: Board): Promise<string[]> {
  const found: string[] = [];
  for (const panel of panelsOf(board)) {
    for (const [index, { expr }] of queriesOf(panel).entries()) {
      const answer = await prometheus.query(filledQuery(expr, board));
      if (answer.length === 0) found.push(`${panel.id} ${panel.title}, ${index}`);
    }
  }
  return found;
}

test('every declared edge is OK, and no other is there', async () => {
  const expected = ['east lab: OK', 'east west: OK', 'lab east: OK', 'west east: OK', 'west lab: OK'];
  expect(await settled(60, states, (found) => `${found}` === `${expected}`)).toEqual(expected);
});

test('while all is well, panels are empty that show what is wrong, and no others', async () => {
  progress(`healthy for ${HEALTHY} s`);
  await sleep(HEALTHY * 1000);
  expect(await unanswered(boards.mesh)).toEqual([
    '15 Edges that are not OK, 0',
    '21 What consumers fetch and hold, 1',
    '22 Failed fetches per minute, 0',
    '23 Failed fetches of the exporters per minute, 0',
  ]);
  expect(await unanswered(boards.east)).toEqual([
    // No workload has asked for a token.
    '31 SVIDs signed per second, 1',
    '32 Time that servers take to sign, 1',
    // Agents attest again, and renew nothing.
    '33 Agents attested and renewed per second, 1',
    // No entry was changed.
    '41 Entries written per second, 1',
    // No object was changed of late.
    '44 Objects that woke the controller manager, per second, 0',
  ]);
});

test('when a cluster is gone, its bundle is not fetched any more, and nothing is seen of whom it believes', async () => {
  progress('lab ends');
  await mesh.mesh.member('lab').end();
  const expected = ['east lab: stalled', 'east west: OK', 'lab east: not seen', 'west east: OK', 'west lab: stalled'];
  expect(await settled(STALLED, states, (found) => `${found}` === `${expected}`)).toEqual(expected);
  if (RECORD === undefined) return;
  progress(`a picture of ${SHOWN_SECONDS} s`);
  await sleep(Math.max(0, (start + SHOWN_SECONDS) * 1000 - Date.now()));
  await record(RECORD);
});

/** What is seen in a picture, of moments in milliseconds since 1970 the seconds. */
const rounded = (value: number): number => Number(value.toPrecision(10));

/** Rows that the picture shows, and how fine it is. */
const SHOWN = ['Trust', 'CAs'];
const STEP = 10;

async function record(file: string): Promise<void> {
  const end = Math.floor(Date.now() / 1000);
  const board = boards.mesh;
  const answered = async (panel: Panel): Promise<RecordedPanel> => {
    const answers: RecordedSeries[][] = [];
    for (const { expr } of queriesOf(panel)) {
      const asked = filledQuery(expr, board);
      const overTime = panel.kind === 'series' || panel.kind === 'timeline';
      const series = overTime
        ? await prometheus.range(asked, { start, end, step: STEP })
        : (await prometheus.query(asked)).map(({ labels, value }) => ({ labels, points: [[end, value] as const] }));
      answers.push(
        series.map(({ labels, points }) => ({
          labels,
          points: points.map(([at, value]) => [at - start, rounded(value)]),
        })),
      );
    }
    return { panel, answers };
  };
  const rows: Recorded['rows'][number][] = [];
  for (const { title, panels } of board.rows.filter((row) => SHOWN.includes(row.title))) {
    const recorded: RecordedPanel[] = [];
    for (const panel of panels) recorded.push(await answered(panel));
    rows.push({ title, panels: recorded });
  }
  const recorded: Recorded = { title: board.title, start, length: end - start, rows };
  writeFileSync(file, `${JSON.stringify(recorded)}\n`);
  progress(`values of ${end - start} s are in ${file}`);
}
