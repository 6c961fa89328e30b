import { Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { describe as describeFinding, findingsOf } from '../../lib/core';

/** What is found below a chart, each as one line. */
export function linesOf(build: (chart: Chart) => Construct): string[] {
  const app = Testing.app();
  build(new Chart(app, 'test', { disableResourceNameHashes: true }));
  return findingsOf(app).map((found) => `${found.severity} ${found.rule}: ${describeFinding(found)}`);
}

/** The objects of a chart. */
export function objectsOf(build: (chart: Chart) => Construct): unknown[] {
  const chart = new Chart(Testing.app(), 'test', { disableResourceNameHashes: true });
  build(chart);
  return Testing.synth(chart);
}

/** Values that untyped JavaScript may pass for anything. */
export const NONSENSE: readonly unknown[] = [
  null,
  0,
  1,
  Number.NaN,
  '',
  'x',
  '{{',
  true,
  false,
  [],
  [null],
  [1],
  [[]],
  {},
  { a: 1 },
  Symbol('s'),
  1n,
  Object.create(null),
  new Date(0),
  () => undefined,
  () => {
    throw new Error('no');
  },
];
