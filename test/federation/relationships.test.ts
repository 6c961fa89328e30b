import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  BundleEndpointProfile,
  ExternalTrustDomain,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  OpenShiftCluster,
  UpstreamAuthority,
} from '../../lib';
import { bundleOfRoots } from '../../lib/federation';
import { find, findings, manifestsOf } from '../spire/installation';
import { EAST_ROOT, RSA_ROOT, WEST_ROOT } from './fixtures-certificates';

const partner = (trustDomain: string, props: object = {}) =>
  new ExternalTrustDomain({
    trustDomain,
    bundleEndpointUrl: 'https://bundle.partner.example',
    profile: BundleEndpointProfile.httpsWeb(),
    ...props,
  });

const cluster = (app = Testing.app(), name = 'east', roots = WEST_ROOT, endpoint = {}) =>
  new KubernetesCluster(app, name, {
    trustDomain: `${name}.example.com`,
    server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) },
    bundleEndpoint: BundleEndpoint.httpsSpiffe(endpoint),
  });

const join = (member: { readonly node: { readonly root: unknown } }, props: FederationMeshProps) =>
  new FederationMesh(member.node.root as never, 'mesh', { now: new Date('2026-06-01T00:00:00Z'), ...props });

describe('names of objects', () => {
  test('trust domains that differ in what Kubernetes does not know have two objects', () => {
    const east = cluster();
    join(east, {
      members: [
        east,
        ...['team_a.example', 'team-a.example', 'team-_a.example'].map((name, index) =>
          partner(name, { bundleEndpointUrl: `https://${index}.example` }),
        ),
      ],
    });
    expect(findings(east.node.root)).toEqual([]);
    const names = manifestsOf(east)
      .filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')
      .map(({ metadata }) => metadata.name);
    expect([names.length, new Set(names).size]).toEqual([3, 3]);
  });
});

describe('the bundle to begin with', () => {
  const bundleOf = (endpoint: object) => {
    const west = cluster();
    const east = cluster(west.node.root as never, 'lab', RSA_ROOT, endpoint);
    join(west, { members: [west, east] });
    return find(west, 'ClusterFederatedTrustDomain', 'lab.example.com').spec.trustDomainBundle;
  };

  test.each([
    ['5m unless something else is said', {}, 300],
    ['that of the endpoint', { refreshHint: '10m' }, 600],
  ])('made of roots, it has a hint: %s', (_, endpoint, seconds) => {
    expect(bundleOf(endpoint)).toBe(bundleOfRoots(RSA_ROOT, { refreshHint: seconds }));
  });

  test('a seed that cannot be read is said once, and handed to nobody', () => {
    const east = cluster();
    const lab = partner('lab.example', { seed: 'MII' });
    const other = cluster(east.node.root as never, 'other', RSA_ROOT);
    join(east, { members: [east, other, lab] });
    expect(findings(east.node.root)).toEqual([
      "error [mesh: lab.example] seed is not JSON; paste what 'spire-server bundle show -format spiffe' prints (E15)",
    ]);
    expect(find(east, 'ClusterFederatedTrustDomain', 'lab.example').spec).not.toHaveProperty('trustDomainBundle');
  });

  test('one that has ended is handed on: the day changes findings, not what is written', () => {
    const east = cluster();
    const seed = bundleOfRoots(EAST_ROOT);
    join(east, { members: [east, partner('east.example.org', { seed })], now: new Date('2200-01-01T00:00:00Z') });
    expect(find(east, 'ClusterFederatedTrustDomain', 'east.example.org').spec.trustDomainBundle).toBe(seed);
  });
});

test('on OpenShift without a bundle endpoint the object is all there is', () => {
  const app = Testing.app();
  const ocp = new OpenShiftCluster(app, 'ocp', { trustDomain: 'apps.ocp.example.com' });
  join(ocp, { members: [ocp, partner('partner.example')], staticRelationships: true });
  expect(findings(app)).toEqual([]);
  expect(find(ocp, 'ClusterFederatedTrustDomain', 'partner.example').spec.bundleEndpointProfile).toEqual({
    type: 'https_web',
  });
  expect(find(ocp, 'SpireServer', 'cluster').spec.federation).toBeUndefined();
});
