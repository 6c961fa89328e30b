import { planOf, safely, stepsOf, unsafely } from '../../../lib/federation/plan/plan-of';

const about = { action: 'add', order: 'planned', member: 'a', title: 'T', facts: [] } as const;
const task = { type: 'program', text: 'change it' } as const;
const step = (id: string, seconds?: number) => ({
  id,
  title: id,
  why: '',
  tasks: [task],
  checks: [],
  stop: safely('all is well'),
  ...(seconds !== undefined && { wait: { seconds, parts: [{ seconds, because: 'of it' }] } }),
});

test('a plan takes as long as all its waits', () => {
  expect(planOf({ ...about, steps: [step('a', 20), step('b'), step('c', 5)] }).seconds).toBe(25);
});

test('a step in which nothing is done or seen is none, and its wait neither', () => {
  const { steps, seconds } = planOf({ ...about, steps: [step('a', 20), { ...step('b', 10), tasks: [] }] });
  expect([steps.map(({ id }) => id), seconds]).toEqual([['a'], 20]);
});

test('steps that are not needed', () => {
  expect(stepsOf(undefined, step('a'), undefined).map(({ id }) => id)).toEqual(['a']);
});

test('where one may stop', () => {
  expect([safely('x'), unsafely('y')]).toEqual([
    { safe: true, state: 'x' },
    { safe: false, state: 'y' },
  ]);
});
