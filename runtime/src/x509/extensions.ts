import { constructedContextTag, contextTag, DerError, DerReader, Tag } from './der';
import { type GeneralName, readGeneralName, readGeneralNames } from './general-name';

/** An extension as it stands in a certificate. */
export interface CertificateExtension {
  /** The object identifier in dotted decimals, such as `2.5.29.17`. */
  readonly oid: string;
  /** Whether a verifier that does not know the extension must refuse the certificate. */
  readonly critical: boolean;
  /** The DER of its value. */
  readonly value: Buffer;
}

/** The names of the bits, first bit first. */
export const KEY_USAGES = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/**
 * What a key may be used for.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.3
 */
export type KeyUsage = { readonly [usage in (typeof KEY_USAGES)[number]]: boolean } & {
  /** Whether the extension is marked critical. */
  readonly critical: boolean;
};

/**
 * The names that a CA may, and may not, certify.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10
 */
export interface NameConstraints {
  /** Of each kind that occurs here, names must be within one of these. */
  readonly permitted: readonly GeneralName[];
  /** No name may be within one of these. */
  readonly excluded: readonly GeneralName[];
}

/** The value of basicConstraints. */
export interface BasicConstraints {
  readonly isCa: boolean;
  readonly pathLength?: number;
}

/** What the known extensions say, each at most once. */
export interface KnownExtensions {
  basicConstraints?: BasicConstraints;
  keyUsage?: KeyUsage;
  extendedKeyUsage?: readonly string[];
  names?: readonly GeneralName[];
  subjectKeyId?: Buffer;
  authorityKeyId?: Buffer;
  nameConstraints?: NameConstraints;
}

/** How each known extension is read. Those that are missing here are unknown: when critical, verifiers must refuse. */
const READERS: { readonly [oid: string]: (known: KnownExtensions, value: Buffer, critical: boolean) => void } = {
  '2.5.29.14': (known, value) => {
    known.subjectKeyId = readSubjectKeyId(value);
  },
  '2.5.29.15': (known, value, critical) => {
    known.keyUsage = readKeyUsage(value, critical);
  },
  '2.5.29.17': (known, value) => {
    known.names = Object.freeze(readGeneralNames(value));
  },
  '2.5.29.19': (known, value) => {
    known.basicConstraints = readBasicConstraints(value);
  },
  '2.5.29.30': (known, value) => {
    known.nameConstraints = readNameConstraints(value);
  },
  '2.5.29.35': (known, value) => {
    known.authorityKeyId = readAuthorityKeyId(value);
  },
  '2.5.29.37': (known, value) => {
    known.extendedKeyUsage = readExtendedKeyUsage(value);
  },
};

/** Whether this package reads an extension and heeds it when it verifies. */
export function isKnownExtension(oid: string): boolean {
  return Object.hasOwn(READERS, oid);
}

/** Reads the list of extensions. Two of the same kind are refused: programs would differ in which one they heed. */
export function readExtensions(list: DerReader): CertificateExtension[] {
  const extensions: CertificateExtension[] = [];
  const seen = new Set<string>();
  while (!list.done) {
    const at = list.position;
    const fields = list.enter(Tag.sequence, 'extension');
    const oid = fields.objectIdentifier('object identifier of an extension');
    const critical = fields.boolean(false);
    const value = fields.contents(fields.read(Tag.octetString, 'value of an extension'));
    fields.finish('extension');
    if (seen.has(oid)) {
      throw new DerError(`has the extension ${oid} twice`, at);
    }
    seen.add(oid);
    extensions.push(Object.freeze({ oid, critical, value }));
  }
  if (extensions.length === 0) {
    throw new DerError('has an empty list of extensions', list.end);
  }
  return extensions;
}

/** Reads the values of the extensions that are known. */
export function readKnownExtensions(extensions: readonly CertificateExtension[]): KnownExtensions {
  const known: KnownExtensions = {};
  for (const { oid, critical, value } of extensions) {
    try {
      if (isKnownExtension(oid)) {
        READERS[oid]?.(known, value, critical);
      }
    } catch (error) {
      throw error instanceof DerError ? new DerError(`${error.reason}, in the extension ${oid}`, error.at) : error;
    }
  }
  return known;
}

function readBasicConstraints(value: Buffer): BasicConstraints {
  const outer = new DerReader(value);
  const fields = outer.enter(Tag.sequence, 'SEQUENCE');
  outer.finish('SEQUENCE');
  const isCa = fields.boolean(false);
  if (fields.done) {
    return { isCa };
  }
  const at = fields.position;
  const pathLength = fields.smallNumber('path length');
  fields.finish('path length');
  if (!isCa) {
    throw new DerError('has a path length without being a CA', at);
  }
  return { isCa, pathLength };
}

function readKeyUsage(value: Buffer, critical: boolean): KeyUsage {
  const reader = new DerReader(value);
  const { bits } = reader.bitString('key usage');
  reader.finish('key usage');
  const usage: Record<string, boolean> = { critical };
  KEY_USAGES.forEach((name, index) => {
    usage[name] = ((bits[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  });
  return Object.freeze(usage) as KeyUsage;
}

function readExtendedKeyUsage(value: Buffer): readonly string[] {
  const outer = new DerReader(value);
  const list = outer.enter(Tag.sequence, 'SEQUENCE');
  outer.finish('SEQUENCE');
  const purposes: string[] = [];
  while (!list.done) {
    purposes.push(list.objectIdentifier('purpose'));
  }
  if (purposes.length === 0) {
    throw new DerError('has an empty list of purposes', 0);
  }
  return Object.freeze(purposes);
}

function readSubjectKeyId(value: Buffer): Buffer {
  const reader = new DerReader(value);
  const element = reader.read(Tag.octetString, 'key identifier');
  reader.finish('key identifier');
  return reader.contents(element);
}

function readAuthorityKeyId(value: Buffer): Buffer | undefined {
  const outer = new DerReader(value);
  const fields = outer.enter(Tag.sequence, 'SEQUENCE');
  outer.finish('SEQUENCE');
  const keyId = fields.optional(contextTag(0));
  fields.optional(constructedContextTag(1));
  fields.optional(contextTag(2));
  fields.finish('key identifier');
  return keyId && fields.contents(keyId);
}

function readNameConstraints(value: Buffer): NameConstraints {
  const outer = new DerReader(value);
  const fields = outer.enter(Tag.sequence, 'SEQUENCE');
  outer.finish('SEQUENCE');
  const permitted = readSubtrees(fields, 0);
  const excluded = readSubtrees(fields, 1);
  fields.finish('name constraints');
  if (permitted.length + excluded.length === 0) {
    throw new DerError('has empty name constraints', 0);
  }
  return Object.freeze({ permitted, excluded });
}

function readSubtrees(fields: DerReader, number: number): readonly GeneralName[] {
  const element = fields.optional(constructedContextTag(number));
  if (element === undefined) {
    return Object.freeze([]);
  }
  const list = fields.inside(element);
  const names: GeneralName[] = [];
  while (!list.done) {
    const subtree = list.enter(Tag.sequence, 'name constraint');
    names.push(readGeneralName(subtree));
    // The standard has abolished `minimum` and `maximum`, which would change the meaning.
    subtree.finish('name of a name constraint');
  }
  if (names.length === 0) {
    throw new DerError('has an empty list of name constraints', element.start);
  }
  return Object.freeze(names);
}
