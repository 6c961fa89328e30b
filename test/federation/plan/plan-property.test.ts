import { type Arbitrary, array, assert, boolean, constantFrom, integer, property, record } from 'fast-check';
import {
  addPlan,
  type Member,
  type Mesh,
  meshFrom,
  type Plan,
  PlanError,
  type PlanTask,
  planMarkdown,
  planText,
  recoverPlan,
  removePlan,
  rotatePlan,
  ShellWords,
} from '../../../lib/federation';
import { clusterOf } from './fixtures';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

interface Drawn {
  readonly platform: Member['platform'];
  readonly spiffe: boolean;
  readonly fixed: boolean;
  readonly named: boolean;
  readonly replicas: number;
  readonly hint: number;
  readonly peers: readonly string[];
}

const drawn: Arbitrary<Drawn> = record({
  platform: constantFrom('kubernetes', 'kubernetes', 'openshift', 'external'),
  spiffe: boolean(),
  fixed: boolean(),
  named: boolean(),
  replicas: integer({ min: 1, max: 2 }),
  hint: integer({ min: 1, max: 5000 }),
  peers: array(constantFrom(...NAMES), { maxLength: 4 }),
});

/** A mesh in which each of the edges has its relationship, and an identity or none. */
function meshOf(all: readonly Drawn[]): Mesh {
  const names = NAMES.slice(0, all.length);
  const peersOf = (name: string, peers: readonly string[]) =>
    [...new Set(peers)].filter((peer) => peer !== name && names.includes(peer));
  const members = all.map(({ platform, spiffe, fixed, named, replicas, hint, peers }, index): Member => {
    const name = names[index] as string;
    const all = peersOf(name, peers);
    const { identities, relationships = [], endpoint, ...cluster } = clusterOf(name, all, { platform, replicas });
    return {
      ...cluster,
      endpoint: {
        ...(endpoint as NonNullable<typeof endpoint>),
        refreshHint: hint,
        ...(spiffe && { profile: 'https_spiffe', spiffeId: `spiffe://${name}.example/spire/server` }),
      },
      ...(platform === 'external'
        ? { fetches: { profiles: ['https_web'] } }
        : {
            relationships,
            ...(named && identities && { identities }),
            ...(fixed && { staticRelationships: relationships }),
          }),
    };
  });
  const edges = all.flatMap(({ peers }, index) => {
    const consumer = names[index] as string;
    return peersOf(consumer, peers).map((provider) => ({ consumer, provider }));
  });
  return meshFrom({ members, edges });
}

const BUILDERS = { add: addPlan, remove: removePlan, rotate: rotatePlan, recover: recoverPlan } as const;
type Action = keyof typeof BUILDERS;

/** Plans of a member; none where there is nothing to do. */
function plansOf(action: Action, mesh: Mesh, name: string): Plan[] {
  try {
    return BUILDERS[action](mesh, name);
  } catch (error) {
    if (error instanceof PlanError) return [];
    throw error;
  }
}

/** Holds all plans of random meshes to something. */
const each = (actions: readonly Action[], check: (plan: Plan, mesh: Mesh) => void) =>
  assert(
    property(array(drawn, { minLength: 2, maxLength: NAMES.length }), constantFrom(...actions), (all, action) => {
      const mesh = meshOf(all);
      for (const { name } of mesh.members) for (const plan of plansOf(action, mesh, name)) check(plan, mesh);
    }),
    { numRuns: 60 },
  );

const ALL = Object.keys(BUILDERS) as Action[];
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

test('every wait is the sum of its parts, and the plan that of its waits', () => {
  each(ALL, ({ steps, seconds }) => {
    for (const { wait } of steps) if (wait) expect(wait.seconds).toBe(sum(wait.parts.map((part) => part.seconds)));
    expect(seconds).toBe(sum(steps.map(({ wait }) => wait?.seconds ?? 0)));
    expect(Number.isSafeInteger(seconds)).toBe(true);
  });
});

test('steps have ids of their own, something to do or to see, and a state to stop in; the last one is safe', () => {
  each(ALL, ({ steps }) => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    for (const { tasks, checks, stop } of steps) {
      expect(tasks.length + checks.length).toBeGreaterThan(0);
      expect(stop.state).not.toBe('');
    }
    expect(steps.at(-1)?.stop.safe).toBe(true);
  });
});

test('commands are for members of this program, and what others do is told', () => {
  each(ALL, ({ steps }, mesh) => {
    for (const task of steps.flatMap(({ tasks, checks }) => [...tasks, ...checks.map((check) => check.task)])) {
      if (!('member' in task)) continue;
      const member = mesh.member(task.member);
      expect(member).toBeDefined();
      if (task.type !== 'tell') expect(member?.platform).not.toBe('external');
    }
  });
});

test('no step does a thing twice', () => {
  each(ALL, ({ steps }) => {
    for (const { tasks, checks } of steps) {
      const done = tasks.map((task) => JSON.stringify(task));
      expect(new Set(done).size).toBe(done.length);
      const installed = tasks.flatMap((task) => (task.type === 'install' ? [task.member] : []));
      expect(new Set(installed).size).toBe(installed.length);
      const asked = checks.map(({ task, shows, lacks }) => JSON.stringify([task, shows, lacks]));
      expect(new Set(asked).size).toBe(asked.length);
    }
  });
});

test('what is kept was kept before it is named', () => {
  each(['rotate', 'recover'], ({ steps }) => {
    const kept = new Set<string>();
    const named = (words: readonly string[]) =>
      words.filter((word) => /^\$[A-Z_0-9]+$/.test(word)).every((word) => kept.has(word.slice(1)));
    for (const { tasks, checks } of steps) {
      for (const task of tasks) {
        if (task.type !== 'server') continue;
        expect(named([...task.args, ...(task.input === undefined ? [] : [`$${task.input}`])])).toBe(true);
        if (task.keeps) kept.add(task.keeps.name);
      }
      for (const { shows, lacks } of checks) expect(named([shows ?? '', lacks ?? ''])).toBe(true);
    }
  });
});

test('both forms can be written of every plan', () => {
  each(ALL, (plan, mesh) => {
    const shell = new ShellWords(mesh);
    for (const text of [planText(plan, shell), planMarkdown(plan, shell)]) {
      expect(text).not.toMatch(/undefined|\[object|NaN/);
      expect(text.endsWith('\n')).toBe(true);
    }
  });
});

/** The number of the first step with such a task, or with a check that asks it. */
const firstStep = ({ steps }: Plan, is: (task: PlanTask) => boolean): number =>
  steps.findIndex(({ tasks, checks }) => tasks.some(is) || checks.some(({ task }) => is(task)));

const server =
  (member: string, ...words: string[]) =>
  (task: PlanTask) =>
    task.type === 'server' && task.member === member && words.every((word) => task.args.includes(word));

describe('a removal', () => {
  test('deletes a bundle only when no identity names it, and no relationship brings it back', () => {
    each(['remove'], (plan) => {
      if (plan.order !== 'planned') return;
      for (const [number, { tasks }] of plan.steps.entries()) {
        for (const task of tasks) {
          if (task.type !== 'server') continue;
          const [, , , id = '', , mode] = task.args;
          expect(mode).toBe('restrict');
          const entries = firstStep(plan, server(task.member, 'entry', 'show', id));
          const relationship = firstStep(
            plan,
            (other) =>
              other.type === 'kubectl' &&
              other.member === task.member &&
              other.args.includes(id.slice('spiffe://'.length)),
          );
          expect([entries >= 0, entries < relationship, relationship < number]).toEqual([true, true, true]);
        }
      }
    });
  });

  test('in an emergency deletes the bundle first, and its relationship in the same step', () => {
    each(['remove'], ({ order, steps }) => {
      if (order !== 'emergency') return;
      const { tasks = [] } = steps[0] ?? {};
      expect(tasks.map(({ type }) => type)).toEqual(tasks.map((_, index) => (index % 2 === 0 ? 'server' : 'kubectl')));
      expect(tasks.length).toBeGreaterThan(0);
    });
  });

  test('never takes registrations away with a bundle', () => {
    each(['remove'], (plan) => expect(JSON.stringify(plan)).not.toContain('"-mode","delete"'));
  });

  test('in order may be left at every step', () => {
    each(['add', 'remove'], ({ order, steps }) => {
      if (order === 'planned') expect(steps.every(({ stop }) => stop.safe)).toBe(true);
    });
  });
});

test('an addition registers an identity only after each bundle that it names was fetched', () => {
  each(['add'], (plan, mesh) => {
    for (const [number, { tasks }] of plan.steps.entries()) {
      for (const task of tasks) {
        if (task.type !== 'install' || !task.waves.some((wave) => wave >= 60)) continue;
        const consumer = mesh.member(task.member);
        const names = (consumer?.identities ?? []).flatMap(({ federatesWith }) => federatesWith);
        const fresh = task.member === plan.member ? names : names.filter((name) => name === `${plan.member}.example`);
        for (const name of fresh) {
          const fetched = firstStep(plan, server(task.member, 'refresh', `spiffe://${name}`));
          expect([fetched >= 0, fetched < number]).toEqual([true, true]);
        }
      }
    }
  });
});
