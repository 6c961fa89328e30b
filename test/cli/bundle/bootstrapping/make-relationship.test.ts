import { TestAuthority } from '@spirekit/runtime/testing';
import { makeRelationship } from '../../../../lib/cli/bundle/bootstrapping/make-relationship';
import { Refusal } from '../../../../lib/cli/bundle/bootstrapping/refusal';
import {
  type RelationshipObject,
  relationshipObject,
} from '../../../../lib/cli/bundle/bootstrapping/relationship-object';
import { NotMadeAnew } from '../../../../lib/cli/bundle/bootstrapping/replacement';
import { bundleDigest, canonicalBundle } from '../../../../lib/federation';
import { AccessError } from '../../../../lib/verify';
import { RelationshipCluster, WANTED, WEST } from './fixtures';

const HOUR = 60 * 60 * 1000;
const NAME = WANTED.name;
const FROM = 'https://bundles.example.com/west.json; proven by the Web PKI (public authorities)';

const authority = new TestAuthority(WEST);
const bundle = authority.bundle();
const text = canonicalBundle(bundle);
const digest = bundleDigest(text) as string;
const others = new TestAuthority(WEST).bundle();

/** An object as an earlier Job has made it, with what is otherwise. */
function made(spec: object = {}, metadata: object = {}, of = text): RelationshipObject {
  const object = relationshipObject(WANTED, { text: of, from: FROM });
  return { ...object, metadata: { ...object.metadata, ...metadata }, spec: { ...object.spec, ...spec } };
}
const earlier = (spec: object = {}) => made(spec, { name: WEST, labels: {}, annotations: {} });
const DELETED = (name: string) =>
  `say ClusterFederatedTrustDomain ${name} is deleted, to be made anew; the server keeps the bundle that it has`;
const ALONE = `ClusterFederatedTrustDomain ${NAME} is there as declared, and is left alone`;
const MADE = `ClusterFederatedTrustDomain ${NAME} is made, with the bundle from ${FROM} (${digest})`;

test('what is not there is made, and says by whom and with what', async () => {
  const cluster = new RelationshipCluster();
  expect(await makeRelationship(WANTED, cluster.means(bundle))).toBe(MADE);
  expect(cluster.done).toEqual(['fetch', `create ${NAME}`]);
  expect(cluster.objects).toEqual([
    {
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterFederatedTrustDomain',
      metadata: {
        name: NAME,
        labels: { 'app.kubernetes.io/managed-by': 'spirekit-bundle-bootstrap' },
        annotations: { 'spirekit/first-bundle': digest, 'spirekit/first-bundle-from': FROM },
      },
      spec: { ...WANTED.spec, trustDomainBundle: text },
    },
  ]);
});

test('what is there as it shall be is left alone, and nobody is asked for a bundle', async () => {
  const cluster = new RelationshipCluster([made()]);
  expect(await makeRelationship(WANTED, cluster.means(undefined))).toBe(ALONE);
  expect(cluster.done).toEqual([]);
});

test('an object of the program beside it, which nobody has in a program any more, goes', async () => {
  const cluster = new RelationshipCluster([made(), earlier()]);
  expect(await makeRelationship(WANTED, cluster.means(undefined))).toBe(ALONE);
  expect(cluster.done).toEqual([`delete ${WEST}`, DELETED(WEST)]);
});

test.each([
  ['another URL', made({ bundleEndpointURL: 'https://elsewhere.example.com' })],
  ['another profile', made({ bundleEndpointProfile: { type: 'https_web' } })],
  [
    'another SPIFFE ID',
    made({ bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: `spiffe://${WEST}/x` } }),
  ],
  ['another class', made({ className: 'other' })],
  ['no class', made({ className: undefined })],
  ['no bundle', made({ trustDomainBundle: undefined })],
])('%s: it is made anew, after a round of the controller manager', async (_, object) => {
  const cluster = new RelationshipCluster([object]);
  expect(await makeRelationship(WANTED, cluster.means(bundle))).toBe(MADE);
  expect(cluster.done).toEqual(['fetch', `delete ${NAME}`, DELETED(NAME), 'pause 12', `create ${NAME}`]);
  expect(cluster.objects).toEqual([expect.objectContaining({ spec: { ...WANTED.spec, trustDomainBundle: text } })]);
});

test('it takes the place of the one that the program has made before', async () => {
  const cluster = new RelationshipCluster([earlier()]);
  expect(await makeRelationship(WANTED, cluster.means(bundle))).toBe(MADE);
  expect(cluster.done).toEqual(['fetch', `delete ${WEST}`, DELETED(WEST), 'pause 12', `create ${NAME}`]);
  expect(cluster.objects.map(({ metadata }) => metadata.name)).toEqual([NAME]);
});

test('nothing is deleted as long as there is no bundle', async () => {
  const cluster = new RelationshipCluster([made({ className: 'other' })]);
  await expect(makeRelationship(WANTED, cluster.means(undefined))).rejects.toThrow('nobody answers');
  await expect(makeRelationship(WANTED, cluster.means(new TestAuthority('lab.example.com').bundle()))).rejects.toThrow(
    Refusal,
  );
  expect(cluster.done).toEqual(['fetch', 'fetch']);
});

test('what is deleted and cannot be made anew is not lost: neither the bundle nor the decision', async () => {
  const cluster = new RelationshipCluster([made({ className: 'other' })]);
  cluster.failures.push(undefined, new AccessError('failed', 'HTTP 503: busy'));
  const failure = await makeRelationship(WANTED, cluster.means(bundle)).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotMadeAnew);
  // Nobody answers any more.
  expect(await (failure as NotMadeAnew).replacement.finish(cluster.means(undefined))).toBe(MADE);
  expect(cluster.objects).toEqual([expect.objectContaining({ spec: { ...WANTED.spec, trustDomainBundle: text } })]);
});

test('what is being deleted is waited for', async () => {
  const cluster = new RelationshipCluster([made({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })]);
  await expect(makeRelationship(WANTED, cluster.means(bundle))).rejects.toThrow(
    `ClusterFederatedTrustDomain ${NAME} is being deleted`,
  );
  expect(cluster.done).toEqual([]);
});

describe('keys that are believed and have not ended', () => {
  const changed = () => new RelationshipCluster([made({ className: 'other' })]);

  test('give way to others only when somebody has decided so, about these very keys', async () => {
    const refused = await makeRelationship(WANTED, changed().means(others)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect((refused as Error).message).toBe(
      `the bundle from https://bundles.example.com/west.json has none of the keys that are believed now and have not ended: the peer has new keys altogether, or it is not the peer; ask those who run it, and write replaces: '${digest}' if it is`,
    );
    const elsewhere = { ...WANTED, replaces: `sha256:${'a'.repeat(64)}` };
    await expect(makeRelationship(elsewhere, changed().means(others))).rejects.toThrow(Refusal);
    const decided = [
      makeRelationship({ ...WANTED, replaces: digest }, changed().means(others)),
      makeRelationship(WANTED, changed().means(others, { replaceable: new Set([digest]) })),
    ];
    for (const outcome of await Promise.all(decided)) expect(outcome).toMatch(/ is made, with the bundle from /);
  });

  test('of the object that the program has made, too', async () => {
    await expect(makeRelationship(WANTED, new RelationshipCluster([earlier()]).means(others))).rejects.toThrow(Refusal);
  });

  test('stay where one of them is still there', async () => {
    const rotated = new TestAuthority(WEST);
    const before = canonicalBundle(rotated.bundle());
    rotated.rotate();
    const cluster = new RelationshipCluster([made({ className: 'other' }, {}, before)]);
    expect(await makeRelationship(WANTED, cluster.means(rotated.bundle()))).toMatch(/ is made, /);
  });

  test('are none when all have ended, or what is there is no bundle', async () => {
    const past = canonicalBundle(new TestAuthority(WEST, { now: Date.now() - 48 * HOUR }).bundle());
    for (const held of [past, '{', '']) {
      const cluster = new RelationshipCluster([made({ className: 'other' }, {}, held)]);
      expect(await makeRelationship(WANTED, cluster.means(others))).toMatch(/ is made, /);
    }
  });
});

test('a decision has the bundle replaced where nothing else has changed, and no effect once it is', async () => {
  const wanted = { ...WANTED, replaces: digest };
  const cluster = new RelationshipCluster([made()]);
  expect(await makeRelationship(wanted, cluster.means(others))).toMatch(/ is made, /);
  expect(cluster.done).toContain('pause 12');
  expect(await makeRelationship(wanted, cluster.means(undefined))).toBe(ALONE);
});

test('a decision about keys that the peer still has changes nothing', async () => {
  const cluster = new RelationshipCluster([made()]);
  expect(await makeRelationship({ ...WANTED, replaces: digest }, cluster.means(bundle))).toBe(
    `ClusterFederatedTrustDomain ${NAME} has these very keys already, and is left alone`,
  );
  expect(cluster.done).toEqual(['fetch']);
});
