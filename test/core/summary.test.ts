import { addSummary, summaryLinesOf } from '../../lib/core';
import { configMap, newChart } from './fixtures';

test('lines are made when they are asked for, in construct order, each section by itself', () => {
  const chart = newChart();
  const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
  let state = 'early';
  addSummary(b, () => ['last']);
  addSummary(a, () => [state]);
  addSummary(a, () => []);
  addSummary(a, () => ['second', 'third']);
  state = 'late';
  expect(summaryLinesOf(chart)).toEqual(['late', '', 'second', 'third', '', 'last']);
});
