import type { ClusterSubject } from '../../../lib/verify/check';
import { LEFTOVER_BUNDLES } from '../../../lib/verify/checks/leftover-bundles';

const bundle = { trustDomain: 'west.example.com', refreshHint: 60, sequence: 1, x509: [], jwt: [] };

/** A server that holds the bundle of west. */
function subject(has: {
  readonly declared?: boolean;
  readonly relationships?: readonly object[];
  readonly staticRelationships?: readonly object[];
  readonly held?: boolean;
  readonly entries?: number;
}): ClusterSubject {
  const west = { trustDomain: 'west.example.com' };
  const view = {
    member: { relationships: has.relationships ?? [], staticRelationships: has.staticRelationships ?? [] },
    heldBundles: async () => new Map([[west.trustDomain, bundle]]),
    heldRelationships: async () => new Map(has.held ? [[west.trustDomain, west]] : []),
    serverConf: async () => ({ federatesWith: [] }),
    installation: async () => ({ namespace: 'spire', owner: { kind: 'StatefulSet', name: 'server' } }),
    entriesNaming: async () => has.entries ?? 0,
    once: (_: string, make: () => unknown) => make(),
  };
  return { view, world: { declared: has.declared ?? true } } as unknown as ClusterSubject;
}

const WEST = [{ trustDomain: 'west.example.com' }];

test.each([
  ['by a relationship', { held: true }, 'ok: holds 1 bundle, each by a relationship'],
  ['by none', {}, 'error: still holds the bundle of west.example.com, with which it has no relationship'],
  [
    'by one that is declared, and missing',
    { relationships: WEST },
    'error: holds the bundle of west.example.com as it was: the declared relationship is missing',
  ],
  [
    'by one that is declared for its configuration, and missing',
    { staticRelationships: WEST },
    'error: holds the bundle of west.example.com as it was: the declared relationship is missing',
  ],
  [
    'by one that the cluster itself has had',
    { declared: false, relationships: WEST },
    'error: still holds the bundle of west.example.com, with which it has no relationship',
  ],
])('a bundle is held %s', async (_, has, said) => {
  const [outcome] = await LEFTOVER_BUNDLES.run(subject(has));
  expect(`${outcome?.state}: ${outcome?.what}`).toBe(said);
});

test.each([
  [0, 'restrict', '0 entries name it'],
  [1, 'dissociate', '1 entry names it'],
])('it is deleted as its entries let it: of %i', async (entries, mode, evidence) => {
  const [outcome] = await LEFTOVER_BUNDLES.run(subject({ entries }));
  expect(outcome?.next).toMatch(new RegExp(` bundle delete -id spiffe://west\\.example\\.com -mode ${mode}$`));
  expect(outcome?.evidence).toBe(evidence);
});

test('nobody is told to delete the bundle of a trust domain that is meant to be believed', async () => {
  const [outcome] = await LEFTOVER_BUNDLES.run(subject({ relationships: WEST, entries: 1 }));
  expect(outcome?.next).not.toContain('delete');
});
