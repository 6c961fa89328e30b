import { columns, oneLine } from '../core';
import { LEGIBLE } from './analysis/table';
import type { Mesh } from './mesh';
import type { Member } from './model';

/** Widest mark, and the room between columns. */
const CELL = 'spiffe'.length;
const GAP = '  ';

/**
 * Who believes whom, as lines of text: a row for each member that believes, a column for each that is believed, by their
 * numbers. `web` and `spiffe` name the profile of the endpoint, `?` a provider without one, `·` no trust, `—` the member
 * itself. Above 20 members, counts instead.
 */
export function trustMatrix(mesh: Mesh): string[] {
  const { members } = mesh;
  if (members.length === 0) return ['no members'];
  return members.length > LEGIBLE ? counts(mesh) : matrix(mesh);
}

function matrix(mesh: Mesh): string[] {
  const { members } = mesh;
  const labels = members.map(({ name }, index) => labelOf(name, index, members.length));
  const width = Math.max(...labels.map((label) => label.length), 'believes'.length);
  const row = (label: string, cells: readonly string[]): string =>
    [label.padEnd(width), ...cells.map((cell) => cell.padEnd(CELL))].join(GAP).trimEnd();
  return [
    row(
      'believes',
      members.map((_, index) => String(index + 1)),
    ),
    ...members.map((consumer, index) =>
      row(
        labels[index] as string,
        members.map((provider, column) => (column === index ? '—' : markOf(mesh, consumer, provider))),
      ),
    ),
  ];
}

function markOf(mesh: Mesh, consumer: Member, provider: Member): string {
  if (!mesh.hasEdge(consumer.name, provider.name)) return '·';
  return profileName(provider) ?? '?';
}

/** The profile of a member's endpoint in one word; undefined when it has no endpoint. */
export const profileName = ({ endpoint }: Member): string | undefined => endpoint?.profile.replace('https_', '');

function counts(mesh: Mesh): string[] {
  const { members } = mesh;
  const rows = members.map((member, index) => [
    labelOf(member.name, index, members.length),
    String(mesh.providersOf(member.name).size),
    String(mesh.believersOf(member.name).length),
    profileName(member) ?? '?',
  ]);
  return columns([['member', 'believes', 'is believed by', 'profile'], ...rows]);
}

/** A number from 1, as wide as the widest, and the name, whatever was given for it. */
const labelOf = (name: string, index: number, count: number): string =>
  `${String(index + 1).padStart(String(count).length)} ${oneLine(name)}`;
