import { type Certificate, SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import type { TrustDomain } from '@spirekit/runtime/id';
import { canonicalBundle } from './canonical-bundle';

/** As much as is read of a bundle, in bytes: as much as SPIRE's own clients read. */
export const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;

/** How a bundle was written: the standard's own document, or certificates alone, as SPIRE prints by `-format pem`. */
export type BundleForm = 'spiffe' | 'pem';

/** What a text holds, or why it is no bundle and what to do. */
export type BundleReading =
  | { readonly bundle: SpiffeBundle; readonly form: BundleForm }
  | { readonly message: string; readonly remedy: string };

/** Settings of `readBundle()`. */
export interface ReadBundleOptions {
  /**
   * Whether certificates in PEM will do. They lack the JWT keys, and how often to look for new ones.
   *
   * @default false
   */
  readonly pem?: boolean;
}

const PRINTED = "'spire-server bundle show -format spiffe'";

/**
 * Reads a bundle of whatever origin. Never throws: of what is no bundle it says what it looks like instead.
 *
 * @param trustDomain whose it shall be: nothing in the document says it
 * @param given the document, or its bytes
 */
export function readBundle(
  trustDomain: TrustDomain,
  given: string | Uint8Array,
  { pem = false }: ReadBundleOptions = {},
): BundleReading {
  const size = typeof given === 'string' ? Buffer.byteLength(given) : given.length;
  if (size > MAX_BUNDLE_BYTES) {
    return problem(`has ${size} bytes, and at most ${MAX_BUNDLE_BYTES} are read`, 'give the bundle alone');
  }
  const text = typeof given === 'string' ? given : Buffer.from(given).toString('utf8');
  const other = otherThing(text, pem);
  if (other) return other;
  try {
    if (text.includes('-----BEGIN ')) {
      return { bundle: SpiffeBundle.of({ trustDomain, x509: X509Bundle.parsePem(trustDomain, text) }), form: 'pem' };
    }
    // The bytes, where there are some: what is no UTF-8 in them is refused.
    const bundle = SpiffeBundle.parse(trustDomain, given);
    // What cannot be written again is of no use here.
    canonicalBundle(bundle);
    return { bundle, form: 'spiffe' };
  } catch (error) {
    return problem(`is no SPIFFE bundle: ${reasonOf(error as Error, trustDomain)}`, `give what ${PRINTED} prints`);
  }
}

/** Whose it is stands before it, and the reader's own remedy, which is for programs, behind it. */
const reasonOf = ({ message }: Error, { name }: TrustDomain): string =>
  message
    .replace(`SPIFFE bundle of trust domain '${name}': `, '')
    .replace(`X.509 bundle of trust domain '${name}': cannot be read: `, '')
    .replace(/; [^;]+$/, '');

/** What people hand over in place of a bundle. */
function otherThing(text: string, pem: boolean): BundleReading | undefined {
  const begin = text.trimStart();
  if (begin === '') return problem('is empty', `give what ${PRINTED} prints`);
  if (begin.startsWith('<')) {
    return problem(
      'is a web page (HTML or XML), no bundle',
      'look whether the URL is that of the bundle, and whether a login or an error page answers',
    );
  }
  if (/-----BEGIN [^-\r\n]*PRIVATE KEY/.test(text)) {
    return problem(
      'holds a private key',
      'replace the key, for whoever has read it can sign, and give certificates only',
    );
  }
  if (begin.startsWith('-----BEGIN ') && !pem) {
    return problem(
      "is certificates in PEM, as 'spire-server bundle show' prints without '-format spiffe', and lacks the JWT keys and the refresh hint",
      `give what ${PRINTED} prints`,
    );
  }
  return kubernetesObject(begin);
}

/** A ConfigMap holds a bundle in one of its keys, and is none. */
function kubernetesObject(text: string): BundleReading | undefined {
  const isYaml = /^(?:apiVersion|kind|data|metadata):/m.test(text) && !text.startsWith('{');
  let kind: unknown = isYaml ? (/^kind:\s*(\w+)/m.exec(text)?.[1] ?? 'object') : undefined;
  if (!isYaml) {
    try {
      const document = JSON.parse(text) as { apiVersion?: unknown; kind?: unknown } | null;
      if (typeof document?.apiVersion === 'string') kind = document.kind ?? 'object';
    } catch {
      // Then it is no bundle either, which its reader says better.
    }
  }
  if (kind === undefined) return undefined;
  return problem(
    `is a ${String(kind)} of Kubernetes, which may hold a bundle and is none`,
    "fetch it by 'spirekit bundle fetch TRUST-DOMAIN --context NAME', or give the value of its key alone",
  );
}

const problem = (message: string, remedy: string): BundleReading => ({ message, remedy });

/** Names of the trust domains that the certificates of a bundle say to be of, by their URI; none says nothing. */
export const uriDomains = (certificates: readonly Certificate[]): readonly string[] => [
  ...new Set(
    certificates
      .flatMap(({ uris }) => uris)
      .flatMap((uri) => /^spiffe:\/\/([^/]+)/i.exec(uri)?.[1]?.toLowerCase() ?? []),
  ),
];
