import type { World } from '../check';
import { answer } from '../runner';
import type { Verdict } from '../verdict';
import { Cleaners } from './cleaners';
import { Meetings } from './meetings';
import { RunNames } from './names';
import type { TestImage } from './objects';
import { type Participant, participantsOf } from './participant';
import { type Say, Stage, type Stages } from './stage';
import { tasksOf } from './tasks';
import type { WorkloadCheck } from './texts';

/** How the test of workloads is run. */
export interface WorkloadOptions {
  readonly image: TestImage;
  /** Which of its checks are wanted. @default - all */
  readonly checks?: ReadonlySet<WorkloadCheck>;
  /** Whether what earlier runs have left goes whatever its age. @default false */
  readonly cleanup?: boolean;
  /** Told what is waited for, and what could not be removed. */
  readonly say: Say;
}

/**
 * Tries with real workloads what a federation is for: makes pods in every cluster, has those of each two members shake hands, and
 * removes everything again, also when it is broken off.
 *
 * @throws the reason of the signal, if it is aborted, once everything is removed
 */
export async function testWorkloads(
  world: World,
  { image, checks, cleanup = false, say }: WorkloadOptions,
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const names = new RunNames();
  const participants = participantsOf(world);
  const cleaners = new Cleaners(names, say);
  try {
    await cleaners.begin(
      participants.map(({ view }) => view.objects),
      cleanup,
      world.now().getTime(),
    );
    signal.throwIfAborted();
    const all = participants.map(({ member }) => member);
    const stages = await build(participants, async (participant) => {
      const { member, view } = participant;
      const changes = await cleaners.changesOf(view.objects);
      const stage = new Stage(participant, changes, names, image, (text) => say(`${member.name}: ${text}`), signal);
      await stage.build(all);
      return stage;
    });
    signal.throwIfAborted();
    const meetings = new Meetings(built(stages), image, signal);
    await meetings.all(say);
    const remains = await cleaners.end();
    const tasks = tasksOf({ participants, stages, meetings, remains }, checks);
    const verdicts = await Promise.all(tasks.map((task) => answer(world, task, signal)));
    return verdicts.flat();
  } finally {
    await cleaners.end();
    signal.throwIfAborted();
  }
}

async function build(
  participants: readonly Participant[],
  stageOf: (participant: Participant) => Promise<Stage>,
): Promise<Stages> {
  const made = participants.map(async (participant): Promise<[Participant, Stage | Error]> => {
    try {
      return [participant, await stageOf(participant)];
    } catch (error) {
      return [participant, error as Error];
    }
  });
  return new Map(await Promise.all(made));
}

const built = (stages: Stages): ReadonlyMap<Participant, Stage> =>
  new Map([...stages].flatMap(([participant, stage]) => (stage instanceof Stage ? [[participant, stage]] : [])));
