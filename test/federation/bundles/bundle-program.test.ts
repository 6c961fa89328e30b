import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  BundleEndpointProfile,
  BundleFolder,
  ExternalTrustDomain,
  FederationMesh,
  KubernetesCluster,
  Topology,
  Trust,
} from '../../../lib';
import { bundleFileName, bundleOfRoots, canonicalBundle } from '../../../lib/federation';
import { findings, manifestsOf } from '../../spire/installation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { RSA_ROOT, WEST_ROOT } from '../fixtures-certificates';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const put = (trustDomain: string, roots: string): string => {
  const text = canonicalBundle(
    SpiffeBundle.parse(TrustDomain.parse(trustDomain), bundleOfRoots(roots, { refreshHint: 300 })),
  );
  writeFileSync(join(folder, bundleFileName(trustDomain, text)), text);
  return text;
};

/** East believes west, and a partner; both prove themselves by SPIFFE IDs, and begin with bundles of the folder. */
function program() {
  const app = Testing.app();
  const bundles = BundleFolder.at(folder);
  const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
  const west = new KubernetesCluster(app, 'west', {
    trustDomain: 'west.example.com',
    bundleEndpoint: BundleEndpoint.httpsSpiffe({ seed: bundles.bundle('west.example.com') }),
  });
  const partner = new ExternalTrustDomain({
    trustDomain: 'partner.example.org',
    bundleEndpointUrl: 'https://spire.partner.example.org:8443',
    profile: BundleEndpointProfile.httpsSpiffe('spiffe://partner.example.org/spire/server'),
    seed: bundles.bundle('partner.example.org'),
  });
  new FederationMesh(app, 'mesh', {
    members: [east, west, partner],
    topology: Topology.edges([Trust.oneWay(east, west), Trust.oneWay(east, partner)]),
    now: new Date('2026-06-01T00:00:00Z'),
  });
  return app;
}

test('bundles of a folder are what peers begin with', () => {
  const west = put('west.example.com', WEST_ROOT);
  const partner = put('partner.example.org', RSA_ROOT);
  const app = program();
  expect(findings(app)).toEqual([]);
  const objects = manifestsOf(app).filter(({ kind }) => kind === 'ClusterFederatedTrustDomain');
  expect(objects.map(({ spec }) => [spec.trustDomain, spec.trustDomainBundle]).sort()).toEqual([
    ['partner.example.org', partner],
    ['west.example.com', west],
  ]);
});

test('one that is missing is a finding of the member whose it is, among all others', () => {
  put('west.example.com', WEST_ROOT);
  expect(findings(program()).map((line) => line.replaceAll(folder, 'FOLDER'))).toMatchInlineSnapshot(`
[
  "error [mesh: partner.example.org] seed is not there: the folder 'FOLDER' has no bundle of 'partner.example.org'; run 'spirekit bundle fetch partner.example.org --folder FOLDER' (E15)",
]
`);
});
