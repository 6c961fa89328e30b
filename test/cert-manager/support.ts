import { Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { describe as describeFinding, type FindingInput, findingsOf } from '../../lib/core';

/** A chart whose objects have the names that are written. */
export function newChart(): Chart {
  return new Chart(Testing.app(), 'test', { disableResourceNameHashes: true });
}

/** What is found below a chart, each as one line. */
export function linesOf(build: (chart: Chart) => Construct): string[] {
  const chart = newChart();
  build(chart);
  return findingsOf(chart).map(lineOf);
}

/** A finding as one line. */
export function lineOf(finding: FindingInput): string {
  return `${finding.severity ?? 'error'} ${finding.rule}: ${describeFinding(finding)}`;
}

/** The one object of a chart. */
export function objectOf(build: (chart: Chart) => Construct): unknown {
  const chart = newChart();
  build(chart);
  return Testing.synth(chart)[0];
}

/** A value of a wrong type, as plain JavaScript passes it. */
export const untyped = <T>(value: unknown): T => value as T;

/** Values that untyped JavaScript may pass for anything. */
export const NONSENSE: readonly unknown[] = [
  null,
  0,
  1,
  Number.NaN,
  '',
  'x y',
  true,
  [],
  [null],
  [[]],
  {},
  { a: 1 },
  {
    toMilliseconds: () => {
      throw new Error('no');
    },
  },
  Symbol('s'),
  1n,
  Object.create(null),
  new Date(0),
  () => undefined,
];
