import type { MemberPlatform } from './model';

type Words = readonly (readonly [RegExp, string])[];

/** Properties of the model's members, and what users of clusters have written instead; the first that fits. */
const OF_CLUSTERS: Words = [
  [/^endpoint\.certificate\.trust/, 'bundleEndpoint.certificate'],
  [/^endpoint\.certificate\.renewBefore$/, 'bundleEndpoint.renewBefore'],
  [/^endpoint\.dnsAcknowledged$/, 'bundleEndpoint.dnsRecord'],
  [/^endpoint\b/, 'bundleEndpoint'],
  [/^seed(?:\.bundle)?\b/, 'bundleEndpoint.seed'],
  [/^agents$/, 'nodes'],
  [/^edges$/, 'topology'],
  [/^accepted\b/, 'accept'],
  [/^approved\b/, 'approve'],
];

/** By what the member was made of. */
const WORDS: Readonly<Record<MemberPlatform, Words>> = {
  kubernetes: [
    [/^upstream(?:\.(?:notAfter|roots))?$/, 'server.upstreamAuthority'],
    [/^caTtl$/, 'server.caTtl'],
    [/^keysInMemory$/, 'server.keyManager'],
    [/^(replicas|proxy)\b/, 'server.$1'],
    ...OF_CLUSTERS,
  ],
  openshift: [
    [/^upstream(?:\.(?:notAfter|roots))?$/, 'upstreamRoots'],
    [/^caTtl$/, 'server.caValidity'],
    [/^proxy\.noProxy(?:\[\d+\])?$/, 'operators.ztwim.env.NO_PROXY'],
    ...OF_CLUSTERS,
  ],
  external: [
    [/^endpoint\.url$/, 'bundleEndpointUrl'],
    [/^endpoint\.(?:profile|spiffeId)$/, 'profile'],
    [/^endpoint\.hostedBy$/, 'hostedBy'],
    [/^endpoint\.certificate\.trust/, 'trust'],
    [/^endpoint\.refreshHint$/, 'refreshHint'],
    [/^seed\.bundle\b/, 'seed'],
    [/^edges$/, 'topology'],
  ],
};

/**
 * A property of the model in the words of the construct that it was made of.
 *
 * @param platform of the member; of the mesh as a whole, any
 */
export function propertyWord(property: string, platform: MemberPlatform): string {
  const [pattern, word] = WORDS[platform].find(([known]) => known.test(property)) ?? [];
  return pattern && word !== undefined ? property.replace(pattern, word) : property;
}
