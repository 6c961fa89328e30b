import { countOf, oneLine } from '../../core';
import { approvalText, type DecidedChange, sentenceOf } from '../../federation';
import { allChanges, type ComparedMesh, countChanges, countWords, GONE_REMEDY, GROUPS, groupOf } from './comparison';

/** GitHub takes a comment of 65,536 characters, and GitLab a longer one; with room for what stands around the changes. */
const LONGEST = 60_000;

/** The changes as a comment on the request that makes them. */
export function diffMarkdown(meshes: readonly ComparedMesh[], lock: string): string {
  const room = new Room(LONGEST);
  const bodies = meshes.map((mesh) => meshPart(mesh, lock, room));
  const left =
    room.left > 0 ? [`${countOf(room.left, 'change')} more: <code>spirekit diff</code> shows them all.`] : [];
  const counts = `**Changes of the federation: ${countWords(countChanges(allChanges(meshes)))}**`;
  return `${[counts, ...bodies.flat(), ...left].join('\n\n')}\n`;
}

/** How much may still be written; of what is urgent first, the rest is counted. */
class Room {
  left = 0;

  constructor(private characters: number) {}

  /** The parts that there is room for. */
  take(parts: readonly string[]): string[] {
    return parts.filter((part) => {
      if (this.left > 0 || part.length > this.characters) {
        this.left++;
        return false;
      }
      this.characters -= part.length;
      return true;
    });
  }
}

function meshPart({ name, state, changes, vain }: ComparedMesh, lock: string, room: Room): string[] {
  const title = (what: string) => `### Federation ${code(name)}: ${what}`;
  if (state === 'new') return [title(`${code(lock)} does not know it`)];
  if (state === 'gone') return [title('the program has it no more'), escaped(GONE_REMEDY)];
  return [
    title(`${changes.length === 0 ? 'no changes' : countOf(changes.length, 'change')} since ${code(lock)}`),
    ...GROUPS.flatMap(([group, heading]) => {
      const own = changes.filter((each) => groupOf(each) === group);
      return own.length === 0 ? [] : [table(`${heading}: ${own.length}`, room.take(own.map(row)))];
    }),
    ...(vain.length === 0
      ? []
      : [`Approvals of nothing, to be removed: ${vain.map(({ change }) => code(change)).join(', ')}`]),
    ...approvalPart(changes, room),
  ];
}

const table = (heading: string, rows: readonly string[]): string =>
  [
    `#### ${heading}`,
    ...(rows.length === 0 ? [] : ['', '| Change | Was | Is | What it means |', '| --- | --- | --- | --- |', ...rows]),
  ].join('\n');

function row({ change, approved }: DecidedChange): string {
  const { id, was, is, remedy } = change;
  const then =
    approved !== undefined ? `<br>Approved: ${escaped(approved)}` : remedy ? `<br>To do: ${escaped(remedy)}` : '';
  const cells = [code(id), was === undefined ? '' : code(was), is === undefined ? '' : code(is)];
  return `| ${[...cells, `${escaped(sentenceOf(change))}${then}`].join(' | ')} |`;
}

function approvalPart(changes: readonly DecidedChange[], room: Room): string[] {
  const open = changes.filter((each) => groupOf(each) === 'approval');
  const lines = new Room(room.left > 0 ? 0 : LONGEST).take(open.map(({ change }) => `    ${approvalText(change)},`));
  if (lines.length === 0) return [];
  return [
    [
      '<details><summary>To approve them</summary>',
      '',
      '```ts',
      'approve: [',
      ...lines,
      '],',
      '```',
      '',
      '</details>',
    ].join('\n'),
  ];
}

/** Whatever Markdown and HTML act on, what becomes a link by itself, and what would call somebody by name. */
const SPECIAL = /[\\`*_{}[\]()<>#+!|~@&$:]|(?<=www)\./gi;

/** A text that is shown as it is, wherever it comes from. */
const escaped = (text: string): string =>
  oneLine(text).replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};${character === '@' ? '&#8203;' : ''}`);

const code = (text: string): string => `<code>${escaped(text)}</code>`;
