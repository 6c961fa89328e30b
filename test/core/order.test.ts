import { App, Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import fc from 'fast-check';
import { inOrder, OrderError, objectsOf, setWave, type TreeObject, type Wave, Waves } from '../../lib/core';
import { configMap, messageOf, newChart } from './fixtures';

const idsOf = (chart: IConstruct): string => idsIn(inOrder(objectsOf(chart.node.root)));
const idsIn = (objects: readonly TreeObject[]): string => objects.map(({ object }) => object.node.id).join(' ');

/** A group of objects, named after it. */
function group(scope: Construct, id: string, size = 2, wave?: Wave): Construct {
  const construct = new Construct(scope, id);
  for (let i = 0; i < size; i++) configMap(construct, `${id}${i}`);
  if (wave) setWave(construct, wave);
  return construct;
}

describe('without dependencies', () => {
  test('objects stay in construct order', () => {
    const chart = newChart();
    for (const id of ['c', 'a', 'b']) configMap(chart, id);
    expect(idsOf(chart)).toBe('c a b');
  });

  test('waves come first, then construct order', () => {
    const chart = newChart();
    group(chart, 'w', 2);
    group(chart, 'n', 2, Waves.nodes);
    group(chart, 'f', 2, Waves.foundation);
    group(chart, 'm', 1, Waves.nodes);
    expect(idsOf(chart)).toBe('f0 f1 n0 n1 m0 w0 w1');
  });

  test('waves of one number do not mix', () => {
    const chart = newChart();
    for (const [id, name] of [
      ['b', 'second'],
      ['a', 'first'],
      ['d', 'second'],
      ['c', 'first'],
    ] as const) {
      setWave(configMap(chart, id), { order: 5, name });
    }
    expect(idsOf(chart)).toBe('a c b d');
  });
});

describe('with dependencies', () => {
  test('an object comes after the object that it depends on', () => {
    const chart = newChart();
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    configMap(chart, 'c');
    a.node.addDependency(b);
    expect(idsOf(chart)).toBe('b a c');
  });

  test('all of a group come after all of another, the rest keeps its order', () => {
    const chart = newChart();
    const [a, b] = [group(chart, 'a'), group(chart, 'b')];
    configMap(chart, 'c');
    a.node.addDependency(b);
    expect(idsOf(chart)).toBe('b0 b1 a0 a1 c');
  });

  test('a group waits for every group that it names', () => {
    const chart = newChart();
    const [a, b, c] = [group(chart, 'a'), group(chart, 'b'), group(chart, 'c')];
    a.node.addDependency(c, b);
    expect(idsOf(chart)).toBe('b0 b1 c0 c1 a0 a1');
  });

  test('a parent that waits for its child comes after it', () => {
    const chart = newChart();
    const parent = new Construct(chart, 'parent');
    configMap(parent, 'first');
    const child = group(parent, 'child');
    configMap(parent, 'last');
    parent.node.addDependency(child);
    expect(idsOf(chart)).toBe('child0 child1 first last');
  });

  test('a child that waits for its parent comes after the rest of it', () => {
    const chart = newChart();
    const parent = new Construct(chart, 'parent');
    const child = group(parent, 'child');
    configMap(parent, 'last');
    child.node.addDependency(parent);
    expect(idsOf(chart)).toBe('last child0 child1');
  });

  test('an object that has children is a group of itself and them', () => {
    const chart = newChart();
    const parent = configMap(chart, 'parent');
    const child = configMap(parent, 'child');
    parent.node.addDependency(child);
    expect(idsOf(chart)).toBe('child parent');
  });

  test('a dependency on itself says nothing', () => {
    const chart = newChart();
    const a = configMap(chart, 'a');
    const b = group(chart, 'b');
    a.node.addDependency(a);
    b.node.addDependency(b);
    expect(idsOf(chart)).toBe('a b0 b1');
  });

  test('empty groups neither wait nor are waited for', () => {
    const chart = newChart();
    const empty = new Construct(chart, 'empty');
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    a.node.addDependency(empty);
    empty.node.addDependency(b);
    expect(idsOf(chart)).toBe('a b');
  });

  test('a dependency said twice counts once', () => {
    const chart = newChart();
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    a.node.addDependency(b);
    a.node.addDependency(b, b);
    expect(idsOf(chart)).toBe('b a');
  });

  test('charts are groups too, and dependencies cross them', () => {
    const app = new App();
    const [east, west] = [new Chart(app, 'east'), new Chart(app, 'west')];
    const a = configMap(east, 'a');
    configMap(east, 'b');
    const c = configMap(west, 'c');
    east.addDependency(west);
    expect(idsOf(app)).toBe('c a b');
    c.node.addDependency(configMap(new Chart(app, 'third'), 'd'));
    expect(idsOf(app)).toBe('d c a b');
    expect(a.node.dependencies).toEqual([]);
  });

  test('a dependency inside of one wave leaves the waves as they are', () => {
    const chart = newChart();
    const a = group(chart, 'a', 2, Waves.foundation);
    const b = group(chart, 'b', 2, Waves.foundation);
    group(chart, 'z', 1, Waves.workloads);
    a.node.addDependency(b);
    expect(idsOf(chart)).toBe('b0 b1 a0 a1 z0');
  });

  test('a later wave may depend on an earlier one', () => {
    const chart = newChart();
    const late = group(chart, 'late', 1, Waves.workloads);
    const early = group(chart, 'early', 1, Waves.nodes);
    late.node.addDependency(early);
    expect(idsOf(chart)).toBe('early0 late0');
  });

  test('a dependency on something outside of the objects is left to others', () => {
    const chart = newChart();
    const other = new Chart(chart.node.root as App, 'other');
    const [a, b] = [configMap(chart, 'a'), configMap(other, 'b')];
    a.node.addDependency(b);
    expect(idsIn(inOrder(objectsOf(chart)))).toBe('a');
  });
});

describe('an order that cannot be', () => {
  const orderError = (chart: IConstruct): OrderError => {
    try {
      inOrder(objectsOf(chart.node.root));
    } catch (error) {
      if (error instanceof OrderError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  test('a cycle of two objects', () => {
    const chart = newChart();
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    a.node.addDependency(b);
    b.node.addDependency(a);
    const error = orderError(chart);
    expect(error.name).toBe('OrderError');
    expect(error.message).toBe('depend on each other in a cycle: demo/a, demo/b; remove one of the dependencies');
    expect(error.paths).toEqual(['demo/a', 'demo/b']);
  });

  test('only objects of the cycle are named, not those that wait for it', () => {
    const chart = newChart();
    const waits = configMap(chart, 'a-waits');
    const [b, c, d] = [configMap(chart, 'b'), configMap(chart, 'c'), configMap(chart, 'd')];
    configMap(chart, 'free');
    waits.node.addDependency(b);
    b.node.addDependency(c);
    c.node.addDependency(d);
    d.node.addDependency(b);
    expect(orderError(chart).paths.toSorted()).toEqual(['demo/b', 'demo/c', 'demo/d']);
  });

  test('a cycle of groups is told by one object of each', () => {
    const chart = newChart();
    const [a, b] = [group(chart, 'a', 3), group(chart, 'b', 3)];
    a.node.addDependency(b);
    b.node.addDependency(a);
    expect(orderError(chart).paths.toSorted()).toEqual(['demo/a/a0', 'demo/b/b0']);
  });

  test('a group and an object of it that wait for each other', () => {
    const chart = newChart();
    const parent = group(chart, 'g', 2);
    const child = parent.node.findChild('g0');
    parent.node.addDependency(child);
    child.node.addDependency(parent);
    expect(orderError(chart).paths.toSorted()).toEqual(['demo/g/g0', 'demo/g/g1']);
  });

  test('a long cycle is cut in the text, not in the paths', () => {
    const chart = newChart();
    const objects = Array.from({ length: 8 }, (_, i) => configMap(chart, `o${i}`));
    objects.forEach((object, i) => {
      object.node.addDependency(objects[(i + 1) % objects.length] as IConstruct);
    });
    const { message, paths } = orderError(chart);
    expect(paths).toHaveLength(8);
    expect(message).toBe(
      `depend on each other in a cycle: ${paths.slice(0, 6).join(', ')}, … (8 objects); remove one of the dependencies`,
    );
  });

  test('an object that depends on one of a later wave', () => {
    const chart = newChart();
    const early = configMap(chart, 'early');
    const late = configMap(chart, 'late');
    setWave(early, Waves.foundation);
    setWave(late, Waves.nodes);
    early.node.addDependency(late);
    const error = orderError(chart);
    expect(error.message).toBe(
      "is in wave 'foundation' but depends, directly or through others, on objects of the later wave 'nodes' " +
        '(such as demo/late); remove the dependency, or move it with setWave()',
    );
    expect(error.paths).toEqual(['demo/early', 'demo/late']);
  });

  test('the same through a group, and through others', () => {
    const chart = newChart();
    const early = group(chart, 'early', 2, Waves.foundation);
    const between = group(chart, 'between', 1, Waves.foundation);
    const late = group(chart, 'late', 2, Waves.nodes);
    early.node.addDependency(between);
    between.node.addDependency(late);
    expect(orderError(chart).paths).toEqual(['demo/between/between0', 'demo/late/late1']);
  });

  test('two waves of one number that want each other', () => {
    const chart = newChart();
    const [a, b] = [configMap(chart, 'a'), configMap(chart, 'b')];
    setWave(a, { order: 5, name: 'a' });
    setWave(b, { order: 5, name: 'b' });
    a.node.addDependency(b);
    expect(messageOf(() => idsOf(chart))).toBe(
      "is in wave 'a' but depends, directly or through others, on objects of the later wave 'b' " +
        '(such as demo/b); remove the dependency, or move it with setWave()',
    );
  });
});

describe('in time proportional to objects and dependencies', () => {
  test('a chain of 20,000 objects', () => {
    const chart = newChart();
    const objects = Array.from({ length: 20_000 }, (_, i) => configMap(chart, `o${i}`));
    objects.slice(1).forEach((object, i) => {
      (objects[i] as IConstruct).node.addDependency(object);
    });
    const expected = objects.map(({ node }) => node.id).reverse();
    expect(inOrder(objectsOf(chart)).map(({ object }) => object.node.id)).toEqual(expected);
  });

  // Stock cdk8s makes eleven million pairs of the first, and walks the second for longer than anyone waits.
  test.each([[[10, 100, 1000, 10_000]], [[10, 10, 10, 100, 100, 100]], [Array<number>(1000).fill(10)]])(
    'groups in a chain: %j',
    (sizes) => {
      const chart = newChart();
      const groups = sizes.map((size, i) => group(chart, `g${i}-`, size));
      groups.slice(1).forEach((next, i) => {
        (groups[i] as Construct).node.addDependency(next);
      });
      const expected = groups.toReversed().flatMap((each) => each.node.children.map(({ node }) => node.id));
      expect(idsOf(chart)).toBe(expected.join(' '));
    },
  );

  test('each of 1,000 groups of ten waits for all groups before it', () => {
    const chart = newChart();
    const groups = Array.from({ length: 1000 }, (_, i) => group(chart, `g${i}-`, 10));
    groups.forEach((each, i) => {
      each.node.addDependency(...groups.slice(i + 1));
    });
    const expected = groups.toReversed().flatMap((each) => each.node.children.map(({ node }) => node.id));
    expect(idsOf(chart)).toBe(expected.join(' '));
  });
});

describe('random trees with random dependencies', () => {
  interface Program {
    /** Parent of each construct: an earlier one, or the chart. */
    readonly parents: readonly number[];
    readonly isObject: readonly boolean[];
    readonly waves: readonly number[];
    readonly dependencies: readonly (readonly [number, number])[];
  }

  const program: fc.Arbitrary<Program> = fc.integer({ min: 1, max: 14 }).chain((size) =>
    fc.record({
      parents: fc.tuple(...Array.from({ length: size }, (_, i) => fc.integer({ min: -1, max: i - 1 }))),
      isObject: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
      waves: fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2), { minLength: size, maxLength: size }),
      dependencies: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 6 }),
    }),
  );
  const wave = (order: number): Wave => ({ order, name: `w${order}` });

  function build({ parents, isObject, waves, dependencies }: Program): TreeObject[] {
    const chart = newChart();
    const constructs: Construct[] = [];
    parents.forEach((parent, i) => {
      const scope = constructs[parent] ?? chart;
      const here = isObject[i] ? configMap(scope, `c${i}`) : new Construct(scope, `c${i}`);
      if (waves[i]) setWave(here, wave(waves[i]));
      constructs.push(here);
    });
    setWave(chart, wave(0));
    for (const [from, to] of dependencies) constructs[from]?.node.addDependency(constructs[to] as Construct);
    return objectsOf(chart);
  }

  /** What must come before what: every pair, as the definition says. */
  function pairs(objects: readonly TreeObject[]): [TreeObject, TreeObject][] {
    const below = (scope: IConstruct) => objects.filter(({ object }) => object.node.scopes.includes(scope));
    const root = (objects[0] as TreeObject).object.node.root;
    return root.node.findAll().flatMap((source) =>
      source.node.dependencies.flatMap((target) => {
        const [later, earlier] = [below(source), below(target)];
        const nested = target.node.scopes.includes(source);
        const [ofSource, ofTarget] = nested
          ? [later.filter((it) => !earlier.includes(it)), earlier]
          : [later, earlier.filter((it) => !(source.node.scopes.includes(target) && later.includes(it)))];
        return ofSource.flatMap((after) => ofTarget.map((before): [TreeObject, TreeObject] => [before, after]));
      }),
    );
  }

  /** Again and again the first object, by wave and place, that waits for nothing; undefined where there is none. */
  function naiveOrder(objects: readonly TreeObject[]): TreeObject[] | undefined {
    const constraints = pairs(objects);
    const left = [...objects].sort((a, b) => a.wave.order - b.wave.order);
    const done: TreeObject[] = [];
    while (left.length > 0) {
      const next = left.find((it) => constraints.every(([before, after]) => after !== it || done.includes(before)));
      if (!next || next.wave.order < (done.at(-1)?.wave.order ?? 0)) return undefined;
      left.splice(left.indexOf(next), 1);
      done.push(next);
    }
    return done;
  }

  test('are ordered, or refused, as the definition says', () => {
    const seen = { ordered: 0, refused: 0 };
    fc.assert(
      fc.property(program, (input) => {
        const objects = build(input);
        if (objects.length === 0) return;
        const expected = naiveOrder(objects);
        if (expected) {
          seen.ordered++;
          expect(idsIn(inOrder(objects))).toBe(idsIn(expected));
        } else {
          seen.refused++;
          expect(() => inOrder(objects)).toThrow(OrderError);
        }
      }),
      { numRuns: 500 },
    );
    expect(seen.ordered).toBeGreaterThan(50);
    expect(seen.refused).toBeGreaterThan(5);
  });

  test('the objects of a refused cycle do wait for each other in a circle', () => {
    fc.assert(
      fc.property(program, (input) => {
        const objects = build({ ...input, waves: [] });
        if (objects.length === 0) return;
        let error: OrderError | undefined;
        try {
          inOrder(objects);
        } catch (caught) {
          error = caught as OrderError;
        }
        if (!error) return;
        const constraints = pairs(objects).map(([before, after]) => [before.object.node.path, after.object.node.path]);
        error.paths.forEach((path, i, paths) => {
          expect(constraints).toContainEqual([paths[(i + 1) % paths.length], path]);
        });
      }),
      { numRuns: 500 },
    );
  });
});
