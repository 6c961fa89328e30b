import { deployedMesh, type Member, meshFrom } from '../../../lib/federation';
import { deleteRelationshipTask } from '../../../lib/federation/plan/tasks';
import { web } from '../fixtures';
import { clusterOf } from './fixtures';

const edge = (consumer: string, provider: string) => ({ consumer, provider });

test('members that are gone, and edges, are there still', () => {
  const was = meshFrom({ members: [clusterOf('a', ['b']), clusterOf('b', [])], edges: [edge('a', 'b')] });
  const is = meshFrom({ members: [clusterOf('a', [])], edges: [] });
  const both = deployedMesh(was, is);
  expect(both.members.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(both.hasEdge('a', 'b')).toBe(true);
  expect(both.trusts(both.members[0] as never, 'b.example')).toBe(true);
});

test('a relationship is as the program has it, where both have one', () => {
  const was = meshFrom({ members: [clusterOf('a', ['b', 'c'])], edges: [] });
  const is = meshFrom({
    members: [clusterOf('a', [], { relationships: [web('b.example', 'https://new.b.example/')] })],
    edges: [],
  });
  expect(
    deployedMesh(was, is)
      .member('a')
      ?.relationships?.map(({ url }) => url),
  ).toEqual(['https://new.b.example/', 'https://federation.c.example/']);
});

test('an object that a Job has made may be there beside the one of the program, and both are deleted', () => {
  const told = web('b.example', 'https://b.example/');
  const mesh = (relationships: object[]) =>
    meshFrom({ members: [clusterOf('a', [], { relationships: relationships as never })], edges: [] });
  const made = { ...told, object: 'b.example-bootstrap', firstBundle: 'web' };
  const a = deployedMesh(mesh([made]), mesh([told])).member('a');
  expect(a?.relationships).toEqual([told, made]);
  expect(deleteRelationshipTask(a as Member, 'b.example').args).toEqual([
    'delete',
    'clusterfederatedtrustdomain',
    'b.example',
    'b.example-bootstrap',
    '--ignore-not-found',
  ]);
});

test('an identity names all whom it named or names', () => {
  const identities = (federatesWith: string[]) => [{ name: 'shop', federatesWith }];
  const was = meshFrom({
    members: [
      clusterOf('a', [], {
        identities: [...identities(['b.example', 'c.example']), { name: 'old', federatesWith: ['b.example'] }],
      }),
    ],
    edges: [],
  });
  const is = meshFrom({
    members: [clusterOf('a', [], { identities: identities(['c.example', 'd.example']) })],
    edges: [],
  });
  expect(deployedMesh(was, is).member('a')?.identities).toEqual([
    { name: 'shop', federatesWith: ['c.example', 'd.example', 'b.example'] },
    { name: 'old', federatesWith: ['b.example'] },
  ]);
});

test('of another trust domain of the same name nothing holds', () => {
  const was = meshFrom({ members: [clusterOf('a', ['b'], { trustDomain: 'old.example' })], edges: [] });
  const is = meshFrom({ members: [clusterOf('a', [])], edges: [] });
  expect(deployedMesh(was, is).member('a')?.relationships).toEqual([]);
});

test('what is the same stays the same', () => {
  const mesh = meshFrom({
    members: [clusterOf('a', ['b']), clusterOf('b', ['a'])],
    edges: [edge('a', 'b'), edge('b', 'a')],
  });
  expect(deployedMesh(mesh, mesh).data()).toEqual(mesh.data());
});

test('who was renamed is one member still, with all that it had', () => {
  const identities = (federatesWith: string[]) => [{ name: 'shop', federatesWith }];
  const was = meshFrom({
    members: [clusterOf('a', ['b'], { identities: identities(['b.example']) }), clusterOf('b', ['a'])],
    edges: [edge('a', 'b'), edge('b', 'a')],
  });
  const is = meshFrom({
    members: [clusterOf('new', [], { trustDomain: 'a.example', identities: identities([]) }), clusterOf('b', [])],
    edges: [edge('new', 'b')],
  });
  const both = deployedMesh(was, is);
  expect(both.members.map(({ name }) => name)).toEqual(['new', 'b']);
  expect(both.edges).toEqual([edge('new', 'b'), edge('b', 'new')]);
  expect(both.member('new')?.identities).toEqual(identities(['b.example']));
  expect(both.member('b')?.relationships?.map(({ trustDomain }) => trustDomain)).toEqual(['a.example']);
});

test('identities of two kinds with one name are taken for each other in their order', () => {
  const named = (...lists: string[][]) => lists.map((federatesWith) => ({ name: 'db', federatesWith }));
  const mesh = (identities: ReturnType<typeof named>) =>
    meshFrom({ members: [clusterOf('a', [], { identities })], edges: [] });
  const identitiesOf = (was: ReturnType<typeof named>, is: ReturnType<typeof named>) =>
    deployedMesh(mesh(was), mesh(is)).member('a')?.identities;
  expect(identitiesOf(named(['b'], ['c']), named([], ['d']))).toEqual(named(['b'], ['d', 'c']));
  expect(identitiesOf(named(['b'], ['c']), named(['d']))).toEqual(named(['d', 'b'], ['c']));
});
