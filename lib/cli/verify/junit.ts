import { oneLine, pushTo } from '../../core';
import type { CheckText, Verdict, Verification } from '../../verify';
import { xmlElement } from '../report/xml';
import { pairSubject } from './subject';

/** What a case came to. */
type CaseOutcome = 'passed' | 'failed' | 'error';

/**
 * The verdicts as test results: a suite for each member and for each edge, in it a case for each check. What is wrong fails its case;
 * what was not seen is an error of it, as JUnit calls what could not be tested; warnings are output.
 *
 * @param strict warnings fail their case too
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function verifyJunit({ verdicts, checks, members, edges }: Verification, strict: boolean): string {
  const texts = new Map(checks.map((check) => [check.id, check]));
  const suites = new Map<string, Map<string, Verdict[]>>();
  for (const { name } of members) suites.set(name, new Map());
  const pairName = (member: string, peer: string): string => pairSubject(member, [peer], edges);
  for (const { consumer, provider } of edges) suites.set(pairName(consumer, provider), new Map());
  for (const verdict of verdicts) {
    const name = verdict.peer === undefined ? verdict.member : pairName(verdict.member, verdict.peer);
    const suite = suites.get(name) ?? new Map<string, Verdict[]>();
    suites.set(name, suite);
    pushTo(suite, verdict.check, verdict);
  }
  const written = [...suites]
    .filter(([, cases]) => cases.size > 0)
    .map(([name, cases]) => {
      const all = [...cases].map(([id, found]) => caseOf(name, id, texts.get(id), found, strict));
      const count = (outcome: CaseOutcome) => all.filter((each) => each.outcome === outcome).length;
      const counts = { tests: all.length, failures: count('failed'), errors: count('error') };
      const lines = all.flatMap((each) => each.lines);
      return { counts, lines: xmlElement('testsuite', { name: oneLine(name), ...counts, skipped: 0 }, lines) };
    });
  const total = (count: 'tests' | 'failures' | 'errors') => written.reduce((sum, { counts }) => sum + counts[count], 0);
  const attributes = {
    name: 'spirekit verify',
    tests: total('tests'),
    failures: total('failures'),
    errors: total('errors'),
  };
  const lines = written.flatMap((suite) => suite.lines);
  return `${['<?xml version="1.0" encoding="UTF-8"?>', ...xmlElement('testsuites', attributes, lines)].join('\n')}\n`;
}

function caseOf(suite: string, id: string, text: CheckText | undefined, found: readonly Verdict[], strict: boolean) {
  const attributes = { name: oneLine(text ? `${id} ${text.title}` : id), classname: oneLine(suite) };
  const failing = found.filter(({ state }) => state === 'error' || (strict && state === 'warning'));
  const blind = found.filter(({ state }) => state === 'unseen');
  const others = found.filter((each) => !failing.includes(each) && !blind.includes(each));
  const lines = [
    ...(failing.length > 0
      ? xmlElement('failure', { message: messageOf(failing), type: 'error' }, textOf(failing))
      : []),
    ...(blind.length > 0 ? xmlElement('error', { message: messageOf(blind), type: 'unseen' }, textOf(blind)) : []),
    ...(others.length > 0 ? xmlElement('system-out', {}, textOf(others)) : []),
  ];
  const outcome: CaseOutcome = failing.length > 0 ? 'failed' : blind.length > 0 ? 'error' : 'passed';
  return { outcome, lines: xmlElement('testcase', attributes, lines) };
}

const messageOf = ([first, ...others]: readonly Verdict[]): string =>
  oneLine(`${first?.what ?? ''}${others.length > 0 ? ` (and ${others.length} more)` : ''}`);

/** A paragraph for each. */
const textOf = (verdicts: readonly Verdict[]): string =>
  verdicts
    .map(({ state, what, where, evidence, causes, next }) =>
      [
        `${state}: ${where === '' ? '' : `${where}: `}${what}`,
        ...(evidence === '' ? [] : [`evidence: ${evidence}`]),
        ...causes.map((cause, index) => `likely cause ${index + 1}: ${cause}`),
        ...(next === '' ? [] : [`next: ${next}`]),
      ]
        .map(oneLine)
        .join('\n'),
    )
    .join('\n');
