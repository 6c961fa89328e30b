import { Construct } from 'constructs';
import { addReport, reportsOf } from '../../lib/core';
import { newChart } from './fixtures';

test('sections are made when they are asked for, in construct order', () => {
  const chart = newChart();
  const [a, b] = [new Construct(chart, 'a'), new Construct(chart, 'b')];
  let state = 'early';
  addReport(b, () => ({ kind: 'last' }));
  addReport(a, () => ({ kind: 'first', state }));
  const reports = reportsOf(chart);
  state = 'late';
  expect(reports.map(({ construct, section }) => [construct, section()])).toEqual([
    [a, { kind: 'first', state: 'late' }],
    [b, { kind: 'last' }],
  ]);
});

test('a second section takes the place of the first', () => {
  const chart = newChart();
  addReport(chart, () => ({ kind: 'old' }));
  addReport(chart, () => ({ kind: 'new' }));
  expect(reportsOf(chart).map(({ section }) => section().kind)).toEqual(['new']);
});
