import { KEY_USAGES } from '../x509/extensions';
import { boolean, context, contextPrimitive, integer, namedBits, octetString, oid, sequence } from './der-writer';
import { encodeGeneralName, type GeneralName } from './names';

/**
 * An extension of a certificate, raw: {@link CertificateTemplate.extraExtensions} takes any. The functions of this module
 * make the usual ones.
 */
export interface Extension {
  /** Its OID, such as `2.5.29.17`. */
  readonly oid: string;
  /** Whether whoever does not know the extension has to refuse the certificate. */
  readonly critical: boolean;
  /** The encoded value, without the OCTET STRING around it. */
  readonly value: Uint8Array;
}

/** What a key may be used for. */
export type KeyUsageName = (typeof KEY_USAGES)[number];

/** Purposes that have a name here. Any other is given by its OID. */
const PURPOSES: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
};

/** Encodes an extension. */
export function encodeExtension(extension: Extension): Buffer {
  const critical = extension.critical ? [boolean(true)] : [];
  return sequence(oid(extension.oid), ...critical, octetString(extension.value));
}

/** A subject alternative name. */
export function subjectAltName(names: readonly GeneralName[], critical = false): Extension {
  return { oid: '2.5.29.17', critical, value: sequence(...names.map(encodeGeneralName)) };
}

/** A key usage. */
export function keyUsage(usages: readonly KeyUsageName[], critical = true): Extension {
  return { oid: '2.5.29.15', critical, value: namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))) };
}

/**
 * An extended key usage.
 *
 * @param purposes `serverAuth`, `clientAuth`, `codeSigning`, `any`, or OIDs
 */
export function extendedKeyUsage(purposes: readonly string[], critical = false): Extension {
  return {
    oid: '2.5.29.37',
    critical,
    value: sequence(...purposes.map((purpose) => oid(PURPOSES[purpose] ?? purpose))),
  };
}

/** Basic constraints. A path length may go without `ca`, which is wrong. */
export function basicConstraints(ca: boolean, pathLength?: number, critical = true): Extension {
  const parts = [...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])];
  return { oid: '2.5.29.19', critical, value: sequence(...parts) };
}

/** Name constraints: the names that a CA may certify, and those that it may not. */
export function nameConstraints(
  permitted: readonly GeneralName[] = [],
  excluded: readonly GeneralName[] = [],
  critical = true,
): Extension {
  const subtrees = (names: readonly GeneralName[]) => names.map((name) => sequence(encodeGeneralName(name)));
  const parts = [
    ...(permitted.length > 0 ? [context(0, ...subtrees(permitted))] : []),
    ...(excluded.length > 0 ? [context(1, ...subtrees(excluded))] : []),
  ];
  return { oid: '2.5.29.30', critical, value: sequence(...parts) };
}

/** A subject key identifier. */
export function subjectKeyId(id: Uint8Array): Extension {
  return { oid: '2.5.29.14', critical: false, value: octetString(id) };
}

/** An authority key identifier that holds the key identifier only. */
export function authorityKeyId(id: Uint8Array): Extension {
  return { oid: '2.5.29.35', critical: false, value: sequence(contextPrimitive(0, id)) };
}
