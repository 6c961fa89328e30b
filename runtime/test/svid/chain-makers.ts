import type { SvidTemplate } from '../../src/testing/certificate-template';
import { oid, printableString, sequence, set, utf8String } from '../../src/testing/der-writer';
import type { Extension } from '../../src/testing/extensions';
import { TestAuthority, type TestAuthorityOptions } from '../../src/testing/test-authority';

/** The moment at which all chains are verified: not the real one, so that a forgotten `now` shows. */
export const NOW = Date.UTC(2027, 0, 15, 12);

/** The trust domain of all bundles. */
export const TRUST_DOMAIN = 'example.org';

/** A chain, and the bundle if it is not the one of the root. */
export interface Sent {
  readonly chain: readonly Buffer[];
  readonly bundle?: readonly Buffer[];
}

export const SECOND = 1000;
export const EXPIRED = { notBefore: NOW - 7200 * SECOND, notAfter: NOW - SECOND };
export const FUTURE = { notBefore: NOW + SECOND, notAfter: NOW + 7200 * SECOND };
export const NO_KEY_IDS = { subjectKeyId: null, authorityKeyId: null };
export const SAME_NAME = { subject: { C: 'US', O: 'SPIFFE' } };
export const WEB = { uri: 'spiffe://example.org/web' };

export const root = authority();
/** Another root of the same trust domain, which nobody trusts. */
export const other = authority();
export const foreign = new TestAuthority('foreign.test', { now: NOW });
export const intermediate = root.intermediate();
export const [, middle, lower] = threeBelow(root);
export const leaf = root.issue('/web');
export const long = lower.issue('/web');

export function authority(options: TestAuthorityOptions = {}): TestAuthority {
  return new TestAuthority(TRUST_DOMAIN, { now: NOW, ...options });
}

/** What a root with other options than the usual ones issues, and that root as the bundle. */
export function under(options: TestAuthorityOptions, issue: (ca: TestAuthority) => Sent): Sent {
  const ca = authority(options);
  return { bundle: [ca.der], ...issue(ca) };
}

export function threeBelow(ca: TestAuthority): [TestAuthority, TestAuthority, TestAuthority] {
  const first = ca.intermediate();
  const second = first.intermediate();
  return [first, second, second.intermediate()];
}

export function path(pathLength: number): SvidTemplate {
  return { basicConstraints: { ca: true, pathLength } };
}

export function constrained(nameConstraints: SvidTemplate['nameConstraints'], template: SvidTemplate = {}): Sent {
  return root.intermediate({ nameConstraints }).issue({ path: '/web', ...template });
}

/** What an authority before and after a rotation makes of it. */
export function rotated(use: (ca: TestAuthority, before: Sent) => Sent): Sent {
  const ca = authority();
  const before = ca.issue('/web');
  ca.rotate();
  return use(ca, before);
}

/** A CA that must have none below has changed its key: it has signed the new one with the old one. */
export function selfIssued(): Sent {
  const ca = root.intermediate({ ...SAME_NAME, ...path(0) });
  return ca.intermediate({ ...SAME_NAME, ...path(0) }).issue('/web');
}

/** Two certificates of one intermediate, in this order. */
export function twins(first: SvidTemplate, second: SvidTemplate): Sent {
  const ca = root.intermediate(first);
  const again = root.intermediate({ subject: ca.subject, key: ca.privateKey, ...second });
  return { chain: [...ca.issue('/web').chain, again.der] };
}

/** A new root whose certificate by the old root is sent along. */
export function crossSigned(trusted: 'old' | 'new'): Sent {
  const next = authority();
  const bridge = root.intermediate({ subject: next.subject, key: next.privateKey });
  return { chain: bridge.issue('/web').chain, bundle: [trusted === 'old' ? root.der : next.der] };
}

/** Two CAs, each with a certificate of the other, so that issuers lead round in a circle. */
export function mutual(trusted: boolean): Sent {
  const one = authority();
  const two = authority();
  const oneByTwo = two.intermediate({ subject: one.subject, key: one.privateKey });
  const twoByOne = one.intermediate({ subject: two.subject, key: two.privateKey });
  return { chain: [...one.issue('/web').chain, oneByTwo.der, twoByOne.der], bundle: trusted ? [two.der] : [root.der] };
}

/** Three roots of one name. */
export function sameNames(options: TestAuthorityOptions, right: 'first' | 'last'): Sent {
  const others = [authority({ ...SAME_NAME, ...options }), authority({ ...SAME_NAME, ...options })].map(
    ({ der }) => der,
  );
  const ca = authority({ ...SAME_NAME, ...options });
  return { ...ca.issue('/web'), bundle: right === 'first' ? [ca.der, ...others] : [...others, ca.der] };
}

/** A leaf, and a certificate with the key but not with the name of its issuer. */
export function renamed(): Sent {
  const issuer = root.intermediate();
  const [certificate] = issuer.issue('/web').chain as [Buffer];
  return { chain: [certificate, root.intermediate({ key: issuer.privateKey }).der] };
}

/** Two intermediates of one name, the right one last. */
export function sameNamedIntermediates(): Sent {
  const wrong = root.intermediate({ ...SAME_NAME, subjectKeyId: null });
  const [certificate, issuer] = root.intermediate({ ...SAME_NAME, subjectKeyId: null }).issue('/web').chain as [
    Buffer,
    Buffer,
  ];
  return { chain: [certificate, wrong.der, issuer] };
}

/** A leaf by a root that has the name and the key identifiers of another one. */
export function impostor(of: TestAuthority): Sent {
  return authority({ subject: of.subject, subjectKeyId: of.certificate.subjectKeyId }).issue('/web');
}

/** A workload that issues certificates with the key of its own SVID. */
export function leafAsIssuer(): Sent {
  const subject = { CN: 'web' };
  const { chain, key } = root.issue({ path: '/web', subject });
  return { chain: [...authority({ subject, key }).issue('/db').chain, ...chain] };
}

export function otherName(): { otherName: { oid: string; value: Buffer } } {
  return { otherName: { oid: '1.3.6.1.4.1.99999.2', value: utf8String(WEB.uri) } };
}

/** A leaf with so many CAs above it, the root not counted. */
export function below(count: number): Sent {
  let ca = root;
  for (let i = 0; i < count; i++) {
    ca = ca.intermediate();
  }
  return ca.issue('/web');
}

/** A name as `{ O: … }`, in another encoding. */
export function printable(organization: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.10'), printableString(organization))));
}

/** An extension that nobody knows. */
export function unknown(critical: boolean): Extension {
  return { oid: '1.3.6.1.4.1.99999.1', critical, value: sequence() };
}
