import { Interrupted } from '../../lib/cli/failure';
import { untilInterrupted } from '../../lib/cli/interruption';

test('work that ends by itself, well or badly', async () => {
  await expect(untilInterrupted(async () => 'done')).resolves.toBe('done');
  await expect(untilInterrupted(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s is told to the work, and is the reason, however it ends',
  async (name) => {
    for (const end of ['well', 'badly']) {
      let told: unknown;
      const work = untilInterrupted(
        (signal) =>
          new Promise((resolve, reject) => {
            signal.addEventListener('abort', () => {
              told = signal.reason;
              if (end === 'well') resolve('done');
              else reject(new Error('no'));
            });
            process.emit(name, name);
          }),
      );
      await expect(work).rejects.toThrow(new Interrupted(name).message);
      expect(told).toBeInstanceOf(Interrupted);
    }
    expect(process.listenerCount(name)).toBe(0);
  },
);
