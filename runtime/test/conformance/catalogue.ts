/** How strongly a case is asked for: by a MUST or a SHOULD of the standards, or by good sense only. */
export type Level = 'MUST' | 'SHOULD' | 'OPT';

/** One case of the public conformance suite, in our words. */
export interface ConformanceCase {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
}

/** The areas of the catalogue, in its order. */
export const AREAS: Readonly<Record<string, string>> = {
  EP: 'Workload endpoint',
  WA: 'Workload API client',
  XS: 'X.509 source',
  XV: 'X.509-SVID verification, by servers and by clients',
  XF: 'X.509 federation',
  JV: 'JWT-SVID validation',
  JB: 'JWT bundles',
  JF: 'JWT-SVID fetching',
  ID: 'SPIFFE IDs',
  HX: 'What the agent sends',
};

const TITLES: Readonly<Record<string, readonly (readonly [Level, string])[]>> = {
  EP: [
    ['MUST', 'finds the socket by SPIFFE_ENDPOINT_SOCKET'],
    ['MUST', 'sends the security header with every call'],
    ['SHOULD', 'accepts tcp:// addresses'],
    ['OPT', 'refuses unix addresses with a host, and tcp addresses with a path'],
    ['SHOULD', 'tries again after Unavailable, with a backoff'],
    ['SHOULD', 'tries again after PermissionDenied, with a backoff'],
    ['SHOULD', 'does not try again after InvalidArgument'],
    ['OPT', 'waits for a socket that appears later'],
  ],
  WA: [
    ['SHOULD', 'opens a stream again that has ended'],
    ['SHOULD', 'discards a message that lacks something mandatory, and keeps the last good state'],
    ['MUST', 'takes the first SVID as the default identity'],
    ['SHOULD', 'stops presenting an identity that was taken away'],
  ],
  XS: [
    ['MUST', 'presents its SVID'],
    ['MUST', 'presents the whole chain, leaf first'],
    ['MUST', 'presents a rotated SVID on new connections'],
    ['MUST', 'trusts each of several authorities of a bundle'],
    ['MUST', 'no longer trusts an authority that has left the bundle'],
  ],
  XV: [
    ['MUST', 'accepts a valid SVID'],
    ['MUST', 'accepts an SVID issued by an intermediate'],
    ['MUST', 'accepts DNS names beside the SPIFFE ID'],
    ['MUST', 'accepts an empty subject with critical names'],
    ['MUST', 'refuses an authority that only claims the trust domain'],
    ['MUST', 'refuses an expired SVID'],
    ['MUST', 'refuses an SVID that is not valid yet'],
    ['MUST', 'refuses a leaf that is a CA'],
    ['MUST', 'refuses a leaf that may sign certificates'],
    ['MUST', 'refuses a leaf that may sign revocation lists'],
    ['MUST', 'refuses more than one URI name'],
    ['MUST', 'refuses a certificate without a URI name'],
    ['MUST', 'refuses a URI name that is no SPIFFE ID'],
    ['MUST', 'refuses a SPIFFE ID without a path'],
    ['MUST', "refuses a trust domain without a bundle, though another's bundle would verify the chain"],
  ],
  XF: [
    ['MUST', 'accepts a federated peer'],
    ['MUST', "refuses a chain that only another trust domain's bundle verifies"],
    ['MUST', 'refuses a peer whose federated bundle was taken away'],
  ],
  JV: [
    ['MUST', 'accepts a valid token'],
    ['MUST', 'accepts all nine algorithms'],
    ['MUST', "refuses the algorithm 'none'"],
    ['MUST', 'refuses HMAC, also with a public key as its secret'],
    ['MUST', 'refuses EdDSA, even if the bundle has such a key'],
    ['MUST', 'refuses an algorithm that does not fit the key'],
    ['MUST', 'refuses a token without an audience'],
    ['MUST', 'refuses a token for another audience'],
    ['MUST', 'accepts an audience as a list'],
    ['MUST', 'accepts an audience as a text'],
    ['MUST', 'refuses a token without an expiry'],
    ['MUST', 'refuses an expired token'],
    ['MUST', 'refuses a token that is not valid yet'],
    ['MUST', 'refuses a damaged signature'],
    ['MUST', 'refuses a changed payload'],
    ['MUST', 'refuses an unknown key ID'],
    ['MUST', "refuses a subject of one trust domain signed by another's key"],
    ['MUST', 'refuses a trust domain without a bundle'],
    ['MUST', 'refuses a subject that is no SPIFFE ID'],
    ['MUST', 'accepts the types JWT, JOSE and none'],
    ['MUST', 'refuses any other type'],
    ['MUST', 'accepts a token without a key ID'],
    ['MUST', 'refuses critical headers that it does not know'],
    ['MUST', 'refuses the JSON forms of a JWS'],
    ['MUST', 'refuses what is no compact JWS'],
  ],
  JB: [
    ['MUST', 'accepts a key that was added'],
    ['MUST', 'refuses a key that was removed'],
    ['SHOULD', 'refuses a trust domain that was removed'],
    ['MUST', 'selects a key among several by its ID'],
    ['OPT', 'takes no key of another use for tokens'],
    ['MUST', 'ignores a key of an unknown type, and takes the others'],
    ['MUST', 'trusts nothing by an empty bundle'],
    ['MUST', "validates a federated token by its own trust domain's bundle"],
  ],
  JF: [
    ['MUST', 'passes the audience on, and returns the token'],
    ['MUST', 'passes several audiences on'],
    ['OPT', 'passes the wanted SPIFFE ID on'],
    ['OPT', 'turns PermissionDenied into an error, not into an old token'],
  ],
  ID: [
    ['MUST', 'refuses invalid SPIFFE IDs'],
    ['MUST', 'accepts valid SPIFFE IDs up to the limits'],
  ],
  HX: [
    ['OPT', 'refuses an own SVID whose signature is wrong'],
    ['OPT', 'refuses an own SVID that its own bundle does not verify'],
    ['OPT', 'refuses an own SVID that has expired'],
    ['OPT', 'refuses an own SVID that is a CA'],
    ['OPT', 'refuses an own SVID that may sign certificates'],
    ['OPT', 'refuses an own SVID with two URI names'],
    ['OPT', 'refuses an own SVID whose URI name is no SPIFFE ID'],
    ['OPT', 'refuses a key that does not belong to the certificate'],
    ['OPT', 'refuses a spiffe_id that is not the one in the certificate'],
  ],
};

/**
 * The cases of the public conformance suite for SPIFFE libraries.
 *
 * @see https://github.com/arndt-s/spiffe-conformance-test-suite/blob/main/docs/TEST_CATALOGUE.md
 */
export const CATALOGUE: readonly ConformanceCase[] = Object.entries(TITLES).flatMap(([area, cases]) =>
  cases.map(([level, title], index) => ({ id: `${area}-${index + 1}`, level, title })),
);
