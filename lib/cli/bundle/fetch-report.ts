import { countOf, oneLine } from '../../core';
import { bundleView, type JwtView, type X509View } from '../../federation';
import { authorityLines, countText } from './bundle-text';
import type { BundleFetchProblem } from './fetching';
import type { Stored, StoreOptions } from './store-bundle';

/** What has become of one trust domain. */
export type Outcome = {
  readonly trustDomain: string;
  /** Name of the member. @default - no federation was asked */
  readonly member?: string;
} & (
  | ({ readonly from: string; readonly provenBy: string } & Stored)
  | {
      readonly state: 'failed';
      /** That of the fetch; or nothing proves the bundle, or it was fetched and could not be written. */
      readonly problem: BundleFetchProblem | 'no-way' | 'not-stored';
      readonly message: string;
    }
);

/** What was fetched, to read. */
export function fetchLines(outcomes: readonly Outcome[], { now, folder }: StoreOptions): string {
  if (outcomes.length === 0)
    return 'No bundle is needed: every endpoint can be verified without, or by one of the program.\n';
  const blocks = outcomes.map((outcome) =>
    [outcome.trustDomain, ...linesOf(outcome, now).map((line) => `  ${line}`)].map(oneLine).join('\n'),
  );
  return `${[...blocks, oneLine(sumOf(outcomes, folder))].join('\n\n')}\n`;
}

function linesOf(outcome: Outcome, now: Date): string[] {
  if (outcome.state === 'failed') return [`failed: ${outcome.message}`];
  const origin = [`from       ${outcome.from}`, `proof      ${outcome.provenBy}`];
  if (outcome.state === 'refused') {
    const { message, remedy } = outcome.problem;
    return [...origin, `refused: it ${message}; ${remedy}`];
  }
  const { bundle, difference, ended, warnings, file, state } = outcome;
  const count = countText(bundleView(bundle));
  return [
    ...origin,
    `${state.padEnd(10)} ${file}${state === 'unchanged' ? `: ${count}` : ''}`,
    ...(state === 'unchanged' ? [] : authorityLines('+', difference.added, now)),
    ...authorityLines('-', difference.removed, now),
    ...(ended > 0
      ? [
          `left out: ${countOf(ended, 'X.509 authority', 'X.509 authorities')} that ${ended === 1 ? 'has' : 'have'} ended`,
        ]
      : []),
    ...warnings.map(({ at, message, remedy }) => `warning: ${at === '' ? 'it' : at.slice(1)} ${message}; ${remedy}`),
  ];
}

function sumOf(outcomes: readonly Outcome[], folder: string): string {
  const count = (...states: readonly Outcome['state'][]) =>
    outcomes.filter(({ state }) => states.includes(state)).length;
  const parts = [
    `${countOf(count('new', 'changed'), 'bundle')} written to '${folder}'`,
    `${count('unchanged')} unchanged`,
    ...(count('refused') > 0 ? [`${count('refused')} refused`] : []),
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
  ];
  return parts.join(', ');
}

/** The same for programs. */
export function fetchJson(outcomes: readonly Outcome[]): string {
  const bundles = outcomes.map((outcome) => {
    const { trustDomain, member, state } = outcome;
    const named = { trustDomain, ...(member !== undefined && { member }), state };
    if (outcome.state === 'failed') return { ...named, problem: outcome.problem, message: outcome.message };
    const proven = { ...named, from: outcome.from, provenBy: outcome.provenBy };
    if (outcome.state === 'refused') return { ...proven, ...outcome.problem };
    const { file, bundle, difference, ended, warnings } = outcome;
    return {
      ...proven,
      file,
      digest: bundleView(bundle).digest,
      added: idsOf(difference.added),
      removed: idsOf(difference.removed),
      ended,
      warnings: warnings.map(({ at, message, remedy }) => ({ at, message, remedy })),
    };
  });
  return `${JSON.stringify({ schema: 'spirekit/bundle-fetch/v1', bundles }, undefined, 2)}\n`;
}

const idsOf = ({ x509, jwt }: { readonly x509: readonly X509View[]; readonly jwt: readonly JwtView[] }) => ({
  x509: x509.map(({ fingerprint }) => fingerprint),
  jwt: jwt.map(({ keyId }) => keyId),
});
