import fc from 'fast-check';
import type { SvidErrorCode } from '../../../runtime/src/svid/svid-error';
import { flipBit } from '../../../runtime/src/testing/certificate-builder';
import type { CertificateTemplate } from '../../../runtime/src/testing/certificate-template';
import { sequence } from '../../../runtime/src/testing/der-writer';
import { subjectAltName } from '../../../runtime/src/testing/extensions';
import { generateKey } from '../../../runtime/src/testing/keys';
import type { TestAuthority } from '../../../runtime/src/testing/test-authority';
import { authority, NO_KEY_IDS, NOW, SAME_NAME, SECOND, WEB } from '../../../runtime/test/svid/chain-makers';

/** Something that a certificate has, a flaw or not. */
export interface Trait {
  readonly name: string;
  readonly template: CertificateTemplate;
  /** The codes with which the validator refuses what OpenSSL lets pass. */
  readonly stricter?: readonly SvidErrorCode[];
  /** Whether the validator accepts what OpenSSL does not. */
  readonly laxer?: boolean;
}

/** A chain that was sent, a bundle, and what they were made of. */
export interface RandomCase {
  readonly chain: readonly Buffer[];
  readonly bundle: readonly Buffer[];
  readonly traits: readonly Trait[];
  /** Whether there is one path at most, so that a refusal has one reason. */
  readonly onePath: boolean;
}

const EXPIRED = { notBefore: NOW - 7200 * SECOND, notAfter: NOW - 10 * SECOND };
const FUTURE = { notBefore: NOW + 10 * SECOND, notAfter: NOW + 7200 * SECOND };
const UNKNOWN = { oid: '1.3.6.1.4.1.99999.1', value: sequence() };
const strangeKey = generateKey();
const weakKey = generateKey('rsa-1024');

function trait(name: string, template: CertificateTemplate, more: Partial<Trait> = {}): Trait {
  return { name, template, ...more };
}

function permitted(name: string, ...uris: string[]): Trait {
  return trait(name, { nameConstraints: { permitted: uris.map((uri) => ({ uri })) } });
}

function excluded(name: string, ...uris: string[]): Trait {
  return trait(name, { nameConstraints: { excluded: uris.map((uri) => ({ uri })) } });
}

function pathLength(length: number): Trait {
  return trait(`path length ${length}`, { basicConstraints: { ca: true, pathLength: length } });
}

/** What any certificate may have. */
const COMMON: readonly Trait[] = [
  trait('expired', EXPIRED),
  trait('of the future', FUTURE),
  trait('flipped bit', { alterSignature: flipBit }),
  trait('strange signature', { signingKey: strangeKey }),
  trait('SHA-1', { digest: 'sha1' }),
  trait('SHA-512', { digest: 'sha512' }),
  trait('weak key', { key: weakKey }),
  trait('P-384', { keyType: 'ec-p384' }),
  trait('Ed25519', { keyType: 'ed25519' }),
  trait('unknown critical extension', { extraExtensions: [{ ...UNKNOWN, critical: true }] }),
  trait('unknown extension', { extraExtensions: [{ ...UNKNOWN, critical: false }] }),
  trait('no authority key identifier', { authorityKeyId: null }),
  trait('wrong authority key identifier', { authorityKeyId: Buffer.alloc(20) }, { laxer: true }),
  trait('negative serial number', { serialNumber: -1n }),
];

const OF_CAS: readonly Trait[] = [
  ...COMMON,
  trait('no CA', { basicConstraints: { ca: false } }),
  // OpenSSL takes a root at its key usage.
  trait('no basic constraints', { basicConstraints: null }, { stricter: ['not-a-ca'] }),
  trait('must not sign', { keyUsage: ['digitalSignature'] }),
  trait('no key usage', { keyUsage: null }, { stricter: ['ca-key-usage'] }),
  trait('key usage not critical', { keyUsageCritical: false }),
  pathLength(0),
  pathLength(1),
  pathLength(2),
  permitted('permits example.org', 'example.org'),
  permitted('permits foreign.test', 'foreign.test'),
  permitted('permits below example.org', '.example.org'),
  permitted('permits two', 'foreign.test', 'example.org'),
  excluded('excludes example.org', 'example.org'),
  excluded('excludes foreign.test', 'foreign.test'),
  trait('permits a DNS name', { nameConstraints: { permitted: [{ dns: 'web.test' }] } }),
  trait('for something else', { extendedKeyUsage: ['codeSigning'] }, { stricter: ['ca-purpose'] }),
  trait('for clients', { extendedKeyUsage: ['clientAuth'] }, { stricter: ['ca-purpose'] }),
  trait('for clients and servers', { extendedKeyUsage: ['clientAuth', 'serverAuth'] }),
  trait('no name', { subjectAltNames: null }),
  trait('ID of a workload', { subjectAltNames: [WEB] }, { stricter: ['ca-id'] }),
  trait(
    'ID of a foreign trust domain',
    { subjectAltNames: [{ uri: 'spiffe://foreign.test' }] },
    { stricter: ['ca-id'] },
  ),
];

const OF_LEAVES: readonly Trait[] = [
  ...COMMON,
  trait('DNS name', { subjectAltNames: [WEB, { dns: 'web.test' }] }),
  trait('other DNS name', { subjectAltNames: [{ dns: 'db.test' }, WEB] }),
  trait('subject', { subject: { CN: 'web' } }),
  trait('CA', { basicConstraints: { ca: true } }, { stricter: ['leaf-is-ca'] }),
  trait('no basic constraints', { basicConstraints: null }),
  trait('no key usage', { keyUsage: null }, { stricter: ['leaf-key-usage'] }),
  trait('signs certificates', { keyUsage: ['digitalSignature', 'keyCertSign'] }, { stricter: ['leaf-key-usage'] }),
  trait('no signatures', { keyUsage: ['keyEncipherment'] }),
  trait('no extended key usage', { extendedKeyUsage: null }),
  trait('for clients', { extendedKeyUsage: ['clientAuth'] }, { stricter: ['leaf-purpose'] }),
  trait('no name', { subjectAltNames: null }, { stricter: ['id-missing'] }),
  trait('two IDs', { subjectAltNames: [WEB, WEB] }, { stricter: ['id-multiple'] }),
  trait('no path', { subjectAltNames: [{ uri: 'spiffe://example.org' }] }, { stricter: ['id-without-path'] }),
  trait('foreign ID', { subjectAltNames: [{ uri: 'spiffe://foreign.test/web' }] }, { stricter: ['no-bundle'] }),
  trait('names twice', { extraExtensions: [subjectAltName([WEB])] }),
];

/** Mostly none, so that a chain of several certificates is sound at times. */
function traits(from: readonly Trait[]): fc.Arbitrary<readonly Trait[]> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...from)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...from), fc.constantFrom(...from)) },
  );
}

/** A value in one case of four, else null. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const caPlan = fc.record({
  traits: traits(OF_CAS),
  sameName: fc.boolean(),
  /** Another certificate of the same key is sent too. */
  twin: sometimes(traits(OF_CAS)),
});

const plan = fc.record({
  root: caPlan,
  below: fc.array(caPlan, { maxLength: 3 }),
  leaf: traits(OF_LEAVES),
  keyIds: fc.boolean(),
  /** Another root signs the key of the first one. */
  crossSigned: sometimes(traits(OF_CAS)),
  trusted: fc.constantFrom(...(['root', 'root', 'root', 'cross', 'first below', 'another', 'nobody'] as const)),
  otherRoots: fc.nat(2),
  rootFirst: fc.boolean(),
  sendsRoot: fc.boolean(),
  missing: sometimes(fc.nat(2)),
  unrelated: fc.boolean(),
  doubled: fc.boolean(),
  order: fc.infiniteStream(fc.nat()),
});

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;
type CaPlan = Plan['root'];

/** Chains of one to four certificates with anything that may be right or wrong with them. */
export const randomCase: fc.Arbitrary<RandomCase> = plan.map(carryOut);

function carryOut(made: Plan): RandomCase {
  const options = (ca: CaPlan) => ({
    ...(ca.sameName ? SAME_NAME : {}),
    ...(made.keyIds ? {} : NO_KEY_IDS),
    ...merge(ca.traits),
  });
  const root = authority(options(made.root));
  const sent: Buffer[] = [];
  const used = [...made.root.traits, ...made.leaf];
  let issuer = root;
  let firstBelow: TestAuthority | undefined;
  for (const ca of made.below) {
    const next = issuer.intermediate(options(ca));
    sent.push(next.der);
    used.push(...ca.traits);
    if (ca.twin !== null) {
      sent.push(issuer.intermediate({ subject: next.subject, key: next.privateKey, ...merge(ca.twin) }).der);
      used.push(...ca.twin);
    }
    firstBelow ??= next;
    issuer = next;
  }
  const [leaf] = issuer.issue({ path: '/web', ...merge(made.leaf) }).chain as [Buffer];
  const cross = authority();
  if (made.crossSigned !== null) {
    sent.push(cross.intermediate({ subject: root.subject, key: root.privateKey, ...merge(made.crossSigned) }).der);
    used.push(...made.crossSigned);
  }
  const trusted = {
    root,
    cross,
    'first below': firstBelow ?? root,
    another: authority(options(made.root)),
    nobody: undefined,
  };
  const anchor = trusted[made.trusted];
  const others = Array.from(
    { length: made.otherRoots },
    () => authority(made.keyIds ? SAME_NAME : { ...SAME_NAME, ...NO_KEY_IDS }).der,
  );
  const anchors = anchor === undefined ? [] : [anchor.der];
  return {
    chain: [
      leaf,
      ...shuffled(made, [...sent, ...(made.sendsRoot ? [root.der] : []), ...(made.unrelated ? [cross.der] : [])]),
    ],
    bundle: made.rootFirst ? [...anchors, ...others] : [...others, ...anchors],
    traits: used,
    onePath: made.crossSigned === null && made.below.every(({ twin }) => twin === null) && !made.sendsRoot,
  };
}

/** What is sent besides the leaf: with one missing, or all of it twice, in another order. */
function shuffled({ missing, doubled, order }: Plan, all: readonly Buffer[]): Buffer[] {
  const kept = all.filter((_, index) => index !== missing);
  return [...kept, ...(doubled ? kept : [])]
    .map((der) => ({ der, rank: order.next().value as number }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ der }) => der);
}

function merge(all: readonly Trait[]): CertificateTemplate {
  return Object.assign({}, ...all.map(({ template }) => template));
}
