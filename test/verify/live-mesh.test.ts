import { DEFAULT_BOUNDS } from '../../lib/verify/bounds';
import { AccessError } from '../../lib/verify/kube';
import { liveMesh } from '../../lib/verify/live-mesh';
import { type ClusterData, DataAccess, serverObjects } from './data-access';

jest.mock('../../lib/verify/kube/load-client', () => ({
  loadClient: async () => ({ loadYaml: (text: string) => JSON.parse(text) }),
}));

const federated = (trustDomain: string, className = 'spire') => ({
  metadata: { name: trustDomain },
  spec: {
    trustDomain,
    bundleEndpointURL: `https://federation.${trustDomain}/`,
    bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: `spiffe://${trustDomain}/spire/server` },
    className,
  },
});

const cluster = (trustDomain: string, conf: string, ...trusted: object[]): ClusterData => ({
  objects: { ...serverObjects(trustDomain, conf), 'clusterfederatedtrustdomains.spire.spiffe.io': trusted },
});

const meshOf = async (clusters: Readonly<Record<string, ClusterData>>) => {
  const { mesh, accesses } = await liveMesh(
    Object.entries(clusters).map(([context, data]) => new DataAccess(context, data)),
    DEFAULT_BOUNDS,
  );
  return { mesh, contexts: [...accesses].map(([name, { context }]) => `${name}: ${context}`) };
};

test('members are the servers that are found, edges what objects and configurations ask for', async () => {
  const web =
    'federation { federates_with "partner.example.org" { bundle_endpoint_url = "https://partner.example.org/" bundle_endpoint_profile "https_web" {} } }';
  const { mesh, contexts } = await meshOf({
    east: cluster('east.example.com', web, federated('west.example.com'), federated('ignored.example.com', 'other')),
    west: cluster('west.example.com', '', federated('east.example.com'), federated('west.example.com')),
  });
  expect(contexts).toEqual(['east: east', 'west: west']);
  expect(
    mesh.members.map(({ name, platform, trustDomain, endpoint }) => [name, platform, trustDomain, endpoint?.url]),
  ).toEqual([
    ['east', 'kubernetes', 'east.example.com', 'https://federation.east.example.com/'],
    ['west', 'kubernetes', 'west.example.com', 'https://federation.west.example.com/'],
    ['partner.example.org', 'external', 'partner.example.org', 'https://partner.example.org/'],
  ]);
  expect(mesh.edges.map(({ consumer, provider }) => `${consumer} → ${provider}`)).toEqual([
    'east → west',
    'east → partner.example.org',
    'west → east',
  ]);
});

test('several trust domains of one cluster are members with names of both', async () => {
  const [one, other] = [serverObjects('one.example.com'), serverObjects('other.example.com')];
  const moved = JSON.parse(
    JSON.stringify(other).replaceAll('"namespace":"spire-server"', '"namespace":"other-server"'),
  );
  const objects = Object.fromEntries(Object.keys(one).map((kind) => [kind, [...(one[kind] ?? []), ...moved[kind]]]));
  const { contexts } = await meshOf({
    shared: { objects: { ...objects, 'clusterfederatedtrustdomains.spire.spiffe.io': [] } },
  });
  expect(contexts).toEqual(['shared/other.example.com: shared', 'shared/one.example.com: shared']);
});

test('a cluster that does not answer, and one without SPIRE, are members too, so that they are told of', async () => {
  const { mesh, contexts } = await meshOf({
    down: { down: new AccessError('unreachable', 'no way') },
    empty: { objects: { pods: [] } },
  });
  expect(contexts).toEqual(['down: down', 'empty: empty']);
  expect(mesh.members.every(({ trustDomain }) => /^unknown\.[0-9a-f]{8}$/.test(trustDomain))).toBe(true);
});
