import { columns, countOf, oneLine, pushTo } from '../../core';
import type { CheckText, Verdict, VerdictState, Verification } from '../../verify';
import { countVerdicts, worstOf } from '../../verify';
import { pairSubject } from './subject';

/** Members above which a table of all edges is no help. */
const LEGIBLE = 20;

/** How a state shows in a table. */
const MARKS: Readonly<Record<VerdictState, string>> = { ok: 'ok', warning: 'warn', error: 'WRONG', unseen: '?' };

/** What a person wants to see: what was found of each cluster, of each edge, and in full all that is not well. */
export function verifyText(verification: Verification, name: string): string {
  const { members, edges, verdicts, declared, checks } = verification;
  const by = declared ? 'as it is declared' : 'as the clusters have it';
  const lines = [
    `Federation ${oneLine(name)}, ${by}: ${countOf(members.length, 'member')}, ${countOf(edges.length, 'directed edge')}`,
    '',
    ...indented(memberTable(verification)),
    '',
    ...indented(checkTable(verification)),
    ...(edges.length > 0 && checks.some(({ about }) => about === 'edge')
      ? ['', ...indented(edgeTable(verification))]
      : []),
    '',
    `Findings: ${countText(verdicts)}`,
    ...findingLines(verification),
  ];
  return `${lines.join('\n')}\n`;
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`.trimEnd());

/** Counts in words, the worst first. */
export function countText(verdicts: readonly Pick<Verdict, 'state'>[]): string {
  const { error, unseen, warning, ok } = countVerdicts(verdicts);
  const bad = [
    ...(error > 0 ? [countOf(error, 'error')] : []),
    ...(unseen > 0 ? [`${unseen} not seen`] : []),
    ...(warning > 0 ? [countOf(warning, 'warning')] : []),
  ];
  return [...(bad.length > 0 ? bad : ['none']), `${ok} ok`].join(', ');
}

function memberTable({ members }: Verification): string[] {
  return columns([
    ['member', 'context', 'trust domain', 'answers', 'SPIRE'],
    ...members.map(({ name, context, trustDomain, answers, installation }) => [
      name,
      context ?? '—',
      trustDomain,
      context === undefined ? 'external' : answers ? 'yes' : 'no',
      installation ?? '—',
    ]),
  ]);
}

/** A row for each check of clusters and endpoints, a column for each member. */
function checkTable({ checks, members, verdicts }: Verification): string[] {
  const own = checks.filter(({ about }) => about !== 'edge');
  if (own.length === 0) return [];
  const marks = new Map<string, VerdictState[]>();
  for (const { check, member, peer, state } of verdicts) {
    if (peer !== undefined) continue;
    pushTo(marks, JSON.stringify([check, member]), state);
  }
  const cell = (check: string, member: string): string => {
    const worst = worstOf(marks.get(JSON.stringify([check, member])) ?? []);
    return worst === undefined ? '·' : MARKS[worst];
  };
  if (members.length > LEGIBLE) {
    const states: readonly VerdictState[] = ['ok', 'warning', 'error', 'unseen'];
    const worst = (check: string) => members.map(({ name }) => worstOf(marks.get(JSON.stringify([check, name])) ?? []));
    return columns([
      ['', 'check', ...states],
      ...own.map(({ id, title }) => [
        id,
        title,
        ...states.map((state) => String(worst(id).filter((each) => each === state).length)),
      ]),
    ]);
  }
  return columns([
    ['', 'check', ...members.map(({ name }) => name)],
    ...own.map(({ id, title }) => [id, title, ...members.map(({ name }) => cell(id, name))]),
  ]);
}

/** Who believes whom, and how that stands. */
function edgeTable({ members, edges, verdicts }: Verification): string[] {
  const states = new Map<string, VerdictState[]>();
  for (const { member, peer, state } of verdicts) {
    if (peer === undefined) continue;
    pushTo(states, JSON.stringify([member, peer]), state);
  }
  const known = new Set(edges.map(({ consumer, provider }) => JSON.stringify([consumer, provider])));
  const mark = (consumer: string, provider: string): string => {
    const key = JSON.stringify([consumer, provider]);
    if (consumer === provider) return '—';
    const worst = worstOf(states.get(key) ?? []);
    // Where there is no edge, that nobody is believed is nothing to be shown.
    if (!known.has(key)) return worst === undefined || worst === 'ok' ? '·' : MARKS[worst];
    // Nobody can see what an external member holds.
    return worst === undefined ? 'n/a' : MARKS[worst];
  };
  if (members.length > LEGIBLE) {
    const count = (state: VerdictState | undefined) =>
      edges.filter(
        ({ consumer, provider }) => worstOf(states.get(JSON.stringify([consumer, provider])) ?? []) === state,
      ).length;
    return [
      `edges: ${count('ok')} ok, ${count('warning')} with warnings, ${count('error')} wrong, ${count('unseen')} not seen`,
    ];
  }
  return columns([
    ['believes', ...members.map((_, index) => String(index + 1))],
    ...members.map(({ name: consumer }, index) => [
      `${index + 1} ${consumer}`,
      ...members.map(({ name: provider }) => mark(consumer, provider)),
    ]),
  ]);
}

/** What is not well, the same thing said once: by whom it concerns, in the order of members. */
function findingLines({ verdicts, checks, members, edges }: Verification): string[] {
  const texts = new Map(checks.map((check) => [check.id, check]));
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.state === 'ok') continue;
    const { member, peer, state, what, where, check } = verdict;
    // A cluster that does not answer is one finding, whatever was asked.
    const same = state === 'unseen' ? [member, state, what] : [member, peer, state, what, where, check];
    pushTo(groups, JSON.stringify(same), verdict);
  }
  const place = new Map(members.map(({ name }, index) => [name, index]));
  const rank = ([first]: readonly Verdict[]): number =>
    (place.get(first?.member ?? '') ?? members.length) * 2 + (first?.peer === undefined ? 0 : 1);
  return [...groups.values()]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((group) => ['', ...indented(findingOf(group, texts, edges))]);
}

const WORDS: Readonly<Record<VerdictState, string>> = {
  ok: 'ok',
  warning: 'warning',
  error: 'error',
  unseen: 'not seen',
};

function findingOf(
  group: readonly Verdict[],
  texts: ReadonlyMap<string, CheckText>,
  edges: Verification['edges'],
): string[] {
  const [first] = group as readonly [Verdict, ...Verdict[]];
  const ids = [...new Set(group.map(({ check }) => check))];
  const peers = [...new Set(group.flatMap(({ peer }) => peer ?? []))];
  const areEdges = group.every(({ peer }) => peer !== undefined);
  const subject = areEdges ? pairSubject(first.member, peers, edges) : first.member;
  const title = ids.length === 1 ? (texts.get(ids[0] ?? '')?.title ?? '') : `${ids.length} checks`;
  const rows: [string, string][] = [
    ['what', first.what],
    ...(first.where === '' ? [] : ([['where', first.where]] as [string, string][])),
    ...(first.evidence === '' ? [] : ([['evidence', first.evidence]] as [string, string][])),
    ...first.causes.map((cause, index): [string, string] => [index === 0 ? 'causes' : '', `${index + 1}. ${cause}`]),
    ...(first.next === '' || group.some(({ next }) => next !== first.next)
      ? []
      : ([['next', first.next]] as [string, string][])),
  ];
  return [
    oneLine(`${WORDS[first.state]}  ${ids.join(', ')}  ${subject}: ${title}`),
    ...rows.map(([label, text]) => `  ${label.padEnd(9)} ${oneLine(text)}`),
  ];
}
