import type { SvidErrorCode } from '../../src/svid/svid-error';
import { flipBit } from '../../src/testing/certificate-builder';
import { generalizedTime, utcTime } from '../../src/testing/der-writer';
import { basicConstraints, keyUsage, subjectAltName } from '../../src/testing/extensions';
import { generateKey } from '../../src/testing/keys';
import {
  below,
  constrained,
  crossSigned,
  EXPIRED,
  FUTURE,
  foreign,
  impostor,
  intermediate,
  leaf,
  leafAsIssuer,
  long,
  middle,
  mutual,
  NO_KEY_IDS,
  NOW,
  other,
  otherName,
  path,
  printable,
  renamed,
  root,
  rotated,
  SECOND,
  type Sent,
  sameNamedIntermediates,
  sameNames,
  selfIssued,
  twins,
  under,
  unknown,
  WEB,
} from './chain-makers';

/** A chain that is sent, what it is verified with, and what comes of it. */
export interface ChainCase {
  readonly name: string;
  /** As a peer sends it, leaf first, DER. */
  readonly chain: readonly Buffer[];
  /** The authorities of the trust domain, DER. */
  readonly bundle: readonly Buffer[];
  /** What the validator says. */
  readonly expected: 'accepted' | SvidErrorCode;
  /** What `openssl verify` says: see `test/live/runtime`. */
  readonly openssl: 'accepted' | 'rejected';
  /** Why the two differ, on purpose. */
  readonly why?: string;
}

const LEAF_RULE = 'X.509-SVIDs have stricter rules for leaves than RFC 5280';
const CA_RULE = 'X.509-SVIDs have stricter rules for signing certificates than RFC 5280';
const DER_RULE = 'OpenSSL reads more than DER';
const ID_RULE = 'OpenSSL knows nothing of SPIFFE IDs';
const KEY_IDS = 'key identifiers are hints to find the issuer by; only its signature proves anything';
const LAST_SECOND = 'RFC 5280 counts the last second in, OpenSSL does not';
const NAME_RULE = 'names are the same when their bytes are, so that no two readers can differ';
const ENCODING_RULE = 'equal names can be encoded in several ways, so none is known to be outside of an exclusion';
const LENGTH_RULE = 'longer chains only cost time';
const ONE_ISSUER = 'OpenSSL takes the first authority of the name, and does not try the next when its key does not fit';

/** Every kind of chain, and what is thought of it. */
export const CHAINS: readonly ChainCase[] = [
  // Sound ones.
  both('a leaf under the root', leaf),
  both('one intermediate', intermediate.issue('/web')),
  both('three intermediates', long),
  both('intermediates in reverse order', { chain: [...long.chain.slice(0, 1), ...long.chain.slice(1).reverse()] }),
  both('every intermediate twice', { chain: [...long.chain, ...long.chain.slice(1)] }),
  both('the leaf twice', { chain: [...leaf.chain, ...leaf.chain] }),
  both('an intermediate of another root beside', { chain: [...leaf.chain, foreign.intermediate().der] }),
  both('an expired intermediate beside', { chain: [...leaf.chain, root.intermediate(EXPIRED).der] }),
  both('the leaf of somebody else beside', { chain: [...leaf.chain, ...root.issue('/db').chain] }),
  both('the root sent along', { chain: [...long.chain, root.der] }),
  both('another root sent along', { chain: [...leaf.chain, foreign.der] }),
  both('names of other kinds beside', root.issue({ subjectAltNames: [{ dns: 'web.test' }, WEB, { ip: '::1' }] })),
  both('a subject, and names that are not critical', root.issue({ subject: { CN: 'web' } })),
  both('a path length that suffices', root.intermediate(path(1)).intermediate(path(0)).issue('/web')),
  both(
    'a root with a path length that suffices',
    under(path(1), (ca) => ca.intermediate().issue('/web')),
  ),
  both('an authority that another one signed', { ...intermediate.issue('/web'), bundle: [intermediate.der] }),
  both('an authority in the middle of the chain', { ...long, bundle: [middle.der] }),
  both('16 certificates', below(15)),
  stricter('17 certificates', 'chain-too-long', LENGTH_RULE, below(16)),
  both('an unknown extension that is not critical', root.issue({ extraExtensions: [unknown(false)] })),
  both('no extended key usage', root.issue({ extendedKeyUsage: null })),
  both('a critical extended key usage', root.issue({ extendedKeyUsageCritical: true })),
  both('more key usages', root.issue({ keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'] })),
  both(
    'no key identifiers at all',
    under(NO_KEY_IDS, (ca) => ca.intermediate(NO_KEY_IDS).issue(NO_KEY_IDS)),
  ),
  both(
    'P-384',
    under({ keyType: 'ec-p384' }, (ca) => ca.issue({ keyType: 'ec-p384', digest: 'sha384' })),
  ),
  both(
    'P-521',
    under({ keyType: 'ec-p521' }, (ca) => ca.issue({ keyType: 'ec-p521', digest: 'sha512' })),
  ),
  both(
    'RSA of 2048 bits',
    under({ keyType: 'rsa-2048' }, (ca) => ca.issue({ digest: 'sha384' })),
  ),
  both('an end in 2050', root.issue({ notAfter: generalizedTime('20500101000000Z') })),
  both('no end at all', root.issue({ notAfter: generalizedTime('99991231235959Z') })),
  both('a beginning in 1950', root.issue({ notBefore: utcTime('500101000000Z') })),
  both('the first second', root.issue({ notBefore: NOW })),
  laxer('the last second', LAST_SECOND, root.issue({ notAfter: NOW })),
  both('a serial number of 20 bytes', root.issue({ serialNumber: (1n << 159n) - 1n })),
  both('a negative serial number', root.issue({ serialNumber: -5n })),
  both(
    'the old authority during a rotation',
    rotated((ca, before) => ({ ...before, bundle: ca.authorities })),
  ),
  both(
    'the new authority during a rotation',
    rotated((ca) => ({ ...ca.issue('/web'), bundle: ca.authorities })),
  ),
  both('name constraints that are kept', constrained({ permitted: [{ uri: 'example.org' }] })),
  both('an exclusion that is kept', constrained({ excluded: [{ uri: 'foreign.test' }, { uri: '.example.org' }] })),
  both('a constraint on names that the leaf has not', constrained({ permitted: [{ email: 'example.org' }] })),

  // Several paths, or several CAs of one name.
  both('a CA that has issued itself another certificate counts once', selfIssued()),
  both('an expired intermediate and its successor', twins(EXPIRED, {})),
  both('an intermediate and its expired predecessor', twins({}, EXPIRED)),
  both('a new root that the old one signed, only the old one trusted', crossSigned('old')),
  both('a new root that the old one signed, only the new one trusted', crossSigned('new')),
  both('two CAs that signed each other, one trusted', mutual(true)),
  both('roots of one name, the right one last', sameNames({}, 'last')),
  both('roots of one name without key identifiers, the right one first', sameNames(NO_KEY_IDS, 'first')),
  laxer('roots of one name without key identifiers, the right one last', ONE_ISSUER, sameNames(NO_KEY_IDS, 'last')),
  laxer('intermediates of one name without key identifiers', ONE_ISSUER, sameNamedIntermediates()),

  // No path to an authority.
  neither('an empty bundle', 'bundle-empty', { ...leaf, bundle: [] }),
  neither('the bundle of another root', 'no-path', { ...leaf, bundle: [foreign.der] }),
  neither('a root of the same name', 'no-path', impostor(root)),
  neither('a missing intermediate', 'no-path', { chain: intermediate.issue('/web').chain.slice(0, 1) }),
  neither('an intermediate missing in the middle', 'no-path', {
    chain: [...long.chain.slice(0, 2), ...long.chain.slice(3)],
  }),
  neither('a foreign intermediate', 'ca-id', foreign.intermediate().issue({ id: WEB.uri })),
  neither('an untrusted root sent along', 'no-path', { chain: [...other.issue('/web').chain, other.der] }),
  neither(
    'a foreign intermediate without an ID',
    'no-path',
    foreign.intermediate({ subjectAltNames: null }).issue({ id: WEB.uri }),
  ),
  neither('two CAs that signed each other, none trusted', 'no-path', mutual(false)),
  neither(
    'the old authority after a rotation',
    'no-path',
    rotated((ca, before) => {
      ca.retire();
      return { ...before, bundle: ca.authorities };
    }),
  ),

  // Signatures and keys.
  neither('a signature with a flipped bit', 'no-path', root.issue({ alterSignature: flipBit })),
  neither('a signature by another key', 'no-path', root.issue({ signingKey: generateKey() })),
  neither(
    'an intermediate with a flipped bit',
    'no-path',
    root.intermediate({ alterSignature: flipBit }).issue('/web'),
  ),
  neither('SHA-1', 'algorithm', root.issue({ digest: 'sha1' })),
  neither('an intermediate with SHA-1', 'algorithm', root.intermediate({ digest: 'sha1' }).issue('/web')),
  neither(
    'MD5',
    'algorithm',
    under({ keyType: 'rsa-2048' }, (ca) => ca.issue({ digest: 'md5' })),
  ),
  neither('RSA of 1024 bits', 'key', root.issue({ keyType: 'rsa-1024' })),
  neither('an intermediate with RSA of 1024 bits', 'key', root.intermediate({ keyType: 'rsa-1024' }).issue('/web')),
  neither(
    'a root with RSA of 1024 bits',
    'key',
    under({ keyType: 'rsa-1024' }, (ca) => ca.issue('/web')),
  ),

  // Validity.
  neither('an expired leaf', 'expired', root.issue(EXPIRED)),
  neither('an expired intermediate', 'expired', root.intermediate(EXPIRED).issue('/web')),
  neither(
    'an expired root',
    'expired',
    under(EXPIRED, (ca) => ca.issue('/web')),
  ),
  neither('a leaf of the future', 'not-yet-valid', root.issue(FUTURE)),
  neither('an intermediate of the future', 'not-yet-valid', root.intermediate(FUTURE).issue('/web')),
  neither(
    'a root of the future',
    'not-yet-valid',
    under(FUTURE, (ca) => ca.issue('/web')),
  ),
  neither(
    'an end before the beginning',
    'not-yet-valid',
    root.issue({ notBefore: NOW + SECOND, notAfter: NOW - SECOND }),
  ),

  // CAs that are none.
  neither(
    'an intermediate that is no CA',
    'not-a-ca',
    root.intermediate({ basicConstraints: { ca: false } }).issue('/web'),
  ),
  neither(
    'an intermediate without basic constraints',
    'not-a-ca',
    root.intermediate({ basicConstraints: null }).issue('/web'),
  ),
  neither(
    'an intermediate that must not sign',
    'ca-key-usage',
    root.intermediate({ keyUsage: ['digitalSignature'] }).issue('/web'),
  ),
  neither(
    'a root that must not sign',
    'ca-key-usage',
    under({ keyUsage: ['cRLSign'] }, (ca) => ca.issue('/web')),
  ),
  stricter(
    'a root without basic constraints',
    'not-a-ca',
    CA_RULE,
    under({ basicConstraints: null }, (ca) => ca.issue('/web')),
  ),
  neither(
    'a root that is no CA',
    'not-a-ca',
    under({ basicConstraints: { ca: false } }, (ca) => ca.issue('/web')),
  ),
  stricter(
    'an intermediate without key usage',
    'ca-key-usage',
    CA_RULE,
    root.intermediate({ keyUsage: null }).issue('/web'),
  ),
  neither('a leaf that signed a leaf', 'not-a-ca', leafAsIssuer()),
  neither(
    'a path length that does not suffice',
    'path-length',
    root.intermediate(path(0)).intermediate().issue('/web'),
  ),
  neither(
    'a root with a path length that does not suffice',
    'path-length',
    under(path(0), (ca) => ca.intermediate().issue('/web')),
  ),
  neither(
    'a path length that a longer one below widens',
    'path-length',
    root.intermediate(path(0)).intermediate(path(5)).issue('/web'),
  ),
  stricter(
    'an intermediate with the ID of a workload',
    'ca-id',
    CA_RULE,
    root.intermediate({ subjectAltNames: [WEB] }).issue('/web'),
  ),
  stricter(
    'an intermediate with the ID of another trust domain',
    'ca-id',
    CA_RULE,
    root.intermediate({ subjectAltNames: [{ uri: 'spiffe://foreign.test' }] }).issue('/web'),
  ),

  neither(
    'an intermediate for something else',
    'ca-purpose',
    root.intermediate({ extendedKeyUsage: ['codeSigning'] }).issue('/web'),
  ),
  stricter(
    'an intermediate for clients only',
    'ca-purpose',
    CA_RULE,
    root.intermediate({ extendedKeyUsage: ['clientAuth'] }).issue('/web'),
  ),
  both(
    'an intermediate for clients and servers',
    root.intermediate({ extendedKeyUsage: ['serverAuth', 'clientAuth'] }).issue('/web'),
  ),

  // Names and key identifiers of issuers.
  stricter(
    'the issuer in another encoding',
    'no-path',
    NAME_RULE,
    under({ subject: { O: 'SPIFFE' } }, (ca) => ca.issue({ issuer: printable('SPIFFE') })),
  ),
  stricter(
    'the issuer in lower case',
    'no-path',
    NAME_RULE,
    under({ subject: { O: 'SPIFFE' } }, (ca) => ca.issue({ issuer: { O: 'spiffe' } })),
  ),
  neither('another issuer', 'no-path', root.issue({ issuer: { O: 'SPIFFE' } })),
  laxer(
    'the key identifier of another issuer',
    KEY_IDS,
    root.issue({ authorityKeyId: foreign.certificate.subjectKeyId }),
  ),
  neither('an intermediate with the right key and another name', 'no-path', renamed()),

  // Name constraints.
  neither('a name that is not permitted', 'name-constraint', constrained({ permitted: [{ uri: 'foreign.test' }] })),
  neither(
    'a name that is permitted as a part only',
    'name-constraint',
    constrained({ permitted: [{ uri: '.example.org' }] }),
  ),
  neither('a name that is excluded', 'name-constraint', constrained({ excluded: [{ uri: 'example.org' }] })),
  neither(
    'a name that the root does not permit',
    'name-constraint',
    under({ nameConstraints: { permitted: [{ uri: 'foreign.test' }] } }, (ca) => ca.intermediate().issue('/web')),
  ),
  neither(
    'a DNS name that is not permitted',
    'name-constraint',
    constrained({ permitted: [{ dns: 'other.test' }] }, { subjectAltNames: [WEB, { dns: 'web.test' }] }),
  ),
  neither(
    'a subject that is not permitted',
    'name-constraint',
    constrained({ permitted: [{ directory: { C: 'DE' } }] }, { subject: { C: 'US' } }),
  ),
  neither(
    'an email address where one without a user is excluded',
    'name-constraint',
    constrained({ excluded: [{ email: '@web.test' }] }, { subjectAltNames: [WEB, { email: 'a@web.test' }] }),
  ),
  neither(
    'a DNS name with a leading dot where that domain is excluded',
    'name-constraint',
    constrained({ excluded: [{ dns: 'web.test' }] }, { subjectAltNames: [WEB, { dns: '.web.test' }] }),
  ),
  both(
    'a subject that is permitted',
    constrained({ permitted: [{ directory: { C: 'US' } }] }, { subject: { C: 'US', O: 'a' } }),
  ),
  stricter(
    'a subject where another one is excluded',
    'name-constraint',
    ENCODING_RULE,
    constrained({ excluded: [{ directory: { C: 'DE' } }] }, { subject: { C: 'US' } }),
  ),

  // Critical extensions.
  neither('an unknown critical extension', 'critical-extension', root.issue({ extraExtensions: [unknown(true)] })),
  neither(
    'an intermediate with an unknown critical extension',
    'critical-extension',
    root.intermediate({ extraExtensions: [unknown(true)] }).issue('/web'),
  ),
  neither(
    'a root with an unknown critical extension',
    'critical-extension',
    under({ extraExtensions: [unknown(true)] }, (ca) => ca.issue('/web')),
  ),

  // Leaves.
  neither('a CA as a leaf', 'leaf-is-ca', root.issue({ basicConstraints: { ca: true }, keyUsage: ['keyCertSign'] })),
  stricter('a leaf that says it is a CA', 'leaf-is-ca', LEAF_RULE, root.issue({ basicConstraints: { ca: true } })),
  stricter(
    'a leaf that may sign certificates',
    'leaf-key-usage',
    LEAF_RULE,
    root.issue({ keyUsage: ['digitalSignature', 'keyCertSign'] }),
  ),
  stricter(
    'a leaf that may sign revocation lists',
    'leaf-key-usage',
    LEAF_RULE,
    root.issue({ keyUsage: ['digitalSignature', 'cRLSign'] }),
  ),
  neither('a leaf that must not sign', 'leaf-key-usage', root.issue({ keyUsage: ['keyEncipherment'] })),
  stricter('a leaf without key usage', 'leaf-key-usage', LEAF_RULE, root.issue({ keyUsage: null })),
  stricter('a key usage that is not critical', 'leaf-key-usage', LEAF_RULE, root.issue({ keyUsageCritical: false })),
  neither('a leaf for servers only', 'leaf-purpose', root.issue({ extendedKeyUsage: ['serverAuth'] })),
  stricter('a leaf for clients only', 'leaf-purpose', LEAF_RULE, root.issue({ extendedKeyUsage: ['clientAuth'] })),
  neither('a leaf for something else', 'leaf-purpose', root.issue({ extendedKeyUsage: ['codeSigning'] })),
  neither('an intermediate as a leaf', 'id-without-path', { chain: [intermediate.der] }),
  neither('the root as a leaf', 'id-without-path', { chain: [root.der] }),
  stricter('a leaf that is an authority itself', 'no-path', LEAF_RULE, { ...leaf, bundle: leaf.chain }),

  // IDs.
  stricter('no name', 'id-missing', ID_RULE, root.issue({ subjectAltNames: null, subject: { CN: WEB.uri } })),
  stricter(
    'no URI',
    'id-missing',
    ID_RULE,
    root.issue({ subjectAltNames: [{ dns: 'a, URI:spiffe://example.org/web' }] }),
  ),
  stricter('an ID in another kind of name', 'id-missing', ID_RULE, root.issue({ subjectAltNames: [otherName()] })),
  stricter(
    'two URIs',
    'id-multiple',
    ID_RULE,
    root.issue({ subjectAltNames: [WEB, { uri: 'spiffe://example.org/db' }] }),
  ),
  stricter('the same URI twice', 'id-multiple', ID_RULE, root.issue({ subjectAltNames: [WEB, WEB] })),
  stricter('a URI that is no ID', 'id-malformed', ID_RULE, root.issue({ id: 'https://example.org/web' })),
  stricter('an ID without a path', 'id-without-path', ID_RULE, root.issue({ path: '' })),
  stricter('an ID in upper case', 'id-malformed', ID_RULE, root.issue({ id: 'spiffe://EXAMPLE.org/web' })),
  stricter('an ID with a NUL', 'id-malformed', ID_RULE, root.issue({ id: `${WEB.uri}\0.foreign.test` })),
  stricter(
    'an ID of a trust domain without a bundle',
    'no-bundle',
    ID_RULE,
    root.issue({ id: 'spiffe://foreign.test/web' }),
  ),
  stricter(
    'neither a subject nor critical names',
    'leaf-subject',
    LEAF_RULE,
    root.issue({ subjectAltNamesCritical: false }),
  ),

  // Encodings.
  neither('names in two extensions', 'certificate-malformed', root.issue({ extraExtensions: [subjectAltName([WEB])] })),
  neither(
    'basic constraints in two extensions',
    'certificate-malformed',
    root.issue({ extraExtensions: [basicConstraints(false)] }),
  ),
  neither(
    'a key usage in two extensions',
    'certificate-malformed',
    root.issue({ extraExtensions: [keyUsage(['digitalSignature'])] }),
  ),
  stricter('extensions in version 1', 'certificate-malformed', DER_RULE, root.issue({ version: 1 })),
  stricter(
    'a byte after the end',
    'certificate-malformed',
    DER_RULE,
    root.issue({ alterDer: (der) => Buffer.concat([der, Buffer.of(0)]) }),
  ),
  neither('a byte missing at the end', 'certificate-malformed', root.issue({ alterDer: (der) => der.subarray(0, -1) })),
  stricter('an empty list of names', 'certificate-malformed', DER_RULE, root.issue({ subjectAltNames: [] })),
  neither('a time that does not exist', 'certificate-malformed', root.issue({ notAfter: utcTime('270230000000Z') })),
  neither('a time without seconds', 'certificate-malformed', root.issue({ notAfter: utcTime('2702010000Z') })),
];

function both(name: string, sent: Sent): ChainCase {
  return chainCase(name, sent, 'accepted', 'accepted');
}

function neither(name: string, expected: SvidErrorCode, sent: Sent): ChainCase {
  return chainCase(name, sent, expected, 'rejected');
}

/** What the validator refuses and OpenSSL accepts. */
function stricter(name: string, expected: SvidErrorCode, why: string, sent: Sent): ChainCase {
  return chainCase(name, sent, expected, 'accepted', why);
}

/** What the validator accepts and OpenSSL refuses. */
function laxer(name: string, why: string, sent: Sent): ChainCase {
  return chainCase(name, sent, 'accepted', 'rejected', why);
}

function chainCase(
  name: string,
  { chain, bundle = [root.der] }: Sent,
  expected: ChainCase['expected'],
  openssl: ChainCase['openssl'],
  why?: string,
): ChainCase {
  return { name, chain, bundle, expected, openssl, why };
}
