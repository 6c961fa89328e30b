import { generateKey } from '../../src/testing/keys';
import { type Issued, TestAuthority } from '../../src/testing/test-authority';

/** The trust domains of the cases: the own one, and one that is federated. */
export const own = new TestAuthority('own.test');
export const foreign = new TestAuthority('foreign.test');

const stranger = new TestAuthority('own.test');
const unknown = new TestAuthority('unknown.test');
const HOUR = 3_600_000;

/** A peer of the public conformance catalogue, and whether it is to be accepted. */
export interface Case {
  readonly name: string;
  readonly issued: () => Issued;
  /** The ID that has to be accepted, or the code of the `SvidError` for which the peer has to be refused. */
  readonly accepted?: string;
  readonly refused?: string;
}

const PATH = '/peer';
const ID = 'spiffe://own.test/peer';
const FOREIGN_ID = 'spiffe://foreign.test/peer';

/** What peers present, for a side that trusts `own.test` and `foreign.test`. */
export const CASES: readonly Case[] = [
  { name: 'XV-1 valid', issued: () => own.issue(PATH), accepted: ID },
  { name: 'XV-2 by an intermediate', issued: () => own.intermediate().issue(PATH), accepted: ID },
  {
    name: 'XV-3 with DNS names',
    issued: () => own.issue({ subjectAltNames: [{ dns: 'peer.own.test' }, { uri: ID }, { dns: 'peer' }] }),
    accepted: ID,
  },
  {
    name: 'XV-4 empty subject, critical alternative name',
    issued: () => own.issue({ path: PATH, subject: {}, subjectAltNamesCritical: true }),
    accepted: ID,
  },
  { name: 'XV-5 untrusted CA of the same trust domain', issued: () => stranger.issue(PATH), refused: 'no-path' },
  {
    name: 'XV-6 expired',
    issued: () => own.issue({ path: PATH, notBefore: Date.now() - 2 * HOUR, notAfter: Date.now() - HOUR }),
    refused: 'expired',
  },
  {
    name: 'XV-7 not yet valid',
    issued: () => own.issue({ path: PATH, notBefore: Date.now() + HOUR, notAfter: Date.now() + 2 * HOUR }),
    refused: 'not-yet-valid',
  },
  {
    name: 'XV-8 a CA',
    issued: () => own.issue({ path: PATH, basicConstraints: { ca: true } }),
    refused: 'leaf-is-ca',
  },
  {
    name: 'XV-9 keyCertSign',
    issued: () => own.issue({ path: PATH, keyUsage: ['digitalSignature', 'keyCertSign'] }),
    refused: 'leaf-key-usage',
  },
  {
    name: 'XV-10 cRLSign',
    issued: () => own.issue({ path: PATH, keyUsage: ['digitalSignature', 'cRLSign'] }),
    refused: 'leaf-key-usage',
  },
  {
    name: 'XV-11 two URIs',
    issued: () => own.issue({ subjectAltNames: [{ uri: ID }, { uri: 'spiffe://own.test/other' }] }),
    refused: 'id-multiple',
  },
  {
    name: 'XV-12 no URI',
    issued: () => own.issue({ subjectAltNames: [{ dns: 'peer.own.test' }] }),
    refused: 'id-missing',
  },
  { name: 'XV-13 no SPIFFE URI', issued: () => own.issue({ id: 'https://own.test/peer' }), refused: 'id-malformed' },
  { name: 'XV-14 no path', issued: () => own.issue({ id: 'spiffe://own.test' }), refused: 'id-without-path' },
  {
    name: 'XV-15 trust domain without a bundle, signed by a trusted CA',
    issued: () => own.issue({ id: 'spiffe://unknown.test/peer' }),
    refused: 'no-bundle',
  },
  { name: 'XV-15 trust domain without a bundle', issued: () => unknown.issue(PATH), refused: 'no-bundle' },
  { name: 'XF-1 federated', issued: () => foreign.issue(PATH), accepted: FOREIGN_ID },
  { name: 'XF-2 foreign ID by the own CA', issued: () => own.issue({ id: FOREIGN_ID }), refused: 'no-path' },
  { name: 'XF-2 own ID by the foreign CA', issued: () => foreign.issue({ id: ID }), refused: 'no-path' },
  {
    name: 'self-signed',
    issued: () => {
      const key = generateKey('ec-p256');
      const keyUsage = ['digitalSignature', 'keyCertSign'] as const;
      const self = new TestAuthority('own.test', { key, keyUsage, subjectAltNames: [{ uri: ID }] });
      return { chain: [self.certificate.raw], key };
    },
    refused: 'leaf-is-ca',
  },
  {
    name: 'a root like a public one, for a host',
    issued: () =>
      new TestAuthority('own.test', {
        subject: { C: 'US', O: 'Public Trust', CN: 'Root' },
        subjectAltNames: null,
      }).issue({ subject: { CN: 'localhost' }, subjectAltNames: [{ dns: 'localhost' }, { uri: ID }] }),
    refused: 'no-path',
  },
];

/** The cases in which the own trust domain may present what it is not. */
export const REFUSED = CASES.filter(({ refused }) => refused !== undefined);
