import type { IConstruct } from 'constructs';
import { type Finding, factsOf, findingCounts, findingLines, shellWord } from '../core';
import type { Needs } from './needs';
import { type ClusterPlan, commandsOf } from './plan';

/**
 * What a person wants to know after a synth: per cluster its facts, its objects per wave, what was found, and the
 * commands that install it.
 *
 * @param folder the output folder as the commands shall name it
 * @param sections lines that constructs add, such as a mesh's picture
 * @param needs what must be there before a cluster's pods can start, and is not made here
 * @param root of the tree, by whose clusters the findings are grouped
 * @param delivery what is left to do where files are delivered from a repository, in place of the commands
 */
export function summaryOf(
  plans: readonly ClusterPlan[],
  findings: readonly Finding[],
  folder: string,
  needs: ReadonlyMap<ClusterPlan, Needs> = new Map(),
  sections: readonly string[] = [],
  root?: IConstruct,
  delivery?: readonly string[],
): string {
  const lines: string[] = [];
  for (const plan of plans) {
    lines.push(title(plan), '', ...waveTable(plan, folder), '');
  }
  if (sections.length > 0) lines.push(...sections, '');
  lines.push(...listing(findings, root), '');
  for (const plan of plans) {
    lines.push(...needLines(plan, needs.get(plan)));
    if (plans.length > 1 || delivery) continue;
    const script = (name: string) => `sh ${shellWord(`${folder}/${plan.name}/${name}`)}`;
    lines.push(`To install ${plan.name}: ${script('install.sh')}, which runs, one wave after the other:`, '');
    for (const step of plan.steps) {
      for (const words of commandsOf(step, folder)) lines.push(`  kubectl ${words.map(shellWord).join(' ')}`);
    }
    lines.push('', `To remove it again: ${script('remove.sh')}`, '');
  }
  if (delivery) lines.push(...delivery, ...scriptLines(plans, folder));
  else if (plans.length > 1) lines.push(...allLines(plans, folder));
  return lines.join('\n');
}

function title(plan: ClusterPlan): string {
  return [plan.name, ...factsOf(plan.cluster).map(({ label, value }) => `${label} ${value}`)].join(' · ');
}

function waveTable(plan: ClusterPlan, folder: string): string[] {
  const rows = plan.steps.map((step) => [step.wave.name, String(step.objects.length), `${folder}/${step.file}`]);
  const total = plan.steps.reduce((sum, step) => sum + step.objects.length, 0);
  const table = [['wave', 'objects', 'file'], ...rows, ['', String(total), '']];
  const width = Math.max(...table.map(([name = '']) => name.length));
  return table.map(([name = '', count = '', file = '']) =>
    `  ${name.padEnd(width)}  ${count.padStart(7)}  ${file}`.trimEnd(),
  );
}

function needLines(plan: ClusterPlan, { groups, objects }: Needs = { groups: [], objects: [] }): string[] {
  const lines: string[] = [];
  if (groups.length > 0) {
    const rows = groups.map(({ group, kinds }) => `  ${group}, for ${kinds.join(' and ')}`);
    lines.push(
      `${plan.name} needs resource definitions that are not made here; install what brings them first:`,
      ...rows,
      '',
    );
  }
  if (objects.length > 0) {
    const rows = objects.map(({ kind, namespace, name, user }) => `  ${kind} ${namespace}/${name}, for ${user}`);
    lines.push(`${plan.name} needs what is not made here, and waits until it is there:`, ...rows, '');
  }
  return lines;
}

/** The commands of all clusters would bury the rest. */
function allLines(plans: readonly ClusterPlan[], folder: string): string[] {
  const [first] = plans as [ClusterPlan];
  const script = (name: string) => `sh ${shellWord(`${folder}/${name}`)}`;
  return [
    `To install all ${plans.length}, wave by wave, each cluster by the kubectl context of its name:`,
    '',
    `  ${script('install.sh')}`,
    '',
    `A context of another name is an argument (${shellWord(`${first.name}=CONTEXT`)}). One cluster alone: ${script(`${first.name}/install.sh`)} --context CONTEXT.`,
    `To remove all again: ${script('remove.sh')}`,
    '',
  ];
}

/** Beside a delivery, the scripts are for the first installation, and for the removal. */
function scriptLines(plans: readonly ClusterPlan[], folder: string): string[] {
  const [first] = plans;
  if (!first) return [];
  const place = plans.length > 1 ? folder : `${folder}/${first.name}`;
  const script = (name: string) => `sh ${shellWord(`${place}/${name}`)}`;
  return [
    `By hand: ${script('install.sh')}; to remove it, when nobody delivers it any more: ${script('remove.sh')}`,
    '',
  ];
}

function listing(findings: readonly Finding[], root: IConstruct | undefined): string[] {
  if (findings.length === 0) return ['Findings: none'];
  return [`Findings: ${findingCounts(findings)}`, ...findingLines(findings, root)];
}
