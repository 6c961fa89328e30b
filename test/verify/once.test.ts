import { Once } from '../../lib/verify/once';

test('made once, whoever asks', () => {
  const once = new Once();
  const make = jest.fn(() => ({}));
  expect(once.of('a', make)).toBe(once.of('a', make));
  expect(once.of('b', make)).not.toBe(once.of('a', make));
  expect(make).toHaveBeenCalledTimes(2);
});

test('what has failed has failed for all', async () => {
  const once = new Once();
  const make = jest.fn(() => Promise.reject(new Error('no')));
  await expect(once.of('a', make)).rejects.toThrow('no');
  await expect(once.of('a', make)).rejects.toThrow('no');
  expect(make).toHaveBeenCalledTimes(1);
});
