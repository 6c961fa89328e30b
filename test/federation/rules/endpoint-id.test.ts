import { partnerBelieves, tableOf } from '../fixtures';

test('profiles and endpoint IDs', () => {
  expect(
    tableOf({
      'no ID': ({ east, west }) => {
        delete east.endpoint.spiffeId;
        delete west.relationships[0]?.endpointSpiffeId;
      },
      'an ID that is none': ({ east, west }) => {
        east.endpoint.spiffeId = 'east.example.org/spire/server';
        delete west.relationships[0]?.endpointSpiffeId;
      },
      'an ID with https_web': ({ west, east }) => {
        west.endpoint.spiffeId = 'spiffe://apps.west.example.org/spire/server';
        Object.assign(east.relationships[0] as object, { endpointSpiffeId: west.endpoint.spiffeId });
      },
      'an ID of a trust domain that the consumer does not believe': ({ east, west }) => {
        east.endpoint.spiffeId = 'spiffe://hub.example.org/spire/server';
        Object.assign(west.relationships[0] as object, { endpointSpiffeId: east.endpoint.spiffeId });
      },
      'an ID of a trust domain that the consumer believes': ({ east, west }) => {
        east.endpoint.spiffeId = 'spiffe://hub.example.org/spire/server';
        Object.assign(west.relationships[0] as object, { endpointSpiffeId: east.endpoint.spiffeId });
        west.staticRelationships = [
          { trustDomain: 'hub.example.org', url: 'https://hub.example.org', profile: 'https_web' },
        ];
      },
      'an ID of a trust domain that a foreign consumer does not believe': ({ east, west, partner, edges }) => {
        east.endpoint.spiffeId = 'spiffe://apps.west.example.org/spire/server';
        Object.assign(west.relationships[0] as object, { endpointSpiffeId: east.endpoint.spiffeId });
        partner.fetches = { profiles: ['https_web', 'https_spiffe'] };
        partnerBelieves({ edges }, 'prod/east');
      },
      'an ID of a trust domain that a foreign consumer believes': ({ east, west, partner, edges }) => {
        east.endpoint.spiffeId = 'spiffe://apps.west.example.org/spire/server';
        Object.assign(west.relationships[0] as object, { endpointSpiffeId: east.endpoint.spiffeId });
        partner.fetches = { profiles: ['https_web', 'https_spiffe'] };
        partnerBelieves({ edges }, 'prod/east', 'prod/west');
      },
      'an ID that is not that of the endpoint': ({ west }) => {
        Object.assign(west.relationships[0] as object, { endpointSpiffeId: 'spiffe://east.example.org/other' });
      },
      'a profile that is not that of the endpoint': ({ west }) => {
        Object.assign(west.relationships[0] as object, { profile: 'https_web', endpointSpiffeId: undefined });
      },
      'a foreign endpoint, served by someone unknown': ({ west }) => {
        west.staticRelationships = [
          {
            trustDomain: 'far.example',
            url: 'https://far.example',
            profile: 'https_spiffe',
            endpointSpiffeId: 'spiffe://cdn.example/server',
          },
        ];
      },
    }),
  ).toMatchInlineSnapshot(`
"# no ID
error E05 [prod/east] endpoint.spiffeId is missing, and https_spiffe verifies the endpoint by it; write 'spiffe://east.example.org/spire/server' for a SPIRE server
# an ID that is none
error E05 [prod/east] endpoint.spiffeId 'east.example.org/spire/server' is not valid: scheme is missing or invalid; begin with 'spiffe://'
error E05 [prod/west] relationships[0].endpointSpiffeId is missing, and https_spiffe verifies the endpoint by it; write 'spiffe://east.example.org/spire/server' for a SPIRE server
# an ID with https_web
error E05 [prod/west] endpoint.spiffeId 'spiffe://apps.west.example.org/spire/server' is set, but https_web does not use it; remove it, or choose the profile https_spiffe
# an ID of a trust domain that the consumer does not believe
error E05 [prod/east] endpoint.spiffeId 'spiffe://hub.example.org/spire/server' is in the trust domain 'hub.example.org', which 'prod/west' cannot verify; write an ID in 'east.example.org', or make the consumers believe 'hub.example.org' too
# an ID of a trust domain that the consumer believes
# an ID of a trust domain that a foreign consumer does not believe
error E05 [prod/east] endpoint.spiffeId 'spiffe://apps.west.example.org/spire/server' is in the trust domain 'apps.west.example.org', which 'partner' cannot verify; write an ID in 'east.example.org', or make the consumers believe 'apps.west.example.org' too
# an ID of a trust domain that a foreign consumer believes
# an ID that is not that of the endpoint
error E05 [prod/west] relationships[0].endpointSpiffeId 'spiffe://east.example.org/other' is not the ID of the endpoint of 'prod/east'; write 'spiffe://east.example.org/spire/server'
# a profile that is not that of the endpoint
error E05 [prod/west] relationships[0].profile 'https_web' is not the profile of the endpoint of 'prod/east'; write 'https_spiffe'
# a foreign endpoint, served by someone unknown
error E05 [prod/west] staticRelationships[0].endpointSpiffeId 'spiffe://cdn.example/server' is in the trust domain 'cdn.example', which this member cannot verify; write an ID in 'far.example', or believe 'cdn.example' too"
`);
});
