import { SpiffeBundle } from '@spirekit/runtime/bundle';

/**
 * The one text of a bundle: its keys in an order of their own (X.509 by fingerprint, JWT by key id), two spaces for each
 * level, a line end at the end. Entries of other uses, which nobody here looks at, are not in it.
 *
 * @throws BundleError when there is no JWK for the key of a certificate
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format
 */
export function canonicalBundle({ trustDomain, x509, jwt, sequence, refreshHint }: SpiffeBundle): string {
  const { keys } = SpiffeBundle.of({ trustDomain, x509, jwt }).toJSON();
  const written = keys.map((key, index) => {
    // X.509 authorities come first, as many as there are.
    const authority = x509.authorities[index];
    const order = authority ? `0 ${authority.fingerprint}` : `1 ${String(key.kid)}`;
    const entries = Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1));
    return { order, text: JSON.stringify(Object.fromEntries(entries), undefined, 2).replaceAll('\n', '\n    ') };
  });
  const texts = written.sort((a, b) => (a.order < b.order ? -1 : 1)).map(({ text }) => `    ${text}`);
  const members = [`  "keys": [${texts.length === 0 ? '' : `\n${texts.join(',\n')}\n  `}]`];
  // Not by JSON.stringify(): it may be greater than any number of JavaScript.
  if (sequence !== undefined) members.push(`  "spiffe_sequence": ${sequence}`);
  if (refreshHint !== undefined) members.push(`  "spiffe_refresh_hint": ${refreshHint}`);
  return `{\n${members.join(',\n')}\n}\n`;
}
