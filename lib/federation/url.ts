import { domainToASCII } from 'node:url';

/** A URL that can be compared with others, or undefined when it is none. */
export function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The one way to write a URL, so that two ways can be compared: lowercase host, no default port, a path. */
export const normalUrl = (text: string): string => parsedUrl(text)?.href ?? text;

/** TCP port of an `https` URL. */
export const portOf = (url: URL): number => (url.port === '' ? 443 : Number(url.port));

/** The one way to write a host: lowercase ASCII, without a dot at its end and without brackets. */
export function normalHost(host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return domainToASCII(bare) || bare.toLowerCase();
}

/** Host of a URL, in the one way to write it. */
export const hostOf = (url: URL): string => normalHost(url.hostname);

/** Host in the text of a URL; of what is none, the text without its password. */
export function hostIn(text: string): string {
  const url = parsedUrl(text);
  return url ? hostOf(url) : withoutUserInfo(text);
}

/**
 * Whether one of a certificate's names is a host; a `*` stands for exactly one label, the first.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9525#section-6.3
 */
export function coversHost(dnsNames: readonly string[], host: string): boolean {
  const wanted = normalHost(host);
  const parent = wanted.slice(wanted.indexOf('.') + 1);
  return dnsNames.some((name) => {
    if (!name.startsWith('*.')) return normalHost(name) === wanted;
    return parent !== wanted && normalHost(name.slice(2)) === parent;
  });
}

/** Whether a host is exactly one label below a domain, as the wildcard record of a router covers it. */
export function isOneBelow(host: string, domain: string): boolean {
  const wanted = normalHost(host);
  return wanted.includes('.') && wanted.slice(wanted.indexOf('.') + 1) === normalHost(domain);
}

/** The URL without its user name and password, to be shown. */
export const withoutUserInfo = (url: string): string => url.replace(/^([^:]*:\/\/)[^/?#]*@/, '$1…@');
