/** Properties of the model's members, and what users of constructs have written instead. */
const OF_CLUSTERS: readonly (readonly [RegExp, string])[] = [
  [/^endpoint\.certificate\.trust/, 'bundleEndpoint.certificate'],
  [/^endpoint\b/, 'bundleEndpoint'],
  [/^seed(?:\.bundle)?\b/, 'bundleEndpoint.seed'],
  [/^upstream\.notAfter$/, 'upstreamAuthority.roots'],
  [/^edges$/, 'topology'],
];

const OF_EXTERNALS: readonly (readonly [RegExp, string])[] = [
  [/^endpoint\.url$/, 'bundleEndpointUrl'],
  [/^endpoint\.(?:profile|spiffeId)$/, 'profile'],
  [/^endpoint\.certificate\.trust/, 'trust'],
  [/^endpoint\.refreshHint$/, 'refreshHint'],
  [/^seed\.bundle\b/, 'seed'],
  [/^edges$/, 'topology'],
];

/** A property of the model in the words of the construct that it was made of. */
export function propertyWord(property: string, isExternal: boolean): string {
  const [pattern, word] = (isExternal ? OF_EXTERNALS : OF_CLUSTERS).find(([known]) => known.test(property)) ?? [];
  return pattern && word !== undefined ? property.replace(pattern, word) : property;
}
