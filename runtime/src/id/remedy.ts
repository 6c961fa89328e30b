import { IdError, type IdSubject } from './id-error';
import { quote } from './quote';
import { type Fault, SCHEME_PREFIX } from './rules';

/**
 * The error for a broken rule, with the remedy that the refused text suggests.
 *
 * @param subject what the text was meant to be
 * @param text the whole text, to be quoted
 * @param fault the rule that it breaks, and where
 */
export function invalid(subject: IdSubject, text: string, fault: Fault): IdError {
  return new IdError(fault.code, subject, text, remedy(subject, text, fault));
}

/**
 * The error for a value that is no string: the types forbid it, untyped code and unset settings do not care.
 *
 * @param subject what the value was meant to be
 * @param value the value
 */
export function notAString(subject: IdSubject, value: unknown): IdError {
  return new IdError('not-a-string', subject, value, `pass its text, ${EXAMPLES[subject]}`);
}

const EXAMPLES: Record<IdSubject, string> = {
  'SPIFFE ID': "such as 'spiffe://example.org/web'",
  'trust domain': "such as 'example.org'",
  path: "such as '/web'",
  'path segment': "such as 'web'",
};

function remedy(subject: IdSubject, text: string, { code, at }: Fault): string {
  switch (code) {
    case 'scheme':
      return text.slice(0, SCHEME_PREFIX.length).toLowerCase() === SCHEME_PREFIX
        ? 'write the scheme in lowercase'
        : `begin with '${SCHEME_PREFIX}'`;
    case 'trust-domain-missing':
      return subject === 'SPIFFE ID' ? `write one after '${SCHEME_PREFIX}'` : `write one, ${EXAMPLES[subject]}`;
    case 'trust-domain-length':
      return 'use a shorter name';
    case 'id-length':
      return `shorten it from ${text.length} characters`;
    case 'trust-domain-character':
    case 'path-character':
      return characterRemedy(code, String.fromCodePoint(text.codePointAt(at) ?? 0));
    case 'path-leading-slash':
      return "begin the path with '/'";
    case 'path-trailing-slash':
      return "remove the last '/'";
    case 'path-empty-segment':
      return subject === 'path segment' ? 'name the segment or leave it out' : "write one '/' between segments";
    case 'path-dot-segment':
      return "write the path without '.' and '..'";
    default:
      return `write one, ${EXAMPLES[subject]}`;
  }
}

/** Names the part of a URI that a refused character begins, since that part is what the author has to give up. */
function characterRemedy(code: Fault['code'], character: string): string {
  const inTrustDomain = code === 'trust-domain-character';
  if (character === '%') {
    return 'write it without percent-encoding';
  }
  if (character === '?') {
    return 'remove the query';
  }
  if (character === '#') {
    return 'remove the fragment';
  }
  if (/^\s$/u.test(character)) {
    return 'remove the white space';
  }
  if (character === '/') {
    // A slash ends the trust domain of an ID and the segment of a path: only a lone name or segment can contain one.
    return inTrustDomain ? `remove the path, or begin with '${SCHEME_PREFIX}'` : 'pass every segment on its own';
  }
  if (inTrustDomain) {
    if (character >= 'A' && character <= 'Z') {
      return 'write the trust domain in lowercase';
    }
    if (character === ':') {
      return "remove the ':', a trust domain has no port";
    }
    if (character === '@') {
      return "remove the '@', a trust domain has no user information";
    }
  }
  return `replace ${quote(character)}`;
}
