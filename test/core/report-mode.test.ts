import { NOW_VARIABLE, REPORT_VARIABLE, reportFolder, reportNow } from '../../lib/core';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('off, unless a folder is named', () => {
  delete process.env[REPORT_VARIABLE];
  expect(reportFolder()).toBeUndefined();
  process.env[REPORT_VARIABLE] = '';
  expect(reportFolder()).toBeUndefined();
  process.env[REPORT_VARIABLE] = 'reports';
  expect(reportFolder()).toBe('reports');
});

test('the moment is that of the report alone', () => {
  process.env[NOW_VARIABLE] = '2026-06-01T00:00:00Z';
  delete process.env[REPORT_VARIABLE];
  expect(reportNow()).toBeUndefined();
  process.env[REPORT_VARIABLE] = 'reports';
  expect(reportNow()).toEqual(new Date('2026-06-01T00:00:00Z'));
});

test.each(['', 'tomorrow'])('a moment %j is none', (moment) => {
  process.env[REPORT_VARIABLE] = 'reports';
  process.env[NOW_VARIABLE] = moment;
  expect(reportNow()).toBeUndefined();
});
