import { NotSeen } from '../not-seen';
import type { Task } from '../runner';
import { type Outcome, ok, unseen, wrong } from '../verdict';
import { leftText, type RemainsOf } from './cleaners';
import type { Meetings } from './meetings';
import {
  acceptsOutcomes,
  aloneOutcome,
  bundleOutcome,
  exactOutcome,
  identityOutcomes,
  undeclaredOutcome,
} from './outcomes';
import { isBelieved, type Participant, pairsOf } from './participant';
import { Stage, type Stages, StageTrouble } from './stage';
import { WORKLOAD_TEXTS, type WorkloadCheck } from './texts';

/** Everything that the test has seen. */
export interface Seen {
  readonly participants: readonly Participant[];
  readonly stages: Stages;
  readonly meetings: Meetings;
  readonly remains: RemainsOf;
}

/** The checks of the test, each of the members that it is about, in the order of the catalogue. */
export function tasksOf(seen: Seen, wanted?: ReadonlySet<WorkloadCheck>): readonly Task[] {
  const { participants, stages, meetings } = seen;
  const orders = pairsOf(participants).flatMap(([one, other]) => [[one, other] as const, [other, one] as const]);
  const edges = orders.filter(([one, other]) => isBelieved(one, other));
  const strangers = orders.filter(([one, other]) => !isBelieved(one, other));
  const both = ([one, other]: readonly [Participant, Participant]): void => {
    requireStage(stages, one);
    requireStage(stages, other);
  };
  const task = (check: WorkloadCheck, one: Participant, peer: Task['peer'], run: Task['run']): Task => ({
    check: WORKLOAD_TEXTS[check],
    member: one.member,
    ...(peer && { peer }),
    run,
  });
  const ofPair = (
    check: WorkloadCheck,
    pair: readonly [Participant, Participant],
    run: () => Promise<Outcome | readonly Outcome[]>,
  ): Task =>
    task(check, pair[0], pair[1].member, async () => {
      both(pair);
      return [await run()].flat();
    });
  const all: Record<WorkloadCheck, () => Task[]> = {
    identity: () =>
      participants.map((each) => task('identity', each, undefined, async () => identitiesOrTrouble(stages.get(each)))),
    bundle: () =>
      participants.flatMap((each) =>
        each.believes.map((peer) =>
          task('bundle', each, peer, async () => [bundleOutcome(requireStage(stages, each), peer.trustDomain)]),
        ),
      ),
    accepts: () => edges.map((pair) => ofPair('accepts', pair, () => acceptsOutcomes(meetings, ...pair))),
    exact: () => edges.map((pair) => ofPair('exact', pair, () => exactOutcome(meetings, ...pair))),
    alone: () => edges.map((pair) => ofPair('alone', pair, () => aloneOutcome(meetings, ...pair))),
    undeclared: () => strangers.map((pair) => ofPair('undeclared', pair, () => undeclaredOutcome(meetings, ...pair))),
    removed: () =>
      participants.map((each) => task('removed', each, undefined, async () => [removedOutcome(seen, each)])),
  };
  const names = Object.keys(all) as WorkloadCheck[];
  return names.filter((name) => wanted?.has(name) ?? true).flatMap((name) => all[name]());
}

/** What the pods got; or what was in the way of them, in its own words. */
function identitiesOrTrouble(stage: Stage | Error | undefined): readonly Outcome[] {
  if (stage instanceof Stage) return identityOutcomes(stage);
  if (!(stage instanceof StageTrouble)) throw stage;
  const { what, evidence, causes, isOfSpire = false } = stage.trouble;
  // That an image cannot be pulled says nothing of a federation, and is no pass either.
  return [(isOfSpire ? wrong : unseen)(what, stage.where, { evidence, causes })];
}

function requireStage(stages: Stages, participant: Participant): Stage {
  const stage = stages.get(participant);
  if (stage instanceof Stage) return stage;
  const { member, view } = participant;
  throw new NotSeen(
    `no pod of ${member.name} could be asked: see ${WORKLOAD_TEXTS.identity.id}`,
    `cluster of context ${view.context}`,
  );
}

function removedOutcome({ remains }: Seen, { view }: Participant): Outcome {
  const { objects } = view;
  const where = `cluster of context ${view.context}`;
  if (!remains.has(objects)) return unseen('the cluster does not answer, and nothing was made in it', where);
  const left = remains.get(objects);
  return left ? wrong(leftText(left), where) : ok('everything was removed', where);
}
