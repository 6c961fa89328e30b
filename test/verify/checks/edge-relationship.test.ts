import type { Member, Relationship } from '../../../lib/federation';
import type { EdgeSubject } from '../../../lib/verify/check';
import { EDGE_RELATIONSHIP } from '../../../lib/verify/checks/edge-relationship';
import { meshData } from '../../cli/fixtures';

const relationship = (spec: object = {}) => ({
  metadata: { name: 'west' },
  spec: {
    trustDomain: 'west.example.com',
    bundleEndpointURL: 'https://federation.west.example.com/',
    bundleEndpointProfile: { type: 'https_web' },
    className: 'spire',
    ...spec,
  },
});

/** What is said of east, which believes west, in a cluster with these ClusterFederatedTrustDomains. */
const outcomeOf = (...relationships: readonly object[]) => outcomeFor({}, relationships);

/** The same, where the relationship is declared otherwise. */
async function outcomeFor(declared: Partial<Relationship>, relationships: readonly object[]) {
  const [given, west] = meshData().members as [Member, Member];
  const east = { ...given, relationships: given.relationships?.map((each) => ({ ...each, ...declared })) };
  const known = new Map<string, unknown>();
  const view = {
    context: 'east',
    member: east,
    managerConf: async () => ({ className: 'spire' }),
    serverConf: async () => ({ federatesWith: [] }),
    objects: { list: async () => relationships },
    once: (key: string, make: () => unknown) => {
      if (!known.has(key)) known.set(key, make());
      return known.get(key);
    },
  };
  const [outcome] = await EDGE_RELATIONSHIP.run({ view, consumer: east, provider: west } as unknown as EdgeSubject);
  return outcome;
}

test('one that is as it is declared', async () => {
  expect(await outcomeOf(relationship())).toMatchObject({
    state: 'ok',
    what: 'is as declared',
    where: 'ClusterFederatedTrustDomain west',
  });
});

test('one that is not there is applied again', async () => {
  expect(await outcomeOf()).toEqual({
    state: 'error',
    what: 'no ClusterFederatedTrustDomain names west.example.com',
    where: 'cluster of context east',
    causes: ['it was not applied (yet)', 'it was deleted'],
    next: "kubectl --context {context} apply -f dist/{folder}/50-trust.yaml (the wave 'trust' again), or pulumi up --refresh",
  });
});

test('one that a Job makes is looked for there', async () => {
  expect(await outcomeFor({ firstBundle: 'cluster' }, [])).toMatchObject({
    what: 'no ClusterFederatedTrustDomain names west.example.com',
    causes: ['the Job that makes it has not ended (yet), or has failed', 'it was deleted'],
    next: 'kubectl --context {context} -n {namespace} logs --tail=-1 -l app.kubernetes.io/name=spirekit-bundle-bootstrap',
  });
});

test('one that differs, or is ignored for its class, is looked at', async () => {
  const different = await outcomeOf(relationship({ bundleEndpointURL: 'https://other.example.com/' }));
  expect(different).toEqual({
    state: 'error',
    what: "has URL 'https://other.example.com/' instead of 'https://federation.west.example.com/'",
    where: 'ClusterFederatedTrustDomain west',
  });
  expect(await outcomeOf(relationship({ className: 'other' }))).toEqual({
    state: 'error',
    what: 'the ClusterFederatedTrustDomain of west.example.com is ignored for its class',
    where: 'cluster of context east',
    evidence: "west has class 'other'",
  });
});
