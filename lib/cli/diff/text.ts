import { countOf, oneLine } from '../../core';
import { approvalText, type DecidedChange, sentenceOf } from '../../federation';
import { allChanges, type ComparedMesh, countChanges, countWords, GONE_REMEDY, GROUPS, groupOf } from './comparison';

/** What a person wants to see: the changes of each mesh, the most urgent first, and how to approve them. */
export function diffText(meshes: readonly ComparedMesh[], lock: string): string {
  const all = allChanges(meshes);
  return [
    ...meshes.flatMap((mesh) => [...meshLines(mesh, lock), '']),
    `Changes: ${countWords(countChanges(all))}`,
    ...meshes.flatMap(approvalLines),
  ]
    .map((line) => `${oneLine(line).trimEnd()}\n`)
    .join('');
}

function meshLines({ name, state, changes, vain }: ComparedMesh, lock: string): string[] {
  if (state === 'new')
    return [`Federation ${name}: ${lock} does not know it; 'spirekit lock' takes it up when it is deployed`];
  if (state === 'gone') return [`Federation ${name}: the program has it no more; ${GONE_REMEDY}`];
  return [
    `Federation ${name}: ${changes.length === 0 ? 'no changes' : countOf(changes.length, 'change')} since ${lock}`,
    ...GROUPS.flatMap(([group, title]) =>
      groupLines(
        title,
        changes.filter((each) => groupOf(each) === group),
      ),
    ),
    ...(vain.length === 0 ? [] : ['', '  Approvals of nothing: remove them']),
    ...vain.map(({ change, reason }) => `    ${change}  (${reason})`),
  ];
}

const groupLines = (title: string, changes: readonly DecidedChange[]): string[] =>
  changes.length === 0 ? [] : ['', `  ${title}: ${changes.length}`, ...changes.flatMap(changeLines)];

function changeLines({ change, approved }: DecidedChange): string[] {
  const { id, was, is, remedy } = change;
  const facts = [
    [undefined, sentenceOf(change)],
    ['was', was],
    ['is', is],
    ['approved', approved],
    ['do', approved === undefined ? remedy : undefined],
  ] as const;
  return [
    `    ${id}`,
    ...facts.flatMap(([word, text]) =>
      text === undefined ? [] : `      ${word === undefined ? '' : `${word}: `}${text}`,
    ),
  ];
}

/** What to paste into the program. */
function approvalLines({ name, changes }: ComparedMesh): string[] {
  const open = changes.filter((each) => groupOf(each) === 'approval');
  if (open.length === 0) return [];
  return [
    '',
    `To approve, in the properties of the FederationMesh '${name}', each with its reason:`,
    '  approve: [',
    ...open.map(({ change }) => `    ${approvalText(change)},`),
    '  ],',
  ];
}
