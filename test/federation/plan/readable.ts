import type { Plan, PlanCheck, PlanStep, PlanTask, ServerTask } from '../../../lib/federation';

/** A plan in short lines, as tests read it: what is told to whom, how long it takes because of what, and what has to hold. */
export function readable({ title, order, facts, steps, seconds }: Plan): string {
  return [
    `${title} (${order}, ${seconds} s)`,
    ...facts.map((fact) => `- ${fact}`),
    ...steps.flatMap((step) => ['', ...readableStep(step)]),
  ].join('\n');
}

/** One of its steps. */
export const readableStep = ({ id, title, tasks, wait, checks, stop }: PlanStep): string[] => [
  `${id}: ${title}`,
  ...tasks.map((task) => `  ${readableTask(task)}`),
  ...(wait?.parts ?? []).map(
    ({ seconds, because, unseen }) => `  wait ${seconds} s${unseen ? ', unseen' : ''}: ${because}`,
  ),
  ...checks.map((check) => `  check: ${readableCheck(check)}`),
  `  ${stop.safe ? 'safe' : 'not safe'}: ${stop.state}`,
];

export function readableTask(task: PlanTask): string {
  switch (task.type) {
    case 'server':
      return `${nameOf(task)}# ${task.args.join(' ')}${task.input ? ` < ${task.input}` : ''}${keptBy(task)}`;
    case 'kubectl':
      return `${task.member}: kubectl ${task.args.join(' ')}`;
    case 'install':
      return `${task.member}: install ${task.waves.join(' ')}`;
    case 'program':
      return `program: ${task.text}`;
    case 'command':
      return `$ ${task.words.join(' ')}`;
    case 'tell':
      return `tell ${task.member}: ${task.text}`;
  }
}

const nameOf = ({ member, server }: ServerTask): string => (server === undefined ? member : `${member}-${server}`);

const keptBy = ({ keeps }: ServerTask): string =>
  keeps ? ` > ${keeps.name}${keeps.path === undefined ? '' : ` (${keeps.path})`}` : '';

const readableCheck = ({ holds, task, shows, lacks }: PlanCheck): string =>
  [
    `${holds}: ${readableTask(task)}`,
    ...(shows === undefined ? [] : [`shows ${shows}`]),
    ...(lacks === undefined ? [] : [`lacks ${lacks}`]),
  ].join(', ');
