import { oneLine } from '../../core';
import { span } from '../rules/wording';
import type { Plan, PlanCheck, PlanStep, PlanTask, PlanWait, WaitPart } from './plan';
import type { ShellWords } from './shell-words';

const WIDTH = 100;

/** A plan for people: what rests on what, then step by step what is done, waited for, and held to. */
export function planText(plan: Plan, shell: ShellWords): string {
  const lines = [
    `${oneLine(plan.title)} (${plan.order})`,
    ...(plan.facts.length > 0 ? ['', 'What it rests on:', ...plan.facts.flatMap((fact) => item('  - ', fact))] : []),
    ...plan.steps.flatMap((step, index) => ['', ...stepLines(step, index + 1, shell)]),
    '',
    `In all: ${counted(plan.steps.length, 'step')}, ${waitsText(plan)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function stepLines(step: PlanStep, number: number, shell: ShellWords): string[] {
  const { title, why, tasks, wait, checks, stop } = step;
  return [
    `${number}. ${oneLine(title)}`,
    ...item('   ', why),
    ...tasks.flatMap((task) => ['', ...taskLines(task, shell)]),
    ...(wait && wait.seconds > 0 ? ['', ...waitLines(wait)] : []),
    ...checks.flatMap((check) => ['', ...checkLines(check, shell)]),
    '',
    ...item(stop.safe ? '   Stop here? Yes: ' : '   Stop here? No: ', stop.state),
  ];
}

function taskLines(task: PlanTask, shell: ShellWords): string[] {
  const command = shell.commandOf(task);
  if (command === undefined) return item('   > ', sentenceOf(task));
  const lines = commandLines(command);
  return task.type === 'server' ? [...lines, ...serverNotes(task).flatMap((note) => item('     ', note))] : lines;
}

const commandLines = (command: string): string[] =>
  shownCommand(command).map((line, index) => `   ${index === 0 ? '$ ' : ''}${line}`);

/** The lines of a command, which must not command the terminal that shows it. */
export const shownCommand = (command: string): string[] =>
  command.split('\n').map((line) => line.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '?'));

/** What is no command: whoever reads it has to do it. */
export function sentenceOf(task: PlanTask): string {
  if (task.type === 'tell') return `${task.member}: ${task.text}`;
  return task.type === 'program' ? `In the program: ${task.text}; then synthesize it again.` : '';
}

/** What a command of a server leaves unsaid. */
export function serverNotes({ already }: Extract<PlanTask, { type: 'server' }>): string[] {
  return [
    ...(already === undefined ? [] : [`An error that says '${already}' is as good: there is nothing left to do.`]),
  ];
}

function waitLines({ seconds, parts }: PlanWait): string[] {
  const [only] = parts;
  if (parts.length === 1 && only) return item(`   Wait up to ${span(seconds)}: `, `${reasonOf(only)}.`);
  return [
    `   Wait up to ${span(seconds)}:`,
    ...parts.flatMap((part) => item(`     ${span(part.seconds).padStart(6)}  `, reasonOf(part))),
  ];
}

/** Why it takes that long. What no check sees must pass in full, also where the checks hold before. */
export const reasonOf = ({ because, unseen }: WaitPart): string =>
  unseen ? `${because}: in full, as no check sees it` : because;

function checkLines(check: PlanCheck, shell: ShellWords): string[] {
  return [
    ...item('   Check that ', `${check.holds}:`),
    ...commandLines(shell.commandOf(check.task) ?? ''),
    ...answerOf(check).flatMap((answer) => item('     ', answer)),
  ];
}

/** What the answer to a check must be, each as a sentence. */
export function answerOf({ shows, lacks }: PlanCheck): string[] {
  return [
    ...(shows === undefined ? [] : [`It must show: ${shows}`]),
    ...(lacks === undefined ? [] : [`It must not show: ${lacks}`]),
  ];
}

/** How long all waits take. */
export const waitsText = ({ seconds }: Plan): string =>
  seconds > 0 ? `with waits of at most ${span(seconds)} together` : 'without any wait';

/** `1 step`, `2 steps`. */
const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A sentence with something before it, in lines that fit; those that follow are indented as far. */
function item(before: string, sentence: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(sentence).split(' ')) {
    if (line !== '' && before.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  const indent = ' '.repeat(before.length > WIDTH / 3 ? 6 : before.length);
  return [...lines, line].map((each, index) => `${index === 0 ? before : indent}${each}`);
}
