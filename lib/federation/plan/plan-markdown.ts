import { oneLine } from '../../core';
import { span } from '../rules/wording';
import type { Plan, PlanCheck, PlanStep, PlanTask } from './plan';
import { answerOf, reasonOf, sentenceOf, serverNotes, shownCommand, waitsText } from './plan-text';
import type { ShellWords } from './shell-words';

/** A plan as Markdown, with a box to tick at each thing that is done: for an issue, a wiki, or a runbook. */
export function planMarkdown(plan: Plan, shell: ShellWords): string {
  const lines = [
    `# ${prose(plan.title)} (${plan.order})`,
    ...(plan.facts.length > 0 ? ['', ...plan.facts.map((fact) => `- ${prose(fact)}`)] : []),
    ...plan.steps.flatMap((step, index) => ['', ...stepLines(step, index + 1, shell)]),
    '',
    `In all: ${waitsText(plan)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function stepLines({ title, why, tasks, wait, checks, stop }: PlanStep, number: number, shell: ShellWords): string[] {
  return [
    `## ${number}. ${prose(title)}`,
    '',
    prose(why),
    '',
    ...tasks.flatMap((task) => taskLines(task, shell)),
    ...(wait && wait.seconds > 0
      ? [
          `- [ ] Wait up to ${span(wait.seconds)}:`,
          ...wait.parts.map((part) => `  - ${span(part.seconds)}: ${prose(reasonOf(part))}`),
        ]
      : []),
    ...checks.flatMap((check) => checkLines(check, shell)),
    '',
    `**${stop.safe ? 'One may stop here.' : 'Do not stop here.'}** ${prose(stop.state)}`,
  ];
}

function taskLines(task: PlanTask, shell: ShellWords): string[] {
  const command = shell.commandOf(task);
  if (command === undefined) return [`- [ ] ${prose(sentenceOf(task))}`];
  const where = 'member' in task ? `At ${prose(task.member)}` : 'Here';
  const notes = task.type === 'server' ? serverNotes(task) : [];
  return [`- [ ] ${where}:`, ...fenced(command), ...notes.map((note) => `  ${prose(note)}`)];
}

function checkLines(check: PlanCheck, shell: ShellWords): string[] {
  return [
    `- [ ] Check that ${prose(check.holds)}:`,
    ...fenced(shell.commandOf(check.task) ?? ''),
    ...answerOf(check).map((answer) => `  ${prose(answer)}`),
  ];
}

/** A fence that the text itself does not have. */
function fenced(text: string): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return ['', `${fence}sh`, ...shownCommand(text), fence, ''].map((line) => (line === '' ? line : `  ${line}`));
}

/** Text in which nothing is markup, and by which nobody is called. */
const prose = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&')
    .replace(/@/g, '&#64;&#8203;');
