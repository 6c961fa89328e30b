import { Slots } from '../../../src/programs/exporter/slots';

/** An action that ends when it is told to. */
function action(log: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const run = async () => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
    return name;
  };
  return { run, end };
}

test('so many run at a time, the others in their order', async () => {
  const log: string[] = [];
  const slots = new Slots(2);
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => action(log, name)) as [
    ReturnType<typeof action>,
    ReturnType<typeof action>,
    ReturnType<typeof action>,
    ReturnType<typeof action>,
  ];
  const running = [a, b, c, d].map(({ run }) => slots.run(run));
  expect(log).toEqual(['a begins', 'b begins']);
  b.end();
  await running[1];
  await Promise.resolve();
  expect(log).toEqual(['a begins', 'b begins', 'b ends', 'c begins']);
  for (const { end } of [a, c, d]) end();
  expect(await Promise.all(running)).toEqual(['a', 'b', 'c', 'd']);
  expect(log.at(-1)).toBe('d ends');
});

test('what fails gives its slot back', async () => {
  const slots = new Slots(1);
  await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const failing = slots.run(() => Promise.reject(new Error('no')));
  const next = slots.run(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});
