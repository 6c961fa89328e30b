import {
  type CommandTask,
  type Plan,
  type PlanCheck,
  type PlanStep,
  type PlanTask,
  type ProgramTask,
  ShellWords,
  type TellTask,
  type WaitPart,
} from '../../../lib/federation/plan';
import { sleep } from '../support/process';
import { progress } from '../support/progress';
import type { Outcome } from '../support/run';
import type { PlanWorld } from './plan-world';
import type { Program } from './synthesis';

/** Seconds from one question to the next, on a busy machine. */
export const SLACK = 5;

/** What people do: the test in their place. */
export interface People {
  /** Writes what a task says: the program that takes the place of the one before. @default - the task is an error */
  readonly write?: (task: ProgramTask, step: PlanStep) => Program | Promise<Program>;
  /** Does what somebody is told. @default - the task is an error */
  readonly tell?: (task: TellTask, step: PlanStep) => Promise<void>;
  /** Does in its own way what a command would do; undefined: the command is run. @default - all are run */
  readonly command?: (task: CommandTask, step: PlanStep) => Promise<Outcome> | undefined;
  /** Looks at what holds between two steps. @default - nothing is looked at */
  readonly between?: (step: PlanStep) => Promise<void>;
  /** Parts of waits for what is not there in the test. @default - none */
  readonly skips?: (part: WaitPart) => boolean;
}

/** What became of a step. */
export interface StepRecord {
  readonly id: string;
  /** Seconds until the checks hold at the latest, as the plan says. */
  readonly claimed: number;
  /** Seconds from the end of the tasks until all checks held, without those that the last answer took. */
  readonly observed: number;
  /** Seconds that the tasks took. */
  readonly tasks: number;
  /** Seconds that had to pass because no check sees what they are for. */
  readonly unseen: number;
  /** Seconds that the answers of the checks took beside that: the machine's time, not the plan's. */
  readonly answers: number;
}

/**
 * Carries out a plan step by step. Commands are typed into a shell as the plan prints them; what is waited for, and what has to
 * hold then, is taken from its data.
 */
export class PlanRunner {
  readonly records: StepRecord[] = [];
  /** When it began, in milliseconds since 1970. */
  begun = 0;

  constructor(
    private readonly plan: Plan,
    private readonly world: PlanWorld,
    private readonly people: People = {},
  ) {}

  /**
   * Carries it out.
   *
   * @param until id of the step that is the last one
   * @throws Error if a task fails, or a check does not hold within the time that the plan claims
   */
  async run(until?: string): Promise<readonly StepRecord[]> {
    this.begun = Date.now();
    try {
      for (const step of this.plan.steps) {
        await this.carryOut(step);
        await this.people.between?.(step);
        if (step.id === until) break;
      }
      return this.records;
    } finally {
      process.stderr.write(this.table());
    }
  }

  /** One step: its tasks, then its checks until they hold. */
  private async carryOut(step: PlanStep): Promise<void> {
    progress(`${step.id}: ${step.title}`);
    const begun = Date.now();
    for (const task of step.tasks) {
      const { status, text } = await this.do(task, step);
      if (status === 0 || isDoneAlready(task, text)) continue;
      throw new Error(`step '${step.id}': ${JSON.stringify(task)} ended with ${status}: ${text}`);
    }
    const done = Date.now();
    const { seen, unseen } = this.waitsOf(step);
    // Nobody could say when it is over.
    if (step.checks.length === 0) await sleep(seen * 1000);
    // Each at once, so that none is late because of the others.
    const observed = Math.max(0, ...(await Promise.all(step.checks.map((check) => this.hold(check, step)))));
    const answers = step.checks.length === 0 ? 0 : (Date.now() - done) / 1000 - observed;
    await sleep(unseen * 1000);
    this.records.push({ id: step.id, tasks: (done - begun) / 1000, claimed: seen, observed, unseen, answers });
  }

  /** How long it takes until the checks hold at the latest, and how long what they do not see. */
  private waitsOf({ wait }: PlanStep): { seen: number; unseen: number } {
    const { skips = () => false } = this.people;
    const parts = (wait?.parts ?? []).filter((part) => !skips(part));
    const sum = (some: typeof parts) => some.reduce((total, { seconds }) => total + seconds, 0);
    return { seen: sum(parts.filter(({ unseen }) => !unseen)), unseen: sum(parts.filter(({ unseen }) => unseen)) };
  }

  /**
   * Asks until a check holds.
   *
   * @returns seconds until the question that was answered well; the answer itself takes as long as the machine is busy
   */
  private async hold(check: PlanCheck, step: PlanStep): Promise<number> {
    const begun = Date.now();
    const { seen } = this.waitsOf(step);
    for (;;) {
      const seconds = (Date.now() - begun) / 1000;
      const answer = await this.do(check.task, step, false);
      const missed = this.misses(check, answer);
      if (missed === undefined && seconds <= seen + SLACK) return seconds;
      if (seconds > seen + SLACK) {
        const said = `${JSON.stringify(check.task)} ${missed ?? 'is answered well only now'}: ${answer.text}`;
        throw new Error(`step '${step.id}': ${seconds} s, of ${seen}, until it holds that ${check.holds}: ${said}`);
      }
      await sleep(200);
    }
  }

  /** What an answer lacks; undefined if it is as it must be. */
  private misses({ shows, lacks }: PlanCheck, { status, text }: Outcome): string | undefined {
    if (status !== 0) return `ended with ${status}`;
    if (shows !== undefined && !text.includes(this.world.filled(shows)))
      return `does not show '${this.world.filled(shows)}'`;
    if (lacks !== undefined && text.includes(this.world.filled(lacks))) return `shows '${this.world.filled(lacks)}'`;
    return undefined;
  }

  private async do(task: PlanTask, step: PlanStep, isChange = true): Promise<Outcome> {
    const { world, people } = this;
    switch (task.type) {
      case 'program':
        await world.change(await asked(people.write, task, step)(task, step));
        return DONE;
      case 'tell':
        await asked(people.tell, task, step)(task, step);
        return DONE;
      case 'install':
        if (world.runs(task.member)) return world.rolling(task.member, () => this.type(task));
        await world.begin(task.member, task.waves);
        return DONE;
      case 'command':
        return people.command?.(task, step) ?? this.type(task);
      case 'kubectl':
        // What deletes or restarts; questions are asked again and again.
        return isChange ? world.rolling(task.member, () => this.type(task)) : this.type(task);
      case 'server':
        return this.type(task);
      default:
        throw new Error(`step '${step.id}' has a task that nobody can do: ${JSON.stringify(task)}`);
    }
  }

  /** Types a command as it is printed. */
  private type(task: PlanTask): Promise<Outcome> {
    const { world } = this;
    const text = new ShellWords(world.model, { folder: world.folder }).commandOf(task);
    if (text === undefined) throw new Error(`there is no command of ${JSON.stringify(task)}`);
    return world.type(text, task.type === 'server' ? task.keeps : undefined);
  }

  /** Seconds up to a step: what is claimed to be waited for at most, and what the tasks and the answers of checks have taken. */
  secondsUntil(id: string): number {
    const end = this.records.findIndex((record) => record.id === id);
    if (end < 0) throw new Error(`no step '${id}' was done, but ${this.records.map((record) => record.id).join(', ')}`);
    const done = this.records.slice(0, end + 1);
    return done.reduce((sum, { tasks, claimed, unseen, answers }) => sum + tasks + claimed + unseen + answers, 0);
  }

  /** Times as they were claimed, and as they were. */
  private table(): string {
    const { action, order, member, steps } = this.plan;
    const rows = this.records.map(({ id, tasks, claimed, observed, unseen }) =>
      [id.padEnd(24), ...[tasks, claimed, observed, unseen].map((seconds) => seconds.toFixed(1).padStart(8))].join(' '),
    );
    const head = [
      'step'.padEnd(24),
      ...['tasks', 'claimed', 'observed', 'unseen'].map((word) => word.padStart(8)),
    ].join(' ');
    const title = `${action} ${member}, ${order}: ${rows.length} of ${steps.length} steps, in seconds`;
    return [title, head, ...rows, ''].map((line) => `  ${line}\n`).join('');
  }
}

const DONE: Outcome = { status: 0, stdout: '', stderr: '', text: '' };

const isDoneAlready = (task: PlanTask, text: string): boolean =>
  task.type === 'server' && task.already !== undefined && text.includes(task.already);

function asked<T>(does: T | undefined, task: PlanTask, step: PlanStep): T {
  if (does === undefined)
    throw new Error(`step '${step.id}' asks for what this test does not do: ${JSON.stringify(task)}`);
  return does;
}
