import { tableOf } from '../fixtures';

test('who ends TLS', () => {
  expect(
    tableOf({
      'https_spiffe behind a router that ends TLS': ({ east }) => {
        east.endpoint.termination = 'reencrypt';
      },
      'https_spiffe from a bucket': ({ east }) => {
        east.endpoint.exposure = 'object-store';
      },
      "SPIRE's own ACME client behind a router that ends TLS": ({ west }) => {
        west.endpoint.certificate = { source: 'acme', trust: { type: 'public' } };
      },
      "SPIRE's own ACME client with TLS passed through": ({ west }) => {
        west.endpoint.certificate = { source: 'acme', trust: { type: 'public' } };
        west.endpoint.termination = 'passthrough';
      },
      "the router's certificate with TLS passed through": ({ west }) => {
        west.endpoint.termination = 'passthrough';
      },
    }),
  ).toMatchInlineSnapshot(`
"# https_spiffe behind a router that ends TLS
error E07 [prod/east] endpoint.termination 'reencrypt' does not fit https_spiffe: the router would show its certificate instead of the SVID; write 'passthrough'
# https_spiffe from a bucket
error E07 [prod/east] endpoint.profile 'https_spiffe' does not fit an object store, which has no SVID to prove itself by; write 'https_web'
# SPIRE's own ACME client behind a router that ends TLS
error E07 [prod/west] endpoint.termination 'reencrypt' does not fit SPIRE's own ACME client: the authority's challenge would end at the router; write 'passthrough', or take the certificate from cert-manager
# SPIRE's own ACME client with TLS passed through
# the router's certificate with TLS passed through
error E07 [prod/west] endpoint.termination 'passthrough' does not fit the router's certificate, which is shown only where the router ends TLS; write 'reencrypt', or another source of the certificate"
`);
});
