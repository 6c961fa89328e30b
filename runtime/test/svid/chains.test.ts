import { X509Bundle } from '../../src/bundle/x509-bundle';
import { TrustDomain } from '../../src/id';
import { SvidError } from '../../src/svid/svid-error';
import type { VerifiedX509Svid } from '../../src/svid/verified-x509-svid';
import { verifyX509Svid } from '../../src/svid/verify-x509-svid';
import { NOW, TRUST_DOMAIN } from './chain-makers';
import { CHAINS, type ChainCase } from './chains';

const trustDomain = TrustDomain.parse(TRUST_DOMAIN);
const ACCEPTED = CHAINS.filter(({ expected }) => expected === 'accepted');
const REJECTED = CHAINS.filter(({ expected }) => expected !== 'accepted');

function verify({ chain, bundle }: ChainCase): VerifiedX509Svid {
  return verifyX509Svid(chain, X509Bundle.parse(trustDomain, Buffer.concat(bundle)), { now: NOW });
}

test.each(named(ACCEPTED))('accepts %s', (_, row) => {
  const { id, chain, bundle, notAfter } = verify(row);
  expect(id.toString()).toMatch(/^spiffe:\/\/example\.org\/(web|workload)$/);
  expect(chain[0]?.raw.equals(row.chain[0] as Buffer)).toBe(true);
  expect(bundle.has(chain.at(-1) as (typeof chain)[0])).toBe(true);
  expect(notAfter).toBe(Math.min(...chain.map((certificate) => certificate.notAfter)));
  for (const [index, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1] as (typeof chain)[0];
    expect(certificate.x509.verify(issuer.publicKey)).toBe(true);
    expect(certificate.issuer.equals(issuer.subject)).toBe(true);
  }
});

test.each(named(REJECTED))('refuses %s', (_, row) => {
  let code: string | undefined;
  try {
    verify(row);
  } catch (error) {
    expect(error).toBeInstanceOf(SvidError);
    code = (error as SvidError).code;
  }
  expect(code).toBe(row.expected);
});

test('nothing but the authorities decides: none of the chains is accepted without them', () => {
  for (const { chain } of ACCEPTED) {
    expect(() => verifyX509Svid(chain, X509Bundle.of(trustDomain, []), { now: NOW })).toThrow(SvidError);
  }
});

test('the same certificates in any order but for the first give the same answer', () => {
  for (const row of CHAINS) {
    const [leaf, ...others] = row.chain as [Buffer, ...Buffer[]];
    const turned = { ...row, chain: [leaf, ...others.reverse()], bundle: [...row.bundle].reverse() };
    expect([row.name, accepts(turned)]).toEqual([row.name, row.expected === 'accepted']);
  }
});

test('whatever differs from OpenSSL says why', () => {
  const silent = CHAINS.filter(
    ({ expected, openssl, why }) => (expected === 'accepted') !== (openssl === 'accepted') && !why,
  );
  const needless = CHAINS.filter(
    ({ expected, openssl, why }) => (expected === 'accepted') === (openssl === 'accepted') && why,
  );
  expect([silent, needless]).toEqual([[], []]);
});

test('names are unique', () => {
  expect(new Set(CHAINS.map(({ name }) => name)).size).toBe(CHAINS.length);
});

function accepts(row: ChainCase): boolean {
  try {
    verify(row);
    return true;
  } catch {
    return false;
  }
}

function named(rows: readonly ChainCase[]): [string, ChainCase][] {
  return rows.map((row) => [row.name, row]);
}
