/** Name of a trust domain in a resource, which also takes it as an ID; undefined when it is known late, or no text. */
export function trustDomainName(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/^spiffe:\/\//, '') : undefined;
}
