import { propertyWord } from '../../lib/federation/property-words';

test.each([
  ['endpoint.url', 'bundleEndpoint.url', 'bundleEndpoint.url', 'bundleEndpointUrl'],
  ['endpoint.refreshHint', 'bundleEndpoint.refreshHint', 'bundleEndpoint.refreshHint', 'refreshHint'],
  ['endpoint.dnsAcknowledged', 'bundleEndpoint.dnsRecord', 'bundleEndpoint.dnsRecord', 'endpoint.dnsAcknowledged'],
  ['endpoint.certificate.trust', 'bundleEndpoint.certificate', 'bundleEndpoint.certificate', 'trust'],
  ['endpoint.spiffeId', 'bundleEndpoint.spiffeId', 'bundleEndpoint.spiffeId', 'profile'],
  ['upstream.notAfter', 'server.upstreamAuthority', 'upstreamRoots', 'upstream.notAfter'],
  ['upstream.roots', 'server.upstreamAuthority', 'upstreamRoots', 'upstream.roots'],
  ['caTtl', 'server.caTtl', 'server.caValidity', 'caTtl'],
  ['seed', 'bundleEndpoint.seed', 'bundleEndpoint.seed', 'seed'],
  ['seed.bundle.keys[0]', 'bundleEndpoint.seed.keys[0]', 'bundleEndpoint.seed.keys[0]', 'seed.keys[0]'],
  ['edges', 'topology', 'topology', 'topology'],
  ['trustDomain', 'trustDomain', 'trustDomain', 'trustDomain'],
])(
  '%s is what users call %s, on OpenShift %s, of an external member %s',
  (property, kubernetes, openshift, external) => {
    expect(propertyWord(property, 'kubernetes')).toBe(kubernetes);
    expect(propertyWord(property, 'openshift')).toBe(openshift);
    expect(propertyWord(property, 'external')).toBe(external);
  },
);
