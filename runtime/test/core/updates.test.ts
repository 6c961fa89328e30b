import { Updates } from '../../src/core/updates';

/** What a reader gets until the end. */
async function readAll<T>(updates: Updates<T>): Promise<T[]> {
  const states: T[] = [];
  for await (const state of updates.read()) states.push(state);
  return states;
}

describe('Updates', () => {
  it('begins with the present state', async () => {
    const updates = new Updates<number>();
    updates.push(1);
    updates.push(2);
    await expect(updates.read().next()).resolves.toEqual({ done: false, value: 2 });
  });

  it('gives every state to a reader who waits', async () => {
    const updates = new Updates<string>();
    const reader = updates.read();
    for (const state of ['a', 'b', 'b']) {
      const next = reader.next();
      updates.push(state);
      await expect(next).resolves.toEqual({ done: false, value: state });
    }
  });

  it('gives the newest state to a reader who is slow', async () => {
    const updates = new Updates<number>();
    const reader = updates.read();
    updates.push(1);
    await reader.next();
    for (const state of [2, 3, 4]) updates.push(state);
    await expect(reader.next()).resolves.toEqual({ done: false, value: 4 });
  });

  it('gives a state that is undefined as well', async () => {
    const updates = new Updates<number | undefined>();
    updates.push(undefined);
    await expect(updates.read().next()).resolves.toEqual({ done: false, value: undefined });
  });

  it('ends all readers, those who wait and those who come later', async () => {
    const updates = new Updates<number>();
    const waiting = [readAll(updates), readAll(updates)];
    updates.end();
    await expect(Promise.all([...waiting, readAll(updates)])).resolves.toEqual([[], [], []]);
  });

  it('lets a reader leave early', async () => {
    const updates = new Updates<number>();
    updates.push(1);
    for await (const state of updates.read()) {
      expect(state).toBe(1);
      break;
    }
    const reader = updates.read();
    await reader.return();
    await expect(reader.next()).resolves.toEqual({ done: true, value: undefined });
  });
});
