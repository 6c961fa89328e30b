import { quote } from '../id/quote';
import { FederationError } from './federation-error';

/** Printable ASCII without what the URL parser would take away or turn into something else. */
const PLAIN = /^[\x21-\x5b\x5d-\x7e]+$/;

/**
 * Reads the URL of a bundle endpoint: `https`, a host, no user information and no fragment.
 *
 * @param text the URL
 * @throws {@link FederationError} `bad-url` when it is none
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#52-endpoint-parameters
 */
export function parseEndpointUrl(text: string): URL {
  const fault = urlFault(text);
  if (typeof fault === 'string') {
    throw new FederationError(
      'bad-url',
      `bundle endpoint URL ${typeof text === 'string' ? showUrl(text) : quote(text)}: ${fault}`,
    );
  }
  return fault;
}

/**
 * Reads where a redirect leads to, by the same rules.
 *
 * @param location the header `Location`, which may be relative
 * @param from the URL that answered
 * @returns the URL, or what is wrong with it
 */
export function resolveRedirect(location: string, from: URL): URL | string {
  if (!PLAIN.test(location)) {
    return 'is no URL';
  }
  return URL.canParse(location, from.href) ? urlFault(new URL(location, from).href) : 'is no URL';
}

/** The URL, or what is wrong with the text and what to do. */
function urlFault(text: unknown): URL | string {
  if (typeof text !== 'string') {
    return "must be a string; write one, such as 'https://example.org/bundle.json'";
  }
  // The scheme is checked on the text: the parser forgives missing slashes, backslashes, and line breaks anywhere.
  if (!/^https:\/\/[^/]/i.test(text)) {
    return "must begin with 'https://' and a host; a bundle endpoint that cannot prove who it is cannot be trusted";
  }
  if (!PLAIN.test(text) || !URL.canParse(text)) {
    return 'is no valid URL; percent-encode spaces and special characters';
  }
  const url = new URL(text);
  if (/^https:\/\/[^/?#]*@/i.test(text) || url.username !== '' || url.password !== '') {
    return "must not name a user; remove everything from '//' to '@'";
  }
  if (text.includes('#')) {
    return "must not have a fragment; remove everything from '#' on";
  }
  return url;
}

/**
 * A URL for a message: without user information and query, where passwords and signatures stand.
 *
 * @param url a URL, or what should have been one
 */
export function showUrl(url: URL | string): string {
  // In a text that is no URL, a password may have any character, and the last `@` is its end at the latest.
  const text = typeof url === 'string' ? withoutUser(url) : url.href;
  const [shown = ''] = text.split(/[?#]/, 1);
  return quote(shown === text ? shown : `${shown}${text.charAt(shown.length)}...`);
}

function withoutUser(text: string): string {
  const end = text.lastIndexOf('@');
  if (end < 0) return text;
  const [scheme = ''] = /^(?:[a-z]+:)?\/+/i.exec(text) ?? [];
  return `${scheme}(user)${text.slice(Math.max(end, scheme.length))}`;
}
