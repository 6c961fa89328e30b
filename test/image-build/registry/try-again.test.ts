import { ImageError } from '../../../lib/image';
import { TryAgain, trying } from '../../../lib/image-build/registry/try-again';

const again = (after?: number) => new TryAgain((tries) => new ImageError(`failed ${tries} times; wait`), after);

test('something is tried until it goes well', async () => {
  let count = 0;
  const result = await trying({ tries: 3, pause: 0 }, async () => {
    count += 1;
    if (count < 3) throw again();
    return 'well';
  });
  expect([result, count]).toEqual(['well', 3]);
});

test('it is given up after so many tries', async () => {
  let count = 0;
  const tries = trying({ tries: 3, pause: 0 }, async () => {
    count += 1;
    throw again();
  });
  await expect(tries).rejects.toThrow(new ImageError('failed 3 times; wait'));
  expect(count).toBe(3);
});

test('it is given up at once when the pause would be too long, or for another error', async () => {
  const patient = { tries: 5, pause: 0 };
  await expect(trying(patient, async () => Promise.reject(again(60_001)))).rejects.toThrow('failed 1 times; wait');
  await expect(trying(patient, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test('a signal ends the pause, with its reason', async () => {
  const ending = new AbortController();
  const tries = trying({ tries: 2, pause: 60_000, signal: ending.signal }, async () => {
    setImmediate(() => ending.abort(new Error('enough')));
    throw again();
  });
  await expect(tries).rejects.toThrow('enough');
});

test('what is waited for is told as long as it is waited', async () => {
  const steps: string[] = [];
  const progress = {
    step: (label: string) => {
      steps.push(label);
      return { advance: () => undefined, done: () => void steps.push('done') };
    },
  };
  await expect(trying({ tries: 3, pause: 1, progress }, async () => Promise.reject(again(2)))).rejects.toThrow(
    ImageError,
  );
  expect(steps).toEqual(['failed 1 times: try 2 of 3 in 1 s', 'done', 'failed 1 times: try 3 of 3 in 1 s', 'done']);
});
