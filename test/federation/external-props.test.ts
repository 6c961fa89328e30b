import { Testing } from 'cdk8s';
import {
  BundleEndpointProfile,
  ExternalTrustDomain,
  FederationMesh,
  KubernetesCluster,
  Topology,
  Trust,
} from '../../lib';
import { findings, untyped } from '../spire/installation';

const GOOD = {
  trustDomain: 'partner.example',
  bundleEndpointUrl: 'https://bundle.partner.example',
  profile: BundleEndpointProfile.httpsWeb(),
  refreshHint: '5m',
};

const late = { __pulumiOutput: true, apply: () => late, get: () => 'x' };

/** What is said of an external trust domain, to whose workloads an identity of the cluster talks. */
function foundAt(props: unknown, topology = (_: KubernetesCluster, __: ExternalTrustDomain): object => ({})): string[] {
  const app = Testing.app();
  const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
  const partner = new ExternalTrustDomain(untyped(props));
  new FederationMesh(app, 'mesh', { members: [east, partner], ...topology(east, partner) });
  if (typeof partner.trustDomain === 'string') {
    east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [partner] });
  }
  return findings(app);
}

test('one that nothing is wrong with', () => {
  expect(foundAt({ ...GOOD, name: 'partner', refreshHint: '5m', caTtl: '24h', servedBy: 'object-store' })).toEqual([]);
});

test('every mistake is one finding', () => {
  const mistakes: Record<string, object> = {
    'an unknown name': { url: 'https://bundle.partner.example' },
    'a name of every object': { toString: 'x' },
    'a hint in days': { refreshHint: '1d', servedBy: 'spire' },
    'a hint of nothing': { refreshHint: '0s', servedBy: 'spire' },
    'a lifetime that is a number': { caTtl: 86_400 },
    'a late lifetime': { caTtl: late },
    'a word': { servedBy: 'bucket' },
    'a name of every object as a word': { servedBy: 'toString' },
    'a profile as a word': { profile: 'https_web' },
    'a profile without its ID': { profile: { type: 'https_spiffe' } },
    'an ID that is none': { profile: { type: 'https_spiffe', endpointSPIFFEID: 'partner.example' } },
    'a late profile': { profile: late },
    http: { bundleEndpointUrl: 'http://bundle.partner.example' },
    'a password': { bundleEndpointUrl: 'https://me:secret@bundle.partner.example' },
    'no URL at all': { bundleEndpointUrl: 'https://' },
    'a URL that is no text': { bundleEndpointUrl: new URL('https://bundle.partner.example') },
    'a late URL': { bundleEndpointUrl: late },
    'no URL': { bundleEndpointUrl: undefined },
    'a seed that is an object': { seed: { keys: [] } },
    'trust as a word': { trust: 'public' },
    'private trust without roots': { trust: { type: 'private' } },
    'a name that is none': { name: 5 },
    'an empty name': { name: '' },
    'a trust domain that is none': { trustDomain: 'Partner', name: 'partner' },
  };
  const told = Object.entries(mistakes).map(([label, change]) => [label, foundAt({ ...GOOD, ...change })] as const);
  expect(told.filter(([label, { length }]) => length !== 1 && label !== 'a trust domain that is none')).toEqual([]);
  expect(told.map(([label, found]) => `# ${label}\n${found.join('\n')}`).join('\n')).toMatchInlineSnapshot(`
"# an unknown name
error [mesh] members.partner.example.url is not a property; write one of trustDomain, bundleEndpointUrl, profile, seed, trust, refreshHint, caTtl, servedBy, hostedBy, fetches, name (property-unknown)
# a name of every object
error [mesh] members.partner.example.toString is not a property; write one of trustDomain, bundleEndpointUrl, profile, seed, trust, refreshHint, caTtl, servedBy, hostedBy, fetches, name (property-unknown)
# a hint in days
error [mesh] members.partner.example.refreshHint '1d' has the unit 'd', which Go does not know; write hours (duration)
# a hint of nothing
error [mesh] members.partner.example.refreshHint '0s' is no time at all; write a time such as '5m', or leave it out (duration)
# a lifetime that is a number
error [mesh] members.partner.example.caTtl 86400 is not text; write a number with a unit, such as '1h30m' (duration)
# a late lifetime
error [mesh] members.partner.example.caTtl is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (duration)
# a word
error [mesh] members.partner.example.servedBy 'bucket' is not a word that is known here; write one of spire, object-store, other (property-kind)
# a name of every object as a word
error [mesh] members.partner.example.servedBy 'toString' is not a word that is known here; write one of spire, object-store, other (property-kind)
# a profile as a word
error [mesh] members.partner.example.profile 'https_web' is not a profile of a bundle endpoint; write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…) (bundle-endpoint-profile)
# a profile without its ID
error [mesh] members.partner.example.profile.endpointSPIFFEID is not valid: must be a string; pass its text, such as 'spiffe://example.org/web' (bundle-endpoint-profile)
# an ID that is none
error [mesh] members.partner.example.profile.endpointSPIFFEID 'partner.example' is not valid: scheme is missing or invalid; begin with 'spiffe://' (bundle-endpoint-profile)
# a late profile
error [mesh] members.partner.example.profile is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-profile)
# http
error [mesh] members.partner.example.bundleEndpointUrl 'http://bundle.partner.example' does not begin with https://; write a URL that does, such as 'https://bundle.partner.example' (bundle-endpoint-url)
# a password
error [mesh] members.partner.example.bundleEndpointUrl 'https://…@bundle.partner.example' has a user name or password in it; remove it: bundles are public (bundle-endpoint-url)
# no URL at all
error [mesh] members.partner.example.bundleEndpointUrl 'https://' is not a URL; write one, such as 'https://bundle.partner.example' (bundle-endpoint-url)
# a URL that is no text
error [mesh] members.partner.example.bundleEndpointUrl "https://bundle.partner.example/" is not text; write a URL, such as 'https://bundle.partner.example' (bundle-endpoint-url)
# a late URL
error [mesh] members.partner.example.bundleEndpointUrl is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-url)
# no URL
error [mesh] members.partner.example.bundleEndpointUrl is missing; write where its bundle is fetched, such as 'https://bundle.partner.example' (external-trust-domain)
# a seed that is an object
error [mesh] members.partner.example.seed {"keys":[]} is not text; write the JSON of the bundle as one text (property-kind)
# trust as a word
error [mesh] members.partner.example.trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots) (web-trust)
# private trust without roots
error [mesh] members.partner.example.trust.roots is missing; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----' (web-trust)
# a name that is none
error [mesh] members.partner.example.name 5 is not text; write it in quotes (property-kind)
# an empty name
error [mesh] members.partner.example.name '' is empty; write it in quotes (property-kind)
# a trust domain that is none
error [east/identity-web] federatesWith[0] 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (trust-domain)
error [mesh: partner] trustDomain 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (E01)"
`);
});

test.each([[{}], [undefined], [null], ['partner.example']])('made of %p, it says what is missing', (props) => {
  expect(foundAt(props)).toEqual([
    "error [mesh] members[1].trustDomain is missing; write its name, such as 'partner.example' (external-trust-domain)",
    "error [mesh] members[1].bundleEndpointUrl is missing; write where its bundle is fetched, such as 'https://bundle.partner.example' (external-trust-domain)",
    'error [mesh] members[1].profile is missing; write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…) (external-trust-domain)',
  ]);
});

test('a trust domain of another kind, also where a topology names its owner', () => {
  const topology = (east: KubernetesCluster, partner: ExternalTrustDomain) => ({
    topology: Topology.edges([Trust.oneWay(east, partner)]),
  });
  expect(foundAt({ ...GOOD, trustDomain: late }, topology)).toEqual([
    "error [mesh] members[1].trustDomain is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (property-kind)",
  ]);
});
