import { Limiter } from '../../lib/verify/limiter';

/** Work that ends when it is told to. */
class Work {
  begun = false;
  end: () => void = () => undefined;

  readonly run = (): Promise<void> => {
    this.begun = true;
    return new Promise((resolve) => {
      this.end = resolve;
    });
  };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('no more than so many at a time, in their order', async () => {
  const limiter = new Limiter(2);
  const works = [new Work(), new Work(), new Work(), new Work()];
  const all = works.map((work) => limiter.run(work.run));
  await turn();
  expect(works.map(({ begun }) => begun)).toEqual([true, true, false, false]);
  works[1]?.end();
  await turn();
  expect(works.map(({ begun }) => begun)).toEqual([true, true, true, false]);
  works[0]?.end();
  await turn();
  expect(works.map(({ begun }) => begun)).toEqual([true, true, true, true]);
  for (const work of works) work.end();
  await Promise.all(all);
});

test('what fails makes room too', async () => {
  const limiter = new Limiter(1);
  await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(limiter.run(async () => 'yes')).resolves.toBe('yes');
});

test('what waits does not begin once it is aborted', async () => {
  const limiter = new Limiter(1);
  const [first, second] = [new Work(), new Work()];
  const abort = new AbortController();
  const running = limiter.run(first.run);
  const waiting = limiter.run(second.run, abort.signal);
  abort.abort(new Error('enough'));
  first.end();
  await running;
  await expect(waiting).rejects.toThrow('enough');
  expect(second.begun).toBe(false);
});
