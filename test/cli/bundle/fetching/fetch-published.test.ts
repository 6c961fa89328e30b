import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { TestAuthority } from '@spirekit/runtime/testing';
import { BundleFetchError, type ClusterWay, DEFAULT_WAIT, fetchFirstBundle } from '../../../../lib/cli/bundle/fetching';
import { AccessError } from '../../../../lib/verify/kube';
import { type ClusterData, DataAccess, serverObjects } from '../../../verify/data-access';

// The YAML reader comes with the client of Kubernetes, an ES module, which Jest cannot load; configurations are JSON here.
jest.mock('../../../../lib/verify/kube/load-client', () => ({
  loadClient: async () => ({ loadYaml: (text: string) => JSON.parse(text) }),
}));

const EAST = TrustDomain.parse('east.example.com');
const authority = new TestAuthority(EAST);

const map = (name: string, namespace: string, data: Record<string, string>) => ({
  metadata: { name, namespace },
  data,
});
const PUBLISHER = `} plugins { BundlePublisher "k8s_configmap" { plugin_data { clusters = { "here" = {
  namespace = "spire-system" configmap_name = "spire-bundle" configmap_key = "bundle.spiffe" format = "spiffe" } } } }`;
const NOTIFIER = '} plugins { Notifier "k8sbundle" { plugin_data { namespace = "spire" } }';

/** A cluster with a server that publishes its bundle, and these ConfigMaps. */
function cluster(conf: string, ...maps: object[]): DataAccess {
  const objects = serverObjects(EAST.name, conf);
  return new DataAccess('east', { objects: { ...objects, configmaps: [...(objects.configmaps ?? []), ...maps] } });
}
const fetched = (access: DataAccess, way: Partial<ClusterWay> = {}) =>
  fetchFirstBundle(EAST, { by: 'cluster', access, ...way }, { waitMs: DEFAULT_WAIT });
const refused = async (access: DataAccess, way: Partial<ClusterWay> = {}) => {
  const error: unknown = await fetched(access, way).catch((reason: unknown) => reason);
  if (!(error instanceof BundleFetchError)) throw error;
  return [error.problem, error.message];
};
const SPIFFE = { 'bundle.spiffe': authority.bundle().toString() };

test("where the server's configuration says: a whole bundle", async () => {
  const { bundle, from, provenBy } = await fetched(cluster(PUBLISHER, map('spire-bundle', 'spire-system', SPIFFE)));
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect({ from, provenBy }).toEqual({
    from: 'ConfigMap spire-system/spire-bundle, key bundle.spiffe, of context east',
    provenBy: 'the API server of context east (https://api.example.com:6443)',
  });
});

test('certificates alone, which get the hint that the endpoint has', async () => {
  const pem = authority.x509Bundle().toPem();
  const access = cluster(NOTIFIER, map('spire-bundle', 'spire', { 'bundle.crt': pem }));
  const { bundle } = await fetched(access);
  const { trustDomain, x509 } = authority.bundle();
  expect(bundle.equals(SpiffeBundle.of({ trustDomain, x509, refreshHint: 300 }))).toBe(true);
  const way = { by: 'cluster', access } as const;
  expect((await fetchFirstBundle(EAST, way, { waitMs: DEFAULT_WAIT, refreshHint: 60 })).bundle.refreshHint).toBe(60);
});

test('of both forms, the whole one', async () => {
  const both = `${NOTIFIER.replace(/^\} plugins \{ /, '} plugins { ')} ${PUBLISHER.replace('} plugins { ', '')}`;
  const maps = [
    map('spire-bundle', 'spire', { 'bundle.crt': authority.x509Bundle().toPem() }),
    map('spire-bundle', 'spire-system', SPIFFE),
  ];
  expect((await fetched(cluster(both, ...maps))).bundle.jwt.isEmpty).toBe(false);
});

test('a place that is named needs the right to get that one, and nothing else is asked', async () => {
  const access = cluster('', map('any', 'where', SPIFFE));
  const place = { namespace: 'where', configMap: 'any' };
  expect((await fetched(access, { place })).bundle.equals(authority.bundle())).toBe(true);
  expect((await fetched(access, { place: { ...place, key: 'bundle.spiffe' } })).from).toContain('key bundle.spiffe');
  expect([...new Set(access.asked)]).toEqual(['get configmaps where/any']);
});

test.each([
  ['no server of the trust domain', () => new DataAccess('east', { objects: serverObjects('other.example.com') })],
  ['a server that publishes nothing', () => cluster('')],
  ['a ConfigMap that is not there', () => cluster(PUBLISHER)],
  ['a ConfigMap without the key', () => cluster(PUBLISHER, map('spire-bundle', 'spire-system', { other: '' }))],
  [
    'a right that is missing',
    () => new DataAccess('east', { down: new AccessError('forbidden', 'pods is forbidden') } satisfies ClusterData),
  ],
])('%s', async (_, access) => {
  const [problem, message] = await refused(access());
  expect(problem).toBe('no-access');
  expect(message).toMatchSnapshot();
});

test('a place that is named has several keys, or none', async () => {
  const place = { namespace: 'where', configMap: 'any' };
  expect(await refused(cluster('', map('any', 'where', { a: '', b: '' })), { place })).toEqual([
    'no-access',
    "context east (https://api.example.com:6443): ConfigMap where/any of context east: has the keys 'a', 'b', and none is named",
  ]);
  expect(await refused(cluster('', { metadata: { name: 'any', namespace: 'where' } }), { place })).toEqual([
    'no-access',
    'context east (https://api.example.com:6443): ConfigMap where/any of context east: is empty',
  ]);
});

test('what is published is no bundle', async () => {
  const access = cluster(PUBLISHER, map('spire-bundle', 'spire-system', { 'bundle.spiffe': '<html>' }));
  expect(await refused(access)).toEqual([
    'bad-answer',
    'ConfigMap spire-system/spire-bundle, key bundle.spiffe, of context east: is a web page (HTML or XML), no bundle; look whether the URL is that of the bundle, and whether a login or an error page answers',
  ]);
});
