import { className, crd, object, TRUST_DOMAIN, text } from './crd-schema';

/** The scheme in any case, a host, no user name or password: what the controller manager asks of a URL. */
const ENDPOINT_URL = '^[hH][tT][tT][pP][sS]://[^/?#@]+([/?#][\\s\\S]*)?$';

/** Definition of ClusterFederatedTrustDomain. */
export const clusterFederatedTrustDomainCrd = crd({
  kind: 'ClusterFederatedTrustDomain',
  plural: 'clusterfederatedtrustdomains',
  description: 'A foreign trust domain that the SPIRE server believes.',
  columns: { 'Trust Domain': '.spec.trustDomain', 'Endpoint URL': '.spec.bundleEndpointURL' },
  spec: object(
    'The trust domain, and where its bundle is found.',
    {
      trustDomain: text('Name of the foreign trust domain.', { pattern: TRUST_DOMAIN }),
      bundleEndpointURL: text('URL of its bundle endpoint: https, without user name and password.', {
        pattern: ENDPOINT_URL,
      }),
      bundleEndpointProfile: object(
        'How the bundle endpoint is authenticated.',
        {
          type: text('https_web: as a browser would. https_spiffe: by an X509-SVID.', {
            enum: ['https_spiffe', 'https_web'],
          }),
          endpointSPIFFEID: text('SPIFFE ID of the endpoint, for https_spiffe only.'),
        },
        {
          required: ['type'],
          'x-kubernetes-validations': [
            {
              rule: "self.type != 'https_spiffe' || (has(self.endpointSPIFFEID) && self.endpointSPIFFEID.startsWith('spiffe://'))",
              message: 'https_spiffe needs the SPIFFE ID of the endpoint in endpointSPIFFEID',
            },
            {
              rule: "self.type != 'https_web' || !has(self.endpointSPIFFEID) || self.endpointSPIFFEID == ''",
              message: 'https_web has no endpointSPIFFEID; remove it, or use https_spiffe',
            },
          ],
        },
      ),
      trustDomainBundle: text('The bundle to begin with, as JSON.'),
      className,
    },
    { required: ['bundleEndpointProfile', 'bundleEndpointURL', 'trustDomain'] },
  ),
  status: object('Nothing so far.', {}),
});
