import { Dependence } from '../../../lib/federation/analysis/dependence';
import { servingChains } from '../../../lib/federation/analysis/serving-chains';
import { bySvidOf, hostedBy, memberOf, meshOf } from './fixtures';

const mesh = meshOf([
  memberOf('a', { endpoint: bySvidOf('b.example') }),
  memberOf('b', { endpoint: bySvidOf('c.example') }),
  memberOf('c', { endpoint: hostedBy('hub.example') }),
  memberOf('d', { endpoint: bySvidOf('b.example') }),
]);
const dependence = new Dependence(mesh.members, servingChains(mesh).chains);
const numberOf = (name: string): number => dependence.of(`${name}.example`) as number;

test('members have numbers, and so have those who serve and are no members', () => {
  expect(dependence.trustDomains).toEqual(['a', 'b', 'c', 'd', 'hub'].map((name) => `${name}.example`));
  expect(dependence.of('e.example')).toBeUndefined();
  expect([...dependence.serving]).toEqual(['b', 'c', 'hub'].map(numberOf));
});

/** Whom a walk from each of some trust domains reaches, all in one turn. */
function walk(kind: 'toServers' | 'toSigners', ...from: string[]): string[][] {
  const passed = dependence.tally();
  passed.turn();
  return from.map((name) => {
    const reached: string[] = [];
    dependence[kind](numberOf(name), passed, (number) => reached.push(dependence.trustDomains[number] ?? ''));
    return reached.map((trustDomain) => trustDomain.replace('.example', ''));
  });
}

test('a walk to the servers ends at the one that hosts by https_web', () => {
  expect(walk('toServers', 'a')).toEqual([['a', 'b', 'c', 'hub']]);
  expect(walk('toServers', 'hub')).toEqual([['hub']]);
});

test('a walk to the signers ends before it', () => {
  expect(walk('toSigners', 'a')).toEqual([['a', 'b', 'c']]);
});

test('a later walk goes no further than to where an earlier one of the turn has been', () => {
  expect(walk('toServers', 'b', 'a', 'd')).toEqual([['b', 'c', 'hub'], ['a'], ['d']]);
  expect(walk('toSigners', 'a', 'c')).toEqual([['a', 'b', 'c'], []]);
});

test('who hosts by https_web has been reached, and was not passed', () => {
  const hosting = meshOf([
    memberOf('a', { endpoint: hostedBy('b.example') }),
    memberOf('b', { endpoint: bySvidOf('c.example') }),
  ]);
  const other = new Dependence(hosting.members, servingChains(hosting).chains);
  const [passed, reached] = [other.tally(), other.tally()];
  passed.turn();
  reached.turn();
  for (const from of [0, 1]) other.toServers(from, passed, (number) => reached.add(number));
  expect(other.trustDomains.map((_, number) => reached.of(number))).toEqual([1, 1, 1]);
});

test('what rests on some, with and without what they host by https_web', () => {
  const resting = (name: string, hosted: boolean) => dependence.resting([numberOf(name)], hosted);
  expect(resting('hub', true)).toEqual(['a', 'b', 'c', 'd', 'hub'].map((name) => `${name}.example`));
  expect(resting('hub', false)).toEqual(['hub.example']);
  expect(resting('c', false)).toEqual(['a', 'b', 'c', 'd'].map((name) => `${name}.example`));
  expect(dependence.resting([], true)).toEqual([]);
});

test('circles are walked once', () => {
  const circle = meshOf(
    ['a', 'b'].map((name) => memberOf(name, { endpoint: bySvidOf(name === 'a' ? 'b.example' : 'a.example') })),
  );
  const other = new Dependence(circle.members, servingChains(circle).chains);
  const passed = other.tally();
  passed.turn();
  const reached: number[] = [];
  other.toServers(0, passed, (number) => reached.push(number));
  other.toSigners(1, passed, (number) => reached.push(number));
  expect(reached).toEqual([0, 1]);
  expect(other.resting([0], true)).toEqual(['a.example', 'b.example']);
});
