import type { Identity } from '../../../lib/federation';
import { believed, type Concern, Concerned, named, unseeded } from '../../../lib/federation/analysis/concerns';
import { believing, memberOf, meshOf, naming } from './fixtures';

const member = memberOf('a', {
  ...believing(['b.example'], ['c.example']),
  staticRelationships: [{ trustDomain: 'd.example', url: '', profile: 'https_web' }],
});
const mesh = meshOf([member]);
const peers = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.example`);

/** The trust domains that an identity of `a` has to do with, without the part that all have in common. */
function visited(concern: Concern, rest: Partial<Identity> = {}, federatesWith = peers): string {
  const found: string[] = [];
  concern(member, naming('shop', federatesWith, rest), (trustDomain) =>
    found.push(trustDomain.replace('.example', '')),
  );
  return found.join(' ');
}

test('what an identity names, but its own trust domain', () => {
  expect(visited(named)).toBe('b c d e');
});

test('what must have been fetched: what is believed, and has no bundle to begin with', () => {
  expect(visited(unseeded(mesh))).toBe('c d');
});

test('each member has bundles of its own', () => {
  const other = memberOf('f', believing(['c.example'], ['b.example']));
  const concern = unseeded(meshOf([member, other]));
  const ask = (of: typeof member) => {
    const found: string[] = [];
    concern(of, naming('shop', peers), (trustDomain) => found.push(trustDomain));
    return found;
  };
  expect([ask(member), ask(other), ask(member)]).toEqual([
    ['c.example', 'd.example'],
    ['b.example'],
    ['c.example', 'd.example'],
  ]);
});

describe('whom a forged identity would deceive', () => {
  test.each<[string, Identity['accepts'], string]>([
    ['who does not say', undefined, 'a b c d e'],
    ['who accepts anybody', 'any', 'a b c d e'],
    ['who accepts nobody', [], ''],
    ['who accepts an ID', ['spiffe://b.example/shop'], 'b'],
    ['who accepts a trust domain, and the own', ['c.example', 'spiffe://a.example/x'], 'a c'],
    ['who accepts whom it does not name', ['f.example'], ''],
  ])('%s', (_, accepts, found) => {
    expect(visited(believed, accepts === undefined ? {} : { accepts })).toBe(found);
  });
});

test('identities by trust domain, each once, in the order of the mesh', () => {
  const shops = meshOf([
    memberOf('a', { identities: [naming('one', ['b.example', 'c.example', 'c.example']), naming('two', [])] }),
    memberOf('b', { identities: [naming('three', ['c.example'])] }),
  ]);
  const concerned = new Concerned(shops, named);
  expect(concerned.with(['c.example', 'b.example'])).toEqual([
    { member: 'a', identity: 'one' },
    { member: 'b', identity: 'three' },
  ]);
  expect(concerned.with(['c.example'], 'a')).toEqual([{ member: 'b', identity: 'three' }]);
  expect([concerned.with(['d.example']), concerned.with([])]).toEqual([[], []]);
});
