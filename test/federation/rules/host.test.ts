import { tableOf } from '../fixtures';

test('one host everywhere', () => {
  expect(
    tableOf({
      'another host is exposed': ({ east }) => {
        east.endpoint.host = 'east.example.org';
      },
      'the same host in capitals, with a dot at its end': ({ east }) => {
        east.endpoint.host = 'Federation.East.example.org.';
      },
      'a wildcard that is one label short': ({ west }) => {
        west.endpoint.certificate = { source: 'secret', dnsNames: ['*.west.example.org'], trust: { type: 'public' } };
      },
      'a certificate without names': ({ west }) => {
        west.endpoint.certificate = { source: 'secret', dnsNames: [], trust: { type: 'public' } };
      },
      'names of an https_spiffe endpoint, which nobody looks at': ({ east }) => {
        east.endpoint.certificate = { source: 'secret', dnsNames: ['other'], trust: { type: 'public' } };
      },
      'a relationship with another port': ({ west }) => {
        Object.assign(west.relationships[0] as object, { url: 'https://federation.east.example.org/' });
      },
      'a relationship with another path': ({ east }) => {
        Object.assign(east.relationships[1] as object, { url: 'https://bundle.partner.example/' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# another host is exposed
error E09 [prod/east] endpoint.host 'east.example.org' is not the host in the URL, 'federation.east.example.org'; write the same host in both
# the same host in capitals, with a dot at its end
# a wildcard that is one label short
error E09 [prod/west] endpoint.certificate.dnsNames are '*.west.example.org', which do not cover the host 'federation.apps.west.example.org'; issue the certificate for 'federation.apps.west.example.org'
# a certificate without names
error E09 [prod/west] endpoint.certificate.dnsNames are empty, which do not cover the host 'federation.apps.west.example.org'; issue the certificate for 'federation.apps.west.example.org'
# names of an https_spiffe endpoint, which nobody looks at
# a relationship with another port
error E09 [prod/west] relationships[0].url 'https://federation.east.example.org/' is not where 'prod/east' serves its bundle; write 'https://federation.east.example.org:8443/'
# a relationship with another path
error E09 [prod/east] relationships[1].url 'https://bundle.partner.example/' is not where 'partner' serves its bundle; write 'https://bundle.partner.example/spiffe.json'"
`);
});
