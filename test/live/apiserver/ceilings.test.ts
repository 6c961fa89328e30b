import { Testing } from 'cdk8s';
import { type App, ExternalTrustDomain, FederationMesh, KubernetesCluster } from 'spirekit';
import { ANNOTATIONS, ETCD_REQUEST } from '../../../lib/federation/analysis/ceilings';
import { ClusterSpiffeId, registrationCrds } from '../../../lib/registration';
import { ApiServer } from '../support/api-server';
import { foundBy } from '../support/findings';

// E36: identities whose object is too large for what stores it.

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
  await server.make(registrationCrds);
});
afterAll(() => server?.end());

const LABEL = 'a'.repeat(63);
/** A name of 205 letters: of the longest, so that there are few. */
const domain = (index: number): string => `${String(index).padStart(5, '0')}.${LABEL}.${LABEL}.${LABEL}.example`;
const domains = (count: number): string[] => Array.from({ length: count }, (_, index) => domain(index));

/** How many names take so many bytes in an object, each with its quotes and a comma. */
const namesIn = (bytes: number): number => Math.ceil(bytes / (domain(0).length + 3));

/** What is found of the object of an identity that names so many trust domains. */
function found(count: number): string[] {
  const program = (app: App) => {
    const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
    const url = 'https://bundles.example';
    const peers = domains(count).map((trustDomain) => ExternalTrustDomain.at(trustDomain, url));
    east.identity('shop', { namespace: 'shop', federatesWith: peers });
    return new FederationMesh(app, 'mesh', { members: [east, ...peers] });
  };
  return foundBy('E36', program).filter((text) => text.includes('its object'));
}

/** The object of such an identity. */
function written(count: number): string {
  const chart = Testing.chart();
  new ClusterSpiffeId(chart, 'shop', {
    name: `shop-${count}`,
    className: 'spire',
    spiffeIdTemplate: 'spiffe://east.example.com/shop',
    podSelector: { matchLabels: { app: 'shop' } },
    federatesWith: domains(count),
  });
  return JSON.stringify(Testing.synth(chart)[0]);
}

test('etcd takes requests of 1.5 MiB, and no object that is larger', async () => {
  const most = namesIn(ETCD_REQUEST);
  expect(found(most)).toEqual([
    expect.stringMatching(
      new RegExp(`^error E36 .* names ${most} trust domains: its object takes 1\\.5 MiB, and etcd `),
    ),
  ]);
  expect(await server.apply(written(most))).toMatchObject({
    status: 1,
    stderr: 'Error from server: etcdserver: request is too large\n',
  });
  // A kilobyte less, for what is in an object besides.
  const fewer = namesIn(ETCD_REQUEST - 1024) - 1;
  expect(found(fewer)).toEqual([expect.stringMatching(/^warning E36 .* annotation, /)]);
  expect(await server.apply(written(fewer))).toMatchObject({ status: 0, stderr: '' });
});

test('kubectl keeps objects of 256 KiB in an annotation, and no larger ones, unless the server applies', async () => {
  const most = namesIn(ANNOTATIONS);
  expect(found(most)).toEqual([
    expect.stringMatching(
      /^warning E36 .* its object takes 257\.1 KiB, and kubectl apply keeps it in an annotation, .* --server-side, /,
    ),
  ]);
  const apply = ['apply', '-f', '-'];
  expect(await server.tryKubectl(apply, written(most))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('metadata.annotations: Too long: may not be more than 262144 bytes'),
  });
  expect(await server.apply(written(most))).toMatchObject({ status: 0, stderr: '' });
  const fewer = namesIn(ANNOTATIONS - 1024) - 1;
  expect(found(fewer)).toEqual([]);
  expect(await server.tryKubectl(apply, written(fewer))).toMatchObject({ status: 0, stderr: '' });
});
