import { X509Source } from '@spirekit/runtime';
import type { LiveMesh } from './mesh';
import { NAMES, type Name, peersOf, startExample, trustDomainOf } from './mesh-example';
import { handedTo, meet, type StaticWorkload, staticEntry } from './mesh-workloads';

// Workloads of examples/kubernetes-federation: processes on loopback that get their identities from the clusters' agents.

/** As the example's identities name peers; the test itself is one of them. */
const SELF = process.getuid?.() ?? 0;
const FRIENDS: Readonly<Record<Name, readonly Name[]>> = { east: ['west'], west: ['east', 'lab'], lab: ['west'] };

const workloadsOf = (name: Name): StaticWorkload[] => [
  { name: 'self', user: SELF, federatesWith: FRIENDS[name].map(trustDomainOf) },
  { name: 'alone', user: 3001, federatesWith: [] },
  { name: 'one', user: 3002, federatesWith: peersOf(name).slice(0, 1).map(trustDomainOf) },
  { name: 'all', user: 3003, federatesWith: peersOf(name).map(trustDomainOf) },
];

let mesh: LiveMesh;
const sources = new Map<Name, X509Source>();

beforeAll(async () => {
  mesh = await startExample();
  for (const name of NAMES) {
    const cluster = mesh.member(name);
    await cluster.apply(
      workloadsOf(name)
        .map((workload) => staticEntry(cluster, workload))
        .join('\n---\n'),
    );
  }
});

afterAll(async () => {
  await Promise.all([...sources.values()].map((source) => source.close()));
  await mesh?.end();
});

const source = (name: Name): X509Source => sources.get(name) as X509Source;
const idOf = (name: Name): string => `spiffe://${trustDomainOf(name)}/self`;

describe.each(NAMES)('in %s', (name) => {
  test.each(workloadsOf(name))('$name gets its SVID, and the bundles that it names alone', async (workload) => {
    expect(await handedTo(mesh.member(name), workload.user)).toEqual({
      ids: [`spiffe://${trustDomainOf(name)}/${workload.name}`],
      bundles: [...workload.federatesWith].sort().map((trustDomain) => `spiffe://${trustDomain}`),
    });
  });

  test('a process that nobody registered gets nothing', async () => {
    await expect(handedTo(mesh.member(name), 3999, 0)).rejects.toThrow(/no identity issued/);
  });

  test('a workload of the runtime gets the same', async () => {
    sources.set(name, await X509Source.create({ address: mesh.member(name).workloadApi }));
    const known = source(name).trustDomains.map((trustDomain) => trustDomain.name);
    expect(String(source(name).x509Svid().id)).toBe(idOf(name));
    expect(known.sort()).toEqual([name, ...FRIENDS[name]].map(trustDomainOf).sort());
  });
});

test.each([
  ['east', 'west'],
  ['west', 'east'],
  ['west', 'lab'],
  ['lab', 'west'],
] as const)('%s and %s know each other by mutual TLS', async (client, server) => {
  expect(await meet(source(client), source(server))).toEqual({ client: idOf(server), server: idOf(client) });
});

test.each([
  ['east', 'lab'],
  ['lab', 'east'],
] as const)(
  '%s and %s name each other nowhere, and are refused though their servers federate',
  async (client, server) => {
    expect(await meet(source(client), source(server))).toEqual({
      refused: `client: PeerError: peer '127.0.0.1': its X.509-SVID is refused: X.509-SVID '${idOf(server)}': trust domain '${trustDomainOf(server)}' has no bundle here; federate with it first`,
    });
  },
);
