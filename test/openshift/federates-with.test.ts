import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { ZtwimPeer } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { newServer, said, specOf, untyped } from './installation';

const federation = { profile: 'https_spiffe' };
const web = {
  trustDomain: 'partner.example',
  bundleEndpointUrl: 'https://partner.example',
  profile: 'https_web',
} as const;
const spiffe = { ...web, profile: 'https_spiffe' } as const;

function serverWith(...peers: unknown[]) {
  const server = newServer({ federation });
  for (const peer of peers) server.addFederatesWith(untyped(peer));
  return server;
}
const saidOf = (...peers: unknown[]) => said(serverWith(...peers));

test('peers are written as they stand when the engine asks', () => {
  const server = serverWith();
  expect(specOf(server).federation).not.toHaveProperty('federatesWith');
  server.addFederatesWith({ ...web, trustDomain: TrustDomain.parse('a.example') });
  server.addFederatesWith({ ...spiffe, endpointSpiffeId: SpiffeId.parse('spiffe://partner.example/spire/server') });
  expect(specOf(server).federation.federatesWith).toEqual([
    { trustDomain: 'a.example', bundleEndpointUrl: 'https://partner.example', bundleEndpointProfile: 'https_web' },
    {
      trustDomain: 'partner.example',
      bundleEndpointUrl: 'https://partner.example',
      bundleEndpointProfile: 'https_spiffe',
      endpointSpiffeId: 'spiffe://partner.example/spire/server',
    },
  ]);
  expect(said(server)).toEqual([]);
});

test('what does not compile', () => {
  // @ts-expect-error https_spiffe needs the endpoint's ID
  const bare: ZtwimPeer = spiffe;
  // @ts-expect-error https_web has none
  const id: ZtwimPeer = { ...web, endpointSpiffeId: 'spiffe://partner.example/spire/server' };
  expect([...saidOf(bare), ...saidOf(id)]).toMatchInlineSnapshot(`
[
  "federatesWith[0].endpointSpiffeId is missing, which https_spiffe needs; write 'spiffe://partner.example/spire/server' (ztwim-federates-with)",
  "federatesWith[0].endpointSpiffeId 'spiffe://partner.example/spire/server' is set, but https_web does not use it; leave it out, or write https_spiffe (ztwim-federates-with)",
]
`);
});

test('what is wrong', () => {
  expect([
    ...saidOf({ ...web, trustDomain: 'example.com' }),
    ...saidOf(web, web),
    ...saidOf({ ...spiffe, endpointSpiffeId: 'spiffe://other.example/spire/server' }),
    ...saidOf({ ...spiffe, endpointSpiffeId: 'partner' }),
    ...saidOf({ ...spiffe, endpointSpiffeId: fakeOutput() }),
    ...saidOf({ ...web, trustDomain: 'Partner' }),
    ...saidOf({ ...web, trustDomain: fakeOutput() }),
    ...saidOf({ ...web, bundleEndpointUrl: 'http://partner.example' }),
    ...saidOf({ ...web, bundleEndpointUrl: 'https://me:s3cret@partner.example' }),
    ...saidOf({ ...web, profile: 'https' }),
    ...saidOf(undefined),
  ]).toMatchInlineSnapshot(`
[
  "federatesWith[0].trustDomain 'example.com' is the own trust domain of the cluster; name a foreign one, or leave it out (ztwim-federates-with)",
  "federatesWith[1].trustDomain 'partner.example' is listed twice; remove one of the two (ztwim-federates-with)",
  "federatesWith[0].endpointSpiffeId 'spiffe://other.example/spire/server' is not in trust domain 'partner.example'; write 'spiffe://partner.example/spire/server' (ztwim-federates-with)",
  "federatesWith[0].endpointSpiffeId SPIFFE ID 'partner' is not valid: scheme is missing or invalid; begin with 'spiffe://' (ztwim-federates-with)",
  "federatesWith[0].endpointSpiffeId is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (ztwim-federates-with)",
  "federatesWith[0].trustDomain trust domain 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (ztwim-federates-with)",
  "federatesWith[0].trustDomain is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (ztwim-federates-with)",
  "federatesWith[0].bundleEndpointUrl is not an https URL with a host and without a user; write one such as 'https://federation.example.com' (ztwim-federates-with)",
  "federatesWith[0].bundleEndpointUrl is not an https URL with a host and without a user; write one such as 'https://federation.example.com' (ztwim-federates-with)",
  "federatesWith[0].profile 'https' is not a profile of a bundle endpoint; write https_web or https_spiffe (ztwim-federates-with)",
  "federatesWith[0].trustDomain trust domain undefined is not valid: must be a string; pass its text, such as 'example.org' (ztwim-federates-with)",
  "federatesWith[0].bundleEndpointUrl is not an https URL with a host and without a user; write one such as 'https://federation.example.com' (ztwim-federates-with)",
  "federatesWith[0].profile null is not a profile of a bundle endpoint; write https_web or https_spiffe (ztwim-federates-with)",
]
`);
  expect(saidOf({ ...web, bundleEndpointUrl: fakeOutput() })).toEqual([]);
});

test('at most fifty', () => {
  const peers = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...web, trustDomain: `p${at}.example` }));
  expect(saidOf(...peers(50))).toEqual([]);
  expect(saidOf(...peers(51))).toEqual([
    'federatesWith has 51 entries, and the operator takes 50; leave at most 50, and make ClusterFederatedTrustDomains of the others (E19)',
  ]);
});

test('a server without a bundle endpoint cannot hold the list', () => {
  const server = newServer();
  server.addFederatesWith(web);
  expect(said(server)).toEqual([
    'federatesWith needs a bundle endpoint of its own, without which the resource cannot hold it; ' +
      'set federation, or make ClusterFederatedTrustDomains (ztwim-federates-with)',
  ]);
});
