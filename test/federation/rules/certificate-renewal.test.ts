import type { EndpointCertificate } from '../../../lib/federation';
import { certificateRenewals } from '../../../lib/federation/rules/certificate-renewal';
import { type Given, memberOf, meshOf } from '../analysis/fixtures';
import { foundBy, tableBy } from '../analysis/found';

const HOUR = 3600;

const mesh = (certificate: Partial<EndpointCertificate>, endpoint: Given['endpoint'] = {}, edges = ['b → a']) =>
  meshOf(
    [
      memberOf('a', {
        endpoint: {
          certificate: { source: 'cert-manager', trust: { type: 'public' }, lifetime: 12 * HOUR, ...certificate },
          ...(endpoint as object),
        },
      }),
      memberOf('b', { endpoint: 'none' }),
    ],
    edges,
  );

test('certificates', () => {
  expect(
    tableBy(certificateRenewals, {
      'renewed in time for two failures, and for SPIRE to read it': mesh({ renewBefore: 4 * HOUR }),
      'renewed a minute later': mesh({ renewBefore: 4 * HOUR - 60 }),
      'shown by a router at once': mesh({ renewBefore: 3 * HOUR }, { termination: 'reencrypt' }),
      'shown by a router, but too late for failures': mesh({ renewBefore: 2 * HOUR }, { termination: 'reencrypt' }),
      'that others renew, and SPIRE reads': mesh({ source: 'secret', renewBefore: HOUR }),
      'that others renew later': mesh({ source: 'secret', renewBefore: HOUR / 2 }),
      'that others renew, and a router shows': mesh(
        { source: 'secret', renewBefore: 60 },
        { termination: 'reencrypt' },
      ),
      'of which nothing is known': mesh({}),
      'of an endpoint that proves itself by an SVID': mesh({ renewBefore: 60 }, { profile: 'https_spiffe' }),
    }),
  ).toMatchInlineSnapshot(`
"# renewed in time for two failures, and for SPIRE to read it
# renewed a minute later
warning [a] endpoint.certificate.renewBefore is 3h59m, but two failed renewals and the next look of SPIRE at the file can take 1h + 2h + 1h = 4h: in between, 'b' would be shown a certificate that has ended; write 4h at least, and a lifetime of 8h or more
# shown by a router at once
# shown by a router, but too late for failures
warning [a] endpoint.certificate.renewBefore is 2h, but two failed renewals can take 1h + 2h = 3h: in between, 'b' would be shown a certificate that has ended; write 3h at least, and a lifetime of 6h or more
# that others renew, and SPIRE reads
# that others renew later
warning [a] endpoint.certificate.renewBefore is 30m, but the next look of SPIRE at the file can take 1h: in between, 'b' would be shown a certificate that has ended; write 1h at least, and a lifetime of 2h or more
# that others renew, and a router shows
# of which nothing is known
# of an endpoint that proves itself by an SVID"
`);
});

test('nobody is shown what nobody fetches', () => {
  expect(foundBy(certificateRenewals, mesh({ renewBefore: 60 }, {}, []))).toEqual([]);
});
