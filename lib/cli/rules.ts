import { MESH_RULES, type MeshRule } from '../federation';
import { EXIT, UsageFailure } from './failure';
import { readOptions } from './options';
import { write } from './output';

/** `spirekit rules [ID]`: the catalogue, or one rule in full. */
export async function rules(args: readonly string[]): Promise<number> {
  const [id] = readOptions('rules', args, {}).positionals;
  await write(process.stdout, id === undefined ? catalogue() : inFull(ruleOf(id)));
  return EXIT.ok;
}

function catalogue(): string {
  const width = Math.max(...MESH_RULES.map((rule) => rule.id.length));
  return MESH_RULES.map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}\n`).join('');
}

function ruleOf(id: string): MeshRule {
  const rule = MESH_RULES.find((each) => each.id.toUpperCase() === id.toUpperCase());
  if (rule) return rule;
  throw new UsageFailure(`there is no rule '${id}'; 'spirekit rules' shows them all`, 'rules');
}

function inFull({ id, severity, title, text, remedy, source, shownBy = [] }: MeshRule): string {
  const shown = shownBy.length === 0 ? '' : `Shown by: ${shownBy.join(', ')} (live tests of spirekit)\n`;
  return `${id}  ${severity}  ${title}\n\n${text}\n\nRemedy: ${remedy}.\nSource: ${source}\n${shown}`;
}
