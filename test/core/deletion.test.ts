import { isDeletedInBackground, setBackgroundDeletion } from '../../lib/core';
import { configMap, newChart } from './fixtures';

test('an object is deleted with its parts, unless it says otherwise', () => {
  const chart = newChart();
  const [plain, owner] = [configMap(chart, 'plain'), configMap(chart, 'owner')];
  setBackgroundDeletion(owner);
  expect([plain, owner].map(isDeletedInBackground)).toEqual([false, true]);
});
