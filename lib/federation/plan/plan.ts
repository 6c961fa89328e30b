/*
 * A plan as plain data: what people and programs read, and what a test carries out word by word. How it is shown is no part of it.
 */

/** What is done to a federation. */
export type PlanAction = 'add' | 'remove' | 'rotate' | 'migrate' | 'recover';

/** `planned`: nobody loses anything on the way. `emergency`: something is believed that must not be, and each second counts. */
export type PlanOrder = 'planned' | 'emergency';

/** Ordered steps that bring a federation from one state to another. */
export interface Plan {
  readonly action: PlanAction;
  readonly order: PlanOrder;
  /** Name of the member that it is about. */
  readonly member: string;
  readonly title: string;
  /** What it rests on: hints, lifetimes and profiles that were declared, each as a sentence. */
  readonly facts: readonly string[];
  readonly steps: readonly PlanStep[];
  /** The longest time that all waits take together, in seconds. */
  readonly seconds: number;
}

/** What is done together, before it is looked whether it was done. */
export interface PlanStep {
  /** Stable within the action, such as `entries`. */
  readonly id: string;
  readonly title: string;
  /** Why it is done here, and not earlier or later. */
  readonly why: string;
  /** In their order; those of different members may be done at the same time. */
  readonly tasks: readonly PlanTask[];
  /** @default - the checks can be asked at once */
  readonly wait?: PlanWait;
  /** What has to hold before the next step. */
  readonly checks: readonly PlanCheck[];
  readonly stop: PlanStop;
}

/** Something that is done. */
export type PlanTask = ServerTask | KubectlTask | InstallTask | ProgramTask | CommandTask | TellTask;

/** A command of `spire-server`, in the pod of a member's server. */
export interface ServerTask {
  readonly type: 'server';
  readonly member: string;
  /** Words behind `spire-server`; `$NAME` stands for what an earlier task has kept, or is given by the user. */
  readonly args: readonly string[];
  /** What later tasks need of its output. @default - nothing */
  readonly keeps?: KeptValue;
  /** Standard input, from the output of an earlier task by its name. @default - none */
  readonly input?: string;
  /**
   * Number of the server's pod among several, where it matters which one does it: each has a CA of its own.
   *
   * @default - any
   */
  readonly server?: number;
  /** What stands in the error when nothing is left to do: the task is done then too. @default - each error is one */
  readonly already?: string;
}

/** A part of the output that later tasks name. */
export interface KeptValue {
  /** Such as `PREPARED`. */
  readonly name: string;
  /**
   * Path in the JSON that the command prints, such as `prepared_authority.authority_id`: segments are keys, places in a list
   * (`-1` is the last), or `key=value` for the last item of a list that has it. Undefined: the whole output.
   */
  readonly path?: string;
}

/** A command of `kubectl`, in a member's cluster. */
export interface KubectlTask {
  readonly type: 'kubectl';
  readonly member: string;
  readonly args: readonly string[];
}

/** Some waves of the synthesized output are applied again. */
export interface InstallTask {
  readonly type: 'install';
  readonly member: string;
  /** Numbers of the waves, such as 50. */
  readonly waves: readonly number[];
}

/** The program is changed, and synthesized again. */
export interface ProgramTask {
  readonly type: 'program';
  /** What to write, as a sentence. */
  readonly text: string;
}

/** Another command, such as one of `spirekit`. */
export interface CommandTask {
  readonly type: 'command';
  readonly words: readonly string[];
}

/** What others have to do: who runs a foreign trust domain, or owns a workload. */
export interface TellTask {
  readonly type: 'tell';
  /** Name of the member that it concerns. */
  readonly member: string;
  readonly text: string;
}

/** How long it takes until the checks can hold. */
export interface PlanWait {
  /** At most, in seconds. */
  readonly seconds: number;
  /** What it is the sum of. */
  readonly parts: readonly WaitPart[];
}

/** One of the reasons for which it takes time. */
export interface WaitPart {
  /** At most, in seconds. */
  readonly seconds: number;
  readonly because: string;
  /** Whether no check sees it, so that it has to pass in full once the checks hold. @default false */
  readonly unseen?: boolean;
}

/** A question with the answer that it must have. */
export interface PlanCheck {
  /** What has to hold, as a clause: `no entry names west.example.com`. */
  readonly holds: string;
  readonly task: ServerTask | KubectlTask | CommandTask;
  /** What its output must have; `$NAME` stands for what a task has kept. @default - it only has to succeed */
  readonly shows?: string;
  /** What its output must not have; `$NAME` stands for what a task has kept. @default - nothing */
  readonly lacks?: string;
}

/** What holds for who goes no further. */
export interface PlanStop {
  readonly safe: boolean;
  /** The state that is left, as a sentence. */
  readonly state: string;
}
