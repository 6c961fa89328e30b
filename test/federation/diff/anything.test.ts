import fc from 'fast-check';
import {
  decidedChanges,
  diffMeshes,
  type Member,
  type MeshData,
  meshFrom,
  pendingChanges,
  proveMesh,
} from '../../../lib/federation';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { changesFrom } from './fixtures';

/* Federations of a few members, in whatever state: two of them are what was and what is. */

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const some = <T>(items: readonly T[]) => fc.subarray([...items]);
const optional = <T>(name: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((it) => (it === undefined ? {} : { [name]: it }));

const member = (name: string, names: readonly string[]): fc.Arbitrary<Member> => {
  const others = names.filter((each) => each !== name);
  const domain = (each: string) => `${each}.example`;
  const told = (peer: string) =>
    fc.record({
      trustDomain: fc.constant(domain(peer)),
      url: fc.constantFrom(`https://${peer}.example/`, `https://${peer}.example.net/`),
      profile: fc.constantFrom('https_web' as const, 'https_spiffe' as const),
      endpointSpiffeId: fc.constantFrom(...others.map((each) => `spiffe://${domain(each)}/server`), 'x'),
    });
  return fc
    .tuple(
      fc.constantFrom('kubernetes' as const, 'openshift' as const, 'external' as const),
      some(others).chain((peers) => fc.tuple(...peers.map(told))),
      fc.array(
        fc.record({
          name: fc.constantFrom('x', 'y', 'z'),
          federatesWith: some(others.map(domain)),
          accepts: fc.constantFrom('any' as const, [domain('a')], [domain('a'), domain('b')]),
          catchAll: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
      optional('upstream', fc.constantFrom({}, { roots: EAST_ROOT }, { roots: WEST_ROOT })),
      optional(
        'endpoint',
        fc.record({
          url: fc.constantFrom(`https://${name}.example/`, `https://${name}.example.net/`),
          profile: fc.constantFrom('https_web', 'https_spiffe'),
          spiffeId: fc.constantFrom(...names.map((each) => `spiffe://${domain(each)}/server`)),
          servedBySpire: fc.boolean(),
          exposure: fc.constant('other'),
          termination: fc.constantFrom('passthrough', 'reencrypt'),
          refreshHint: fc.constantFrom(60, 300),
        }),
      ),
      optional('keysInMemory', fc.boolean()),
    )
    .map(
      ([platform, relationships, identities, ...rest]) =>
        Object.assign(
          {
            name,
            platform,
            trustDomain: domain(name),
            relationships,
            identities,
            fetches: { profiles: ['https_web'] },
          },
          ...rest,
        ) as Member,
    );
};

const mesh: fc.Arbitrary<MeshData> = some(NAMES)
  .chain((names) => fc.tuple(fc.constant(names), fc.tuple(...names.map((name) => member(name, NAMES)))))
  .chain(([names, members]) =>
    fc.record({
      members: fc.constant(members as Member[]),
      edges: fc.array(
        fc.record({ consumer: fc.constantFrom(...names, 'x'), provider: fc.constantFrom(...names, 'x') }),
        { maxLength: 12 },
      ),
      budgets: fc.constantFrom({}, { blastRadius: 1 }, { blastRadius: 2, outage: 60 }),
    }),
  );

const assert = (property: fc.IPropertyWithHooks<[MeshData, MeshData]>) => fc.assert(property, { numRuns: 60 });

test('a lock tells the same, ids tell changes apart, and nothing changes from itself', () => {
  assert(
    fc.property(mesh, mesh, (was, is) => {
      const ids = changesFrom(was, is).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(diffMeshes(meshFrom(is), meshFrom(is))).toEqual([]);
      expect(diffMeshes(meshFrom(was), meshFrom(structuredClone(was)))).toEqual([]);
    }),
  );
});

test('the order in which a program says things is of no account', () => {
  const turned = ({ members, edges, ...rest }: MeshData): MeshData => ({
    ...rest,
    edges: [...edges].reverse(),
    members: [...members]
      .reverse()
      .map(({ relationships = [], ...each }) => ({ ...each, relationships: [...relationships].reverse() })),
  });
  const idsOf = (was: MeshData, is: MeshData) =>
    diffMeshes(meshFrom(was), meshFrom(is))
      .map(({ id }) => id)
      .sort();
  assert(
    fc.property(mesh, mesh, (was, is) => {
      expect(idsOf(turned(was), turned(is))).toEqual(idsOf(was, is));
    }),
  );
});

test('approved as it is asked for, nothing but what is forbidden is left, and the rules say the same', () => {
  assert(
    fc.property(mesh, mesh, (was, is) => {
      const previous = meshFrom(was);
      const asked = pendingChanges(previous, meshFrom(is)).filter(({ effect }) => effect === 'approval');
      const approved = asked.map(({ id }) => ({ change: id, reason: 'asked for' }));
      const [open, decided] = [meshFrom(is), meshFrom({ ...is, approved })];
      expect(pendingChanges(previous, decided).filter(({ effect }) => effect !== 'forbidden')).toEqual([]);
      expect(decidedChanges(previous, decided).filter((each) => each.approved !== undefined)).toHaveLength(
        asked.length,
      );
      const found = (mesh: typeof open, id: string) => proveMesh(mesh, { previous }).filter(({ rule }) => rule === id);
      expect(found(open, 'W41')).toHaveLength(asked.length);
      expect([...found(decided, 'W41'), ...found(decided, 'E42')]).toEqual([]);
    }),
  );
});

test('who is newly believed, or names somebody anew, is never just noted', () => {
  assert(
    fc.property(mesh, mesh, (was, is) => {
      const [before, now] = [meshFrom(was), meshFrom(is)];
      const changes = diffMeshes(before, now);
      for (const member of now.members) {
        const former = before.ofTrustDomain(member.trustDomain);
        if (!former || member.platform === 'external' || former.platform === 'external') continue;
        for (const { trustDomain } of member.relationships ?? []) {
          if (before.trustedBy(former).has(trustDomain) || trustDomain === member.trustDomain) continue;
          const [provider, gone] = [now, before].map((mesh) => mesh.ofTrustDomain(trustDomain)?.name);
          if ([provider, gone].some((name) => name !== undefined && before.hasEdge(former.name, name))) continue;
          const isAsked = changes.some(
            ({ effect, kind, member: of, peer }) =>
              effect === 'approval' &&
              ((kind === 'member-added' && of === provider) ||
                (of === member.name && (kind === 'edges-added' || peer === (provider ?? gone ?? trustDomain)))),
          );
          expect({ member: member.name, trustDomain, isAsked }).toEqual({
            member: member.name,
            trustDomain,
            isAsked: true,
          });
        }
      }
    }),
  );
});
