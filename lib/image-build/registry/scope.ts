/**
 * What a token is to allow: scopes such as `repository:shop/server:pull,push`, each resource once with the actions of both
 * texts.
 *
 * @param own one scope
 * @param asked scopes that a registry asks for, with blanks between them
 * @see https://distribution.github.io/distribution/spec/auth/scope/
 */
export function joinScopes(own: string, asked: string): string[] {
  const actions = new Map<string, Set<string>>();
  for (const scope of [own, ...asked.split(' ').filter(Boolean)]) {
    const colon = scope.lastIndexOf(':');
    const resource = colon < 0 ? scope : scope.slice(0, colon);
    const its = actions.get(resource) ?? new Set();
    for (const action of colon < 0 ? [] : scope.slice(colon + 1).split(',')) its.add(action);
    actions.set(resource, its);
  }
  return [...actions].map(([resource, its]) => (its.size === 0 ? resource : `${resource}:${[...its].join(',')}`));
}
