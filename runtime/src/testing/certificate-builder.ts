import { createHash, type KeyObject, randomBytes } from 'node:crypto';
import type { CertificateTemplate, Moment } from './certificate-template';
import { bitString, context, integer, sequence, time } from './der-writer';
import {
  authorityKeyId,
  basicConstraints,
  type Extension,
  encodeExtension,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyId,
} from './extensions';
import { generateKey, publicKeyInfo, signatureAlgorithm, signData } from './keys';
import { type DistinguishedName, encodeName } from './names';

export type { CertificateTemplate };

/** Who signs a certificate. */
export interface Signer {
  readonly key: KeyObject;
  readonly subject: DistinguishedName;
  readonly subjectKeyId: Uint8Array | null;
}

/** A certificate and the key that it certifies. */
export interface BuiltCertificate {
  /** The certificate, DER. */
  readonly der: Buffer;
  /** Its key: a private one, unless the template gave a public one. */
  readonly key: KeyObject;
  readonly subject: DistinguishedName;
  readonly subjectKeyId: Uint8Array | null;
}

const SECOND = 1000;
const CLOCK_SKEW_SECONDS = 60;
const LEAF_LIFETIME_SECONDS = 3600;

/**
 * Makes an X.509 certificate after a template and signs it. The defaults are those of a leaf.
 *
 * @param template what it says
 * @param signer who signs it
 * @default the certificate signs itself
 * @throws TypeError when no signature algorithm has the key and digest that sign
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function buildCertificate(template: CertificateTemplate, signer?: Signer): BuiltCertificate {
  const key = template.key ?? generateKey(template.keyType);
  const publicKey = publicKeyInfo(key);
  const subject = template.subject ?? {};
  const ownKeyId = template.subjectKeyId === undefined ? keyIdOf(publicKey) : template.subjectKeyId;
  const by = signer ?? { key, subject, subjectKeyId: ownKeyId };
  const digest = template.digest ?? 'sha256';
  const signingKey = template.signingKey ?? by.key;
  const algorithm = signatureAlgorithm(signingKey, digest);
  const now = template.now ?? Date.now();
  const extensions = extensionsOf(template, ownKeyId, by.subjectKeyId).map(encodeExtension);
  const version = template.version ?? 3;
  const toBeSigned = sequence(
    ...(version === 1 ? [] : [context(0, integer(version - 1))]),
    integer(template.serialNumber ?? randomSerialNumber()),
    algorithm,
    encodeName(template.issuer ?? by.subject),
    sequence(
      encodeMoment(template.notBefore ?? now - CLOCK_SKEW_SECONDS * SECOND),
      encodeMoment(template.notAfter ?? now + (template.lifetimeSeconds ?? LEAF_LIFETIME_SECONDS) * SECOND),
    ),
    encodeName(subject),
    publicKey,
    ...(extensions.length === 0 ? [] : [context(3, sequence(...extensions))]),
  );
  const signature = signData(signingKey, digest, toBeSigned);
  const der = sequence(toBeSigned, algorithm, bitString(template.alterSignature?.(signature) ?? signature));
  return { der: Buffer.from(template.alterDer?.(der) ?? der), key, subject, subjectKeyId: ownKeyId };
}

/**
 * The same octets with one bit of the last one changed: a signature that is well-formed and wrong.
 *
 * @param octets at least one
 */
export function flipBit(octets: Uint8Array): Buffer {
  const changed = Buffer.from(octets);
  const last = changed.length - 1;
  changed[last] = (changed[last] ?? 0) ^ 1;
  return changed;
}

/** The extensions that the template asks for, in the order in which SPIRE writes them. */
function extensionsOf(
  template: CertificateTemplate,
  ownKeyId: Uint8Array | null,
  signerKeyId: Uint8Array | null,
): Extension[] {
  const usages = template.keyUsage === undefined ? (['digitalSignature'] as const) : template.keyUsage;
  const purposes = template.extendedKeyUsage === undefined ? ['serverAuth', 'clientAuth'] : template.extendedKeyUsage;
  const constraints = template.basicConstraints === undefined ? { ca: false } : template.basicConstraints;
  const names = template.nameConstraints;
  const authority = template.authorityKeyId === undefined ? signerKeyId : template.authorityKeyId;
  const altNames = template.subjectAltNames;
  const altNamesCritical = template.subjectAltNamesCritical ?? isEmptyName(template.subject ?? {});
  return [
    usages && keyUsage(usages, template.keyUsageCritical),
    purposes && extendedKeyUsage(purposes, template.extendedKeyUsageCritical),
    constraints && basicConstraints(constraints.ca, constraints.pathLength, constraints.critical),
    ownKeyId && subjectKeyId(ownKeyId),
    authority && authorityKeyId(authority),
    altNames && subjectAltName(altNames, altNamesCritical),
    names && nameConstraints(names.permitted, names.excluded, names.critical),
    ...(template.extraExtensions ?? []),
  ].filter((extension) => extension !== null && extension !== undefined);
}

function keyIdOf(publicKey: Buffer): Buffer {
  return createHash('sha256').update(publicKey).digest().subarray(0, 20);
}

/** Positive, as RFC 5280 wants it, and never the same again. */
function randomSerialNumber(): bigint {
  return BigInt(`0x${randomBytes(16).toString('hex')}`) >> 1n;
}

function encodeMoment(moment: Moment): Uint8Array {
  return moment instanceof Uint8Array ? moment : time(Number(moment));
}

function isEmptyName(name: DistinguishedName): boolean {
  return encodeName(name).length === 2;
}
