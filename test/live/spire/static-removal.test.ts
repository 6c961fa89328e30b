import { setTimeout as sleep } from 'node:timers/promises';
import { meshFrom, type Plan, removePlan } from '../../../lib/federation';
import type { Federation } from '../../../lib/spire/config';
import { clusterOf } from '../../federation/plan/fixtures';
import { Authority } from '../support/authority';
import { freePort } from '../support/process';
import { eventually } from '../support/run';
import { SpireRig } from '../support/spire-rig';
import { alone, EAST, serving, WEST, withCertificate } from './federation-world';

// A peer in the server's own configuration, which no relationship shows: why the plan of its removal restarts the server.

const HINT = 60;
/** From one fetch to the next, in seconds. */
const POLL = HINT / 4;

const rigs = { east: new SpireRig(EAST), west: new SpireRig(WEST) };
const web = new Authority(rigs.west.folder, 'web-root');
let url: string;

beforeAll(async () => {
  const port = await freePort();
  url = `https://localhost:${port}`;
  const federation = serving(port, withCertificate(web.issue('localhost')), `${HINT}s`);
  await rigs.west.startServer({ server: { federation } });
});

afterAll(async () => {
  for (const rig of Object.values(rigs)) await rig.end();
});

/** How the server of east is started; its datastore stays. */
const east = (federates_with?: NonNullable<Federation['federates_with']>) => ({
  server: federates_with ? { federation: { federates_with } } : {},
  plugins: alone(rigs.east),
  env: { SSL_CERT_FILE: web.certificateFile },
});

function planned(): Plan {
  const members = [
    clusterOf('east', [], {
      trustDomain: EAST,
      staticRelationships: [{ trustDomain: WEST, url, profile: 'https_web' }],
    }),
    clusterOf('west', [], { trustDomain: WEST }),
  ];
  const edges = [{ consumer: 'east', provider: 'west' }];
  const plan = removePlan(meshFrom({ members, edges }), 'west', { from: ['east'] }).find(
    ({ order }) => order === 'emergency',
  );
  if (!plan) throw new Error('there is no plan for an emergency');
  return plan;
}

function stepIn({ steps }: Plan, id: string): Plan['steps'][number] {
  const step = steps.find((each) => each.id === id);
  if (!step) throw new Error(`there is no step '${id}'`);
  return step;
}

/** Runs the commands of a step that are the server's. */
function run({ tasks }: Pick<Plan['steps'][number], 'tasks'>): void {
  for (const task of tasks) {
    if (task.type !== 'server') continue;
    const { status, text } = rigs.east.tryServer(...task.args);
    if (status !== 0 && !(task.already !== undefined && text.includes(task.already))) throw new Error(text);
  }
}

/** Whether the checks of a step hold now. */
const holds = ({ checks }: Pick<Plan['steps'][number], 'checks'>): boolean[] =>
  checks.map(({ task, shows, lacks }) => {
    if (task.type !== 'server') throw new Error(`the check is a ${task.type}`);
    const answer = rigs.east.server(...task.args);
    return (shows === undefined || answer.includes(shows)) && (lacks === undefined || !answer.includes(lacks));
  });

test('a bundle that is deleted is fetched again, until the server is restarted without the peer', async () => {
  const plan = planned();
  const [cut, again] = [stepIn(plan, 'cut'), stepIn(plan, 'again')];
  const peer = { [WEST]: { bundle_endpoint_url: url, bundle_endpoint_profile: { https_web: {} } } };
  const server = await rigs.east.startServer(east(peer));
  await server.says(/msg="Bundle refreshed".*trust_domain=west\.example\.com/);
  expect(holds(again)).toEqual([false, true]);

  run(cut);
  // No relationship is listed, and yet there is one.
  expect([holds(cut), holds(again)]).toEqual([[true], [true, true]]);
  await eventually(POLL + 10, () => !holds(again)[0] || undefined, 'the bundle, which was deleted');

  await server.end();
  await rigs.east.startServer(east());
  run(again);
  run(again);
  await sleep((POLL + 3) * 1000);
  expect(holds(again)).toEqual([true, true]);
});
