import { propertyWord } from '../../lib/federation/property-words';

test.each([
  ['endpoint.url', 'bundleEndpoint.url', 'bundleEndpoint.url', 'bundleEndpointUrl'],
  ['endpoint.refreshHint', 'bundleEndpoint.refreshHint', 'bundleEndpoint.refreshHint', 'refreshHint'],
  ['endpoint.dnsAcknowledged', 'bundleEndpoint.dnsRecord', 'bundleEndpoint.dnsRecord', 'endpoint.dnsAcknowledged'],
  ['endpoint.certificate.trust', 'bundleEndpoint.certificate', 'bundleEndpoint.certificate', 'trust'],
  [
    'endpoint.certificate.renewBefore',
    'bundleEndpoint.renewBefore',
    'bundleEndpoint.renewBefore',
    'endpoint.certificate.renewBefore',
  ],
  ['endpoint.hostedBy', 'bundleEndpoint.hostedBy', 'bundleEndpoint.hostedBy', 'hostedBy'],
  ['endpoint.spiffeId', 'bundleEndpoint.spiffeId', 'bundleEndpoint.spiffeId', 'profile'],
  ['upstream.notAfter', 'server.upstreamAuthority', 'upstreamRoots', 'upstream.notAfter'],
  ['upstream.roots', 'server.upstreamAuthority', 'upstreamRoots', 'upstream.roots'],
  ['caTtl', 'server.caTtl', 'server.caValidity', 'caTtl'],
  ['keysInMemory', 'server.keyManager', 'keysInMemory', 'keysInMemory'],
  ['replicas', 'server.replicas', 'replicas', 'replicas'],
  ['proxy.noProxy', 'server.proxy.noProxy', 'operators.ztwim.env.NO_PROXY', 'proxy.noProxy'],
  ['proxy.noProxy[1]', 'server.proxy.noProxy[1]', 'operators.ztwim.env.NO_PROXY', 'proxy.noProxy[1]'],
  ['seed', 'bundleEndpoint.seed', 'bundleEndpoint.seed', 'seed'],
  ['seed.bundle.keys[0]', 'bundleEndpoint.seed.keys[0]', 'bundleEndpoint.seed.keys[0]', 'seed.keys[0]'],
  ['agents', 'nodes', 'nodes', 'agents'],
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
