import { findingCounts, isAccepted, oneLine, placeOf, pushTo, type ReportedFinding, WHOLE } from '../../core';
import type { RuleText } from '../../federation';
import { allFindings, type Proof, rulesOf } from '../proof';
import { xmlElement } from './xml';

/** What was found in one cluster or mesh, by the rules that it was held to. */
type Suite = Map<string, PlacedFinding[]>;

/** A finding with its path in the suite. */
interface PlacedFinding extends ReportedFinding {
  readonly place: string;
}

interface Case {
  readonly lines: readonly string[];
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/**
 * The findings as test results: a suite for each cluster and mesh, in it a case for each rule that was asked about it. Errors
 * fail their case; warnings are its output; a case all of whose findings are accepted is skipped, with the reason.
 *
 * @param strict warnings that are not accepted fail their case too
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export function junitReport(proof: Proof, strict: boolean): string {
  const rules = new Map(rulesOf(proof).map((rule) => [rule.id, rule]));
  const suites = [...suitesOf(proof)]
    .filter(([, suite]) => suite.size > 0)
    .map(([name, suite]) => {
      const cases = [...suite].map(([id, findings]) => caseOf(name, id, rules.get(id), findings, strict));
      const count = (outcome: Case['outcome']) => cases.filter((each) => each.outcome === outcome).length;
      const counts = { tests: cases.length, failures: count('failed'), errors: 0 };
      const lines = cases.flatMap((each) => each.lines);
      return { counts, lines: xmlElement('testsuite', { name, ...counts, skipped: count('skipped') }, lines) };
    });
  const total = (count: 'tests' | 'failures') => suites.reduce((sum, { counts }) => sum + counts[count], 0);
  const attributes = { name: 'spirekit prove', tests: total('tests'), failures: total('failures'), errors: 0 };
  const lines = suites.flatMap((suite) => suite.lines);
  return `${['<?xml version="1.0" encoding="UTF-8"?>', ...xmlElement('testsuites', attributes, lines)].join('\n')}\n`;
}

/** By name, the program as a whole first. A rule is asked about a mesh and about each of its clusters. */
function suitesOf(proof: Proof): Map<string, Suite> {
  const groups = new Set(proof.groups);
  const suites = new Map<string, Suite>(['', ...groups].map((path) => [nameOf(path), new Map()]));
  for (const { name, mesh, rules } of proof.meshes) {
    for (const path of new Set([name, ...mesh.members.map((member) => member.name)])) {
      const suite = groups.has(path) ? suites.get(nameOf(path)) : undefined;
      for (const { id } of rules) suite?.set(id, []);
    }
  }
  for (const finding of allFindings(proof)) {
    const { group, path } = placeOf(finding.path, groups);
    const suite = suites.get(nameOf(group));
    if (suite) pushTo(suite, finding.rule, { ...finding, place: path });
  }
  return suites;
}

const nameOf = (group: string): string => oneLine(group || WHOLE);

function caseOf(
  suite: string,
  id: string,
  rule: RuleText | undefined,
  findings: readonly PlacedFinding[],
  strict: boolean,
): Case {
  const attributes = { name: oneLine(rule ? `${id} ${rule.title}` : id), classname: suite };
  const fails = (it: PlacedFinding) => it.severity === 'error' || (strict && !isAccepted(it));
  const failures = findings.filter(fails);
  const others = findings.filter((it) => !fails(it));
  const output = others.length === 0 ? [] : xmlElement('system-out', {}, linesOf(others));
  if (failures.length > 0) {
    const type = failures.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
    const failure = xmlElement('failure', { message: messageOf(failures), type }, linesOf(failures));
    return { lines: xmlElement('testcase', attributes, [...failure, ...output]), outcome: 'failed' };
  }
  const areAccepted = findings.length > 0 && findings.every(isAccepted);
  const reasons = [...new Set(findings.map(({ accepted = '' }) => oneLine(accepted)))];
  const skipped = areAccepted ? xmlElement('skipped', { message: `accepted: ${reasons.join('; ')}` }) : [];
  return {
    lines: xmlElement('testcase', attributes, [...skipped, ...output]),
    outcome: areAccepted ? 'skipped' : 'passed',
  };
}

function messageOf(findings: readonly PlacedFinding[]): string {
  const [first] = findings as readonly [PlacedFinding, ...PlacedFinding[]];
  return findings.length === 1 ? oneLine(first.text) : findingCounts(findings);
}

/** A line for each. */
const linesOf = (findings: readonly PlacedFinding[]): string =>
  findings
    .map((finding) => {
      const { severity, place, text, accepted } = finding;
      const where = place === '' ? '' : `${place}: `;
      return oneLine(isAccepted(finding) ? `accepted (${accepted}): ${where}${text}` : `${severity}: ${where}${text}`);
    })
    .join('\n');
