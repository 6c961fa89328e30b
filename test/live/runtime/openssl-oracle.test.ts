import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { X509Bundle } from '../../../runtime/src/bundle/x509-bundle';
import { TrustDomain } from '../../../runtime/src/id';
import { SvidError, type SvidErrorCode } from '../../../runtime/src/svid/svid-error';
import { verifyX509Svid } from '../../../runtime/src/svid/verify-x509-svid';
import { Certificate } from '../../../runtime/src/x509';
import { NOW, TRUST_DOMAIN } from '../../../runtime/test/svid/chain-makers';
import { CHAINS } from '../../../runtime/test/svid/chains';
import { opensslVerify } from '../support/openssl-verify';
import { type RandomCase, randomCase } from './random-chains';
import { constrainedCase } from './random-names';

const trustDomain = TrustDomain.parse(TRUST_DOMAIN);

/** The path that was found, DER, or why there is none. */
function verify({ chain, bundle }: Pick<RandomCase, 'chain' | 'bundle'>): readonly Buffer[] | SvidErrorCode {
  try {
    const bundles = X509Bundle.parse(trustDomain, Buffer.concat(bundle));
    return verifyX509Svid(chain, bundles, { now: NOW }).chain.map(({ raw }) => raw);
  } catch (error) {
    if (error instanceof SvidError) {
      return error.code;
    }
    throw error;
  }
}

test.each(CHAINS.map((row) => [row.name, row] as const))('OpenSSL on %s', (_, { chain, bundle, openssl }) => {
  const { accepted, output } = opensslVerify({ chain, anchors: bundle, at: NOW });
  expect({ verdict: accepted ? 'accepted' : 'rejected', output }).toEqual({ verdict: openssl, output });
});

describe('random chains', () => {
  const cases = fc.sample(randomCase, { seed: 20_270_115, numRuns: 1000 });
  const verdicts = cases.map(verify);

  test('many are accepted, and many are not', () => {
    const accepted = verdicts.filter((verdict) => typeof verdict !== 'string').length;
    expect(accepted).toBeGreaterThan(cases.length / 5);
    expect(accepted).toBeLessThan((cases.length * 4) / 5);
  });

  test('each certificate of a path has been signed by the next', () => {
    for (const path of verdicts.filter((verdict) => typeof verdict !== 'string')) {
      const certificates = path.map((der) => new X509Certificate(der));
      for (const [index, issuer] of certificates.slice(1).entries()) {
        expect(certificates[index]?.verify(issuer.publicKey)).toBe(true);
      }
    }
  });

  test('OpenSSL accepts every path that was found, for clients and for servers', () => {
    let asked = 0;
    const refused = cases.flatMap(({ traits }, index) => {
      const path = verdicts[index] as readonly Buffer[] | SvidErrorCode;
      if (typeof path === 'string' || traits.some(({ laxer }) => laxer) || isAmbiguous(path)) {
        return [];
      }
      asked++;
      return (['sslclient', 'sslserver'] as const)
        .map((purpose) => opensslVerify({ chain: path.slice(0, -1), anchors: path.slice(-1), at: NOW, purpose }))
        .filter(({ accepted }) => !accepted)
        .map(({ output }) => ({ index, output, traits: traits.map(({ name }) => name) }));
    });
    expect(refused).toEqual([]);
    expect(asked).toBeGreaterThan(cases.length / 10);
  });

  test('what OpenSSL accepts is accepted, but for rules that are stricter on purpose', () => {
    let compared = 0;
    const missed = cases.flatMap(({ chain, bundle, traits, onePath }, index) => {
      const code = verdicts[index] as readonly Buffer[] | SvidErrorCode;
      if (!opensslVerify({ chain, anchors: bundle, at: NOW }).accepted) {
        return [];
      }
      compared++;
      const tooLong: readonly SvidErrorCode[] = chain.length > 16 ? ['chain-too-long'] : [];
      const reasons = [...traits.flatMap(({ stricter = [] }) => stricter), ...tooLong];
      // With several paths, the reason that is told may be that of another one.
      const explained = typeof code !== 'string' || (onePath ? reasons.includes(code) : reasons.length > 0);
      return explained ? [] : [{ index, code, traits: traits.map(({ name }) => name) }];
    });
    expect(missed).toEqual([]);
    expect(compared).toBeGreaterThan(cases.length / 10);
  });
});

describe('random name constraints', () => {
  const cases = fc.sample(constrainedCase, { seed: 20_270_115, numRuns: 1000 });
  const verdicts = cases.map(verify);

  test('OpenSSL accepts every leaf that is accepted', () => {
    const accepted = cases.filter((_, index) => typeof verdicts[index] !== 'string');
    const refused = accepted
      .map(({ chain, bundle, text }) => ({ text, ...opensslVerify({ chain, anchors: bundle, at: NOW }) }))
      .filter((verdict) => !verdict.accepted);
    expect(refused).toEqual([]);
    expect(accepted.length).toBeGreaterThan(cases.length / 10);
  });

  test('what OpenSSL accepts is accepted, unless it cannot be told what is meant', () => {
    const missed = cases.filter(
      ({ chain, bundle, doubtful }, index) =>
        !doubtful && typeof verdicts[index] === 'string' && opensslVerify({ chain, anchors: bundle, at: NOW }).accepted,
    );
    expect(missed.map(({ text }) => text)).toEqual([]);
    expect(cases.filter(({ doubtful }) => !doubtful).length).toBeGreaterThan(cases.length / 10);
  });
});

/**
 * Whether OpenSSL loses its way in a path although there is no other: CAs of one name follow each other, and no key
 * identifier tells them apart. It takes the first of them for self-signed, or tries the key of the wrong one.
 */
function isAmbiguous(path: readonly Buffer[]): boolean {
  const certificates = path.map((der) => Certificate.parse(der));
  const names = new Set(certificates.map(({ subject }) => subject.toString('hex')));
  return names.size < path.length && certificates.some(({ authorityKeyId }) => authorityKeyId === undefined);
}
