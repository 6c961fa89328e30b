import { deployedMesh, meshFrom } from '../../../lib/federation';
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
