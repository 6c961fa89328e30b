import { countOf } from '../../core';
import {
  addPlan,
  type Mesh,
  migratePlan,
  type Plan,
  type PlanAction,
  PlanError,
  planMarkdown,
  planText,
  recoverPlan,
  removePlan,
  rotatePlan,
  ShellWords,
} from '../../federation';
import { CommandFailure, EXIT } from '../failure';
import { deliver, write } from '../output';
import { manifest } from '../package';
import { type PlanAsked, readPlanOptions } from './options';
import { type PlannedMesh, plannedMesh } from './planned-mesh';

/** Id of the form in which `spirekit plan --json` writes plans. */
export const PLAN_REPORT = 'spirekit/plan-report/1';

type Builder = (meshes: PlannedMesh, asked: PlanAsked) => Plan[];

const BUILDERS: Readonly<Record<PlanAction, Builder>> = {
  add: ({ is }, { member }) => addPlan(is, member),
  remove: ({ deployed }, { member, from }) => removePlan(deployed, member, from === undefined ? {} : { from }),
  rotate: ({ deployed }, { member }) => rotatePlan(deployed, member),
  recover: ({ deployed }, { member }) => recoverPlan(deployed, member),
  migrate: ({ was, is }, { member }) => {
    if (was) return migratePlan(was, is, member);
    throw new CommandFailure(
      "nobody knows what is deployed, so that nothing has changed; write the lock by 'spirekit lock' when the program is deployed, or name another by --lock",
    );
  },
};

/** `spirekit plan ACTION MEMBER`: ordered steps that bring a federation from one state to another. */
export async function plan(args: readonly string[]): Promise<number> {
  const asked = readPlanOptions(args);
  const meshes = await plannedMesh(asked);
  await deliver(rendered(meshes, asked), asked.output);
  if (meshes.errors > 0) {
    // What installs it would refuse to.
    await write(
      process.stderr,
      `spirekit: the federation as it is declared has ${countOf(meshes.errors, 'error')}; 'spirekit prove' shows what to mend first\n`,
    );
  }
  return EXIT.ok;
}

function rendered(meshes: PlannedMesh, asked: PlanAsked): string {
  try {
    const plans = chosenOrders(BUILDERS[asked.action](meshes, asked), asked);
    return shown(plans, meshes.deployed, asked);
  } catch (error) {
    if (error instanceof PlanError) throw new CommandFailure(error.message);
    throw error;
  }
}

function chosenOrders(plans: readonly Plan[], { emergency, action, member }: PlanAsked): readonly Plan[] {
  if (!emergency) return plans;
  const found = plans.filter(({ order }) => order === 'emergency');
  if (found.length > 0) return found;
  throw new CommandFailure(
    `there is no other order for an emergency: ${action} of '${member}' has one; leave out --emergency`,
  );
}

function shown(
  plans: readonly Plan[],
  mesh: Mesh,
  { form, contexts, manifests, source: { app }, lock }: PlanAsked,
): string {
  if (form === 'json') {
    return `${JSON.stringify({ schema: PLAN_REPORT, spirekit: manifest().version, plans }, null, 2)}\n`;
  }
  const shell = new ShellWords(mesh, {
    contexts,
    ...(app !== undefined && { app }),
    ...(lock !== undefined && { lock }),
    ...(manifests !== undefined && { folder: manifests }),
  });
  return plans.map((each) => (form === 'text' ? planText(each, shell) : planMarkdown(each, shell))).join('\n');
}
