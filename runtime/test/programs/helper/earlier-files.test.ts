import { EarlierFiles } from '../../../src/programs/helper/earlier-files';
import { WorkloadApiError } from '../../../src/workload-api';

const denied = new WorkloadApiError('permission-denied', 'denied');
const remove = jest.fn();

let files: EarlierFiles;

beforeEach(() => {
  jest.useFakeTimers();
  remove.mockReset();
  files = new EarlierFiles(remove);
});

afterEach(() => {
  jest.useRealTimers();
});

test('they are removed once the identity is denied for 10 seconds, however often', () => {
  files.failed(denied);
  jest.advanceTimersByTime(6_000);
  files.failed(denied);
  jest.advanceTimersByTime(3_999);
  expect(remove).not.toHaveBeenCalled();
  jest.advanceTimersByTime(60_000);
  expect(remove).toHaveBeenCalledTimes(1);
});

test('they stay when there is an identity before that, and whatever fails later', () => {
  files.failed(denied);
  jest.advanceTimersByTime(1_700);
  files.close();
  files.failed(denied);
  jest.advanceTimersByTime(60_000);
  expect(remove).not.toHaveBeenCalled();
});

test('they stay when it is not denied', () => {
  files.failed(new WorkloadApiError('unavailable', 'nobody is there'));
  files.failed(new Error('anything'));
  jest.advanceTimersByTime(60_000);
  expect(remove).not.toHaveBeenCalled();
});
