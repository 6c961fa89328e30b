import type { EndpointCertificate } from '../../../lib/federation';
import { move, rename, tableOfChanges } from '../fixtures-changes';

const certificate = (source: EndpointCertificate['source']) => ({
  certificate: { source, trust: { type: 'public' as const } },
});

test('what a SpireServer was made with', () => {
  expect(
    tableOfChanges({
      'nothing changes': () => undefined,
      'no endpoint any more': ({ west }) => {
        Object.assign(west, { endpoint: undefined });
      },
      'an endpoint where there was none': (_, { west }) => {
        Object.assign(west, { endpoint: undefined });
      },
      'another profile': (now, before) => {
        move(now, 'west', { profile: 'https_spiffe', spiffeId: 'spiffe://apps.west.example.org/spire/server' });
        Object.assign(before.west.endpoint, certificate('acme'));
      },
      'the router’s certificate becomes one of a Secret': (now) => move(now, 'west', certificate('secret')),
      'ACME from now on': (now) => move(now, 'west', certificate('acme')),
      'no ACME any more': (now, before) => {
        move(before, 'west', certificate('acme'));
        move(now, 'west', certificate('cert-manager'));
      },
      'a certificate of which nothing is known': (now) => move(now, 'west', { certificate: undefined }),
      'another Route, hint and name': (now) => {
        rename(now, 'prod/west', 'west');
        move(now, 'west', { exposure: 'route', refreshHint: 600, url: 'https://federation.apps.west.example.org' });
      },
      'ACME from now on, and another name': (now) => {
        rename(now, 'prod/west', 'west');
        move(now, 'west', certificate('acme'));
      },
      'elsewhere than on OpenShift': ({ east, west }) => {
        Object.assign(east, { endpoint: undefined });
        Object.assign(west, { endpoint: undefined, platform: 'kubernetes' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# nothing changes
# no endpoint any more
error E38 [prod/west] endpoint is gone, and the operator refuses to remove it; keep it, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# an endpoint where there was none
# another profile
error E38 [prod/west] endpoint.profile 'https_spiffe' was 'https_web', and the operator refuses to change it; write 'https_web', or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# the router’s certificate becomes one of a Secret
# ACME from now on
error E38 [prod/west] endpoint.certificate comes by SPIRE's own ACME client, and did not before: the operator refuses to change that; keep where the certificate comes from, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# no ACME any more
error E38 [prod/west] endpoint.certificate no longer comes by SPIRE's own ACME client: the operator refuses to change that; keep where the certificate comes from, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# a certificate of which nothing is known
# another Route, hint and name
# ACME from now on, and another name
error E38 [west] endpoint.certificate comes by SPIRE's own ACME client, and did not before: the operator refuses to change that; keep where the certificate comes from, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# elsewhere than on OpenShift"
`);
});
