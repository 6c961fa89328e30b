import { LateAnswer, withDeadline } from '../../lib/verify/deadline';

const never = () => new Promise<never>(() => undefined);

test('work that ends in time', async () => {
  await expect(withDeadline(60_000, undefined, async () => 'done')).resolves.toBe('done');
  await expect(withDeadline(60_000, undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('work that does not is told, and not waited for', async () => {
  let told: AbortSignal | undefined;
  const late = withDeadline(1500, undefined, (signal) => {
    told = signal;
    return never();
  });
  await expect(late).rejects.toThrow(new LateAnswer(1500).message);
  expect(new LateAnswer(1500).message).toBe('no answer within 1.5 s');
  expect(told?.reason).toBeInstanceOf(LateAnswer);
});

test('whoever is aborted has its own reason', async () => {
  const outer = new AbortController();
  const work = withDeadline(60_000, outer.signal, never);
  outer.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  const run = jest.fn(never);
  await expect(withDeadline(60_000, outer.signal, run)).rejects.toThrow('enough');
  expect(run).not.toHaveBeenCalled();
});
