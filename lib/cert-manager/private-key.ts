import { isLate, isObject, PLAIN_PROBLEM } from '../core';
import { isIssuerSource } from './issuer-source';
import type { PropChecks } from './prop-checks';

/** The private key that cert-manager makes for a certificate. */
export type PrivateKey = {
  /**
   * Whether every renewal makes a new key.
   *
   * @default 'Always'
   */
  readonly rotationPolicy?: 'Always' | 'Never';
  /**
   * How the key is written to the Secret.
   *
   * @default - cert-manager's own: PKCS1
   */
  readonly encoding?: 'PKCS1' | 'PKCS8';
} & (
  | {
      /** @default 'ECDSA' */
      readonly algorithm?: 'ECDSA';
      /** Bits. @default 256 */
      readonly size?: 256 | 384 | 521;
    }
  | {
      readonly algorithm: 'RSA';
      /** Bits. @default 2048 */
      readonly size?: 2048 | 3072 | 4096 | 8192;
    }
  | {
      readonly algorithm: 'Ed25519';
      /** @default - there is one size only */
      readonly size?: undefined;
    }
);

const SIZES = { ECDSA: [256, 384, 521], RSA: [2048, 3072, 4096, 8192] } as const;
const RULE = 'certificate-key';

/** The key's settings in cert-manager's words, all said: its defaults have changed between versions. */
export function readPrivateKey(checks: PropChecks, given: unknown, issuer: unknown): { algorithm: string } {
  const property = 'privateKey';
  if (given !== undefined && (!isObject(given) || isLate(given))) {
    const problem = isLate(given)
      ? PLAIN_PROBLEM
      : { message: 'is not an object', remedy: "write { algorithm: 'RSA' }" };
    checks.add(RULE, property, problem);
  }
  const names = ['algorithm', 'size', 'rotationPolicy', 'encoding'];
  const fields = checks.properties(isLate(given) ? undefined : given, names, `${property}.`);
  const at = (name: string) => ({ rule: RULE, property: `${property}.${name}` });
  const algorithm = checks.word(fields.algorithm, ['ECDSA', 'RSA', 'Ed25519'], at('algorithm')) ?? 'ECDSA';
  const rotationPolicy = checks.word(fields.rotationPolicy, ['Always', 'Never'], at('rotationPolicy')) ?? 'Always';
  const encoding = checks.word(fields.encoding, ['PKCS1', 'PKCS8'], at('encoding'));
  const rest = { rotationPolicy, ...(encoding && { encoding }) };
  if (algorithm === 'Ed25519') {
    if (fields.size !== undefined) {
      checks.add(RULE, `${property}.size`, { message: 'is not for Ed25519 keys', remedy: 'remove it' }, fields.size);
    }
    if (isIssuerSource(issuer) && issuer.type === 'acme' && issuer.trust.type !== 'private') {
      const problem = { message: 'is an algorithm that no public CA certifies', remedy: 'write ECDSA or RSA' };
      checks.add(RULE, `${property}.algorithm`, problem, algorithm);
    }
    return { algorithm, ...rest };
  }
  const size = checks.word<number>(fields.size, SIZES[algorithm], at('size')) ?? SIZES[algorithm][0];
  return { algorithm, size, ...rest } as { algorithm: string };
}

/** What a certificate may be used for, in cert-manager's words. @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.KeyUsage */
export const KEY_USAGES = [
  'signing',
  'digital signature',
  'content commitment',
  'key encipherment',
  'key agreement',
  'data encipherment',
  'cert sign',
  'crl sign',
  'encipher only',
  'decipher only',
  'any',
  'server auth',
  'client auth',
  'code signing',
  'email protection',
  's/mime',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'timestamping',
  'ocsp signing',
  'microsoft sgc',
  'netscape sgc',
] as const;

/** What a certificate may be used for. */
export type KeyUsage = (typeof KEY_USAGES)[number];

/** The usages of a certificate. TLS enciphers keys by RSA only. */
export function readUsages(checks: PropChecks, given: unknown, algorithm: string): readonly KeyUsage[] {
  const rule = 'certificate-usages';
  const standard: readonly KeyUsage[] = ['server auth', 'digital signature'];
  const usual: readonly KeyUsage[] = algorithm === 'RSA' ? [...standard, 'key encipherment'] : standard;
  if (given === undefined) return usual;
  if (!Array.isArray(given) || given.length === 0) {
    const message = Array.isArray(given) ? 'is empty' : 'is not a list of usages';
    checks.add(rule, 'usages', { message, remedy: "write ['server auth', 'digital signature']" });
    return usual;
  }
  return given.flatMap((each: unknown, index) => {
    const property = `usages[${index}]`;
    const usage = checks.word(each ?? '', KEY_USAGES, { rule, property });
    return usage === undefined ? [] : [usage];
  });
}
