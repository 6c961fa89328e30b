import { CommandFailure, Interrupted } from '../../../lib/cli/failure';
import { withProgress } from '../../../lib/cli/image/work';
import { ImageError } from '../../../lib/image';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = () => SIGNALS.map((signal) => process.listenerCount(signal));
const before = listeners();
afterEach(() => expect(listeners()).toEqual(before));

test('gives what was done', async () => {
  expect(await withProgress(async (_, signal) => signal.aborted)).toBe(false);
});

test.each([
  ['one problem; a remedy', 'one problem; a remedy'],
  ['one; mend it\ntwo; mend it', 'one; mend it; two; mend it'],
  ['cannot be bundled, 1 error:\n  a.ts:1:1: wrong', 'cannot be bundled, 1 error: a.ts:1:1: wrong'],
])('what the user can mend is said on one line: %j', async (message, expected) => {
  await expect(withProgress(() => Promise.reject(new ImageError(message)))).rejects.toEqual(
    new CommandFailure(expected),
  );
});

test('what nobody has foreseen stays what it is', async () => {
  const error = new TypeError('not foreseen');
  await expect(withProgress(() => Promise.reject(error))).rejects.toBe(error);
});

test.each(SIGNALS)('%s ends the work, whatever it says of that', async (signal) => {
  const work = withProgress(async (_, ending) => {
    process.emit(signal, signal);
    ending.throwIfAborted();
  });
  await expect(work).rejects.toEqual(new Interrupted(signal));
});

test('it has ended by the signal, though all was done already', async () => {
  const work = withProgress(async () => process.emit('SIGINT', 'SIGINT'));
  await expect(work).rejects.toEqual(new Interrupted('SIGINT'));
});

test('who asks twice does not wait', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const work = withProgress(async () => {
    process.emit('SIGINT', 'SIGINT');
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGTERM', 'SIGTERM');
  });
  await expect(work).rejects.toBeInstanceOf(Interrupted);
  expect(exit).toHaveBeenCalledWith(143);
  exit.mockRestore();
});

test('what cannot be ended is left after a while', async () => {
  jest.useFakeTimers();
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  let end = (): void => undefined;
  const work = withProgress(() => {
    process.emit('SIGTERM', 'SIGTERM');
    return new Promise<void>((done) => {
      end = done;
    });
  });
  jest.advanceTimersByTime(4_999);
  expect(exit).not.toHaveBeenCalled();
  jest.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledWith(143);
  end();
  await expect(work).rejects.toBeInstanceOf(Interrupted);
  exit.mockRestore();
  jest.useRealTimers();
});

test('what ends in time is not left', async () => {
  jest.useFakeTimers();
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  await expect(withProgress(async () => process.emit('SIGINT', 'SIGINT'))).rejects.toBeInstanceOf(Interrupted);
  jest.advanceTimersByTime(60_000);
  expect(exit).not.toHaveBeenCalled();
  exit.mockRestore();
  jest.useRealTimers();
});

test('what the library says is said in words of the options', async () => {
  const work = withProgress(() => Promise.reject(new ImageError("'x' answers 404; name a registry by 'npmRegistry'")));
  await expect(work).rejects.toEqual(new CommandFailure("'x' answers 404; name a registry by --npm-registry"));
});
