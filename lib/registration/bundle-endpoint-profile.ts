import { SpiffeId } from '@spirekit/runtime/id';

/**
 * How a bundle endpoint is authenticated, with the field names of the resource.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#5-serving-and-consuming-a-spiffe-bundle-endpoint
 */
export type BundleEndpointProfile =
  | { readonly type: 'https_web' }
  | { readonly type: 'https_spiffe'; readonly endpointSPIFFEID: string };

/** Makes profiles. */
export const BundleEndpointProfile = {
  /** By a certificate of a public authority, as a browser would. */
  httpsWeb: (): BundleEndpointProfile => ({ type: 'https_web' }),

  /**
   * By an X509-SVID of the endpoint. The server needs a bundle of its trust domain to begin with.
   *
   * @param endpointSpiffeId of a SPIRE server it is `spiffe://<trust domain>/spire/server`
   */
  httpsSpiffe: (endpointSpiffeId: string | SpiffeId): BundleEndpointProfile => ({
    type: 'https_spiffe',
    endpointSPIFFEID: SpiffeId.is(endpointSpiffeId) ? endpointSpiffeId.toString() : endpointSpiffeId,
  }),
} as const;

/**
 * What is wrong with the URL of a bundle endpoint; undefined when it is right.
 *
 * @param url such as `https://bundle.example.org/`
 */
export function endpointUrlProblem(url: string): { message: string; remedy: string } | undefined {
  const example = "such as 'https://bundle.example.org'";
  const scheme = /^([A-Za-z][-+.A-Za-z0-9]*):/.exec(url)?.[1]?.toLowerCase();
  if (scheme !== 'https') {
    return { message: 'does not have the scheme https', remedy: `write a URL that begins with https://, ${example}` };
  }
  const authority = /^[^:]*:\/\/([^/?#]*)/.exec(url)?.[1];
  if (!authority) return { message: 'has no host', remedy: `write one, ${example}` };
  if (authority.includes('@')) {
    return { message: 'has a user name or password in it', remedy: 'remove it: bundles are public' };
  }
  if (/\s/.test(url) || !URL.canParse(url)) return { message: 'is not a URL', remedy: `write one, ${example}` };
  return undefined;
}

/** The URL without its password, to be shown. */
export function withoutUserInfo(url: string): string {
  return url.replace(/^([^:]*:\/\/)[^/?#]*@/, '$1…@');
}
