import { after } from '../../src/core';

const DAY_MS = 24 * 3600 * 1000;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('after', () => {
  it('acts once, when the time has come', () => {
    const action = jest.fn();
    after(1000, action);
    jest.advanceTimersByTime(999);
    expect(action).not.toHaveBeenCalled();
    jest.advanceTimersByTime(DAY_MS);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('waits longer than Node.js can at once', () => {
    const action = jest.fn();
    after(60 * DAY_MS, action);
    jest.advanceTimersByTime(60 * DAY_MS - 1);
    expect(action).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('acts at once when the time is over', () => {
    const action = jest.fn();
    after(-5, action);
    jest.advanceTimersByTime(0);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('does not act when it was cancelled, however long it would have been', () => {
    const action = jest.fn();
    const timers = [after(1000, action), after(60 * DAY_MS, action), after(Number.POSITIVE_INFINITY, action)];
    jest.advanceTimersByTime(500);
    for (const timer of timers) timer.cancel();
    jest.advanceTimersByTime(100 * DAY_MS);
    expect(action).not.toHaveBeenCalled();
  });
});
