import type { Certificate } from './certificate';
import { checkElements, constructedContextTag, contextTag, DerError, DerReader, Tag } from './der';
import { type CertificateExtension, readExtensions } from './extensions';
import { readTime } from './time';

/** An algorithm as a certificate names it. */
export interface AlgorithmIdentifier {
  /** The object identifier in dotted decimals, such as `1.2.840.10045.4.3.2`. */
  readonly oid: string;
  /** The DER of its parameters; empty when there are none. */
  readonly parameters: Buffer;
}

/**
 * The fields of a certificate as they are encoded. Buffers share the memory of the certificate.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export type CertificateFields = Pick<
  Certificate,
  | 'tbs'
  | 'version'
  | 'serialNumber'
  | 'signatureAlgorithm'
  | 'signature'
  | 'issuer'
  | 'subject'
  | 'notBefore'
  | 'notAfter'
  | 'publicKeyInfo'
  | 'extensions'
>;

/**
 * Reads the fields of one certificate that fills the buffer. A serial number may be negative or longer than 20 bytes:
 * nothing depends on it here, and authorities that are trusted already have such.
 *
 * @throws DerError
 */
export function readCertificate(der: Buffer): CertificateFields {
  checkElements(der, 0, der.length);
  const outer = new DerReader(der);
  const certificate = outer.enter(Tag.sequence, 'certificate');
  outer.finish('certificate');
  const tbsElement = certificate.read(Tag.sequence, 'TBSCertificate');
  const outerAt = certificate.position;
  const outerAlgorithm = certificate.read(Tag.sequence, 'signature algorithm');
  const signature = certificate.bytesOfBitString('signature');
  certificate.finish('signature');

  const fields = certificate.inside(tbsElement);
  const version = readVersion(fields);
  const serialNumber = fields.integer('serial number');
  const innerAlgorithm = fields.read(Tag.sequence, 'signature algorithm');
  if (!fields.whole(innerAlgorithm).equals(certificate.whole(outerAlgorithm))) {
    throw new DerError('names two different signature algorithms', outerAt);
  }
  const issuer = readName(fields, 'issuer');
  const validity = fields.enter(Tag.sequence, 'validity');
  const notBefore = readTime(validity);
  const notAfter = readTime(validity);
  validity.finish('validity');
  const subject = readName(fields, 'subject');
  const publicKeyInfo = readPublicKeyInfo(fields);
  if (version > 1) {
    // Unique identifiers of the issuer and the subject, which nobody uses.
    fields.optional(contextTag(1));
    fields.optional(contextTag(2));
  }
  const extensions = version === 3 ? readOptionalExtensions(fields) : [];
  fields.finish(version === 3 ? 'extensions' : 'fields of its version');
  return {
    tbs: certificate.whole(tbsElement),
    version,
    serialNumber,
    signatureAlgorithm: readAlgorithm(certificate.inside(outerAlgorithm)),
    signature,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKeyInfo,
    extensions,
  };
}

/** Reads the contents of an AlgorithmIdentifier. */
export function readAlgorithm(fields: DerReader): AlgorithmIdentifier {
  const oid = fields.objectIdentifier('object identifier of an algorithm');
  const start = fields.position;
  if (!fields.done) {
    fields.any();
    fields.finish('parameters of an algorithm');
  }
  return { oid, parameters: fields.bytes.subarray(start, fields.end) };
}

function readVersion(fields: DerReader): 1 | 2 | 3 {
  const element = fields.optional(constructedContextTag(0));
  if (element === undefined) {
    return 1;
  }
  const inside = fields.inside(element);
  const version = inside.smallNumber('version') + 1;
  inside.finish('version');
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new DerError('has an unknown version', element.start);
  }
  return version;
}

/** A Name as DER: a list of sets, each with one attribute or more. */
function readName(fields: DerReader, what: string): Buffer {
  const element = fields.read(Tag.sequence, what);
  const parts = fields.inside(element);
  while (!parts.done) {
    const attributes = parts.enter(Tag.set, `part of the ${what}`);
    do {
      const attribute = attributes.enter(Tag.sequence, `attribute of the ${what}`);
      attribute.objectIdentifier(`type of an attribute of the ${what}`);
      attribute.any();
      attribute.finish(`attribute of the ${what}`);
    } while (!attributes.done);
  }
  return fields.whole(element);
}

function readPublicKeyInfo(fields: DerReader): Buffer {
  const element = fields.read(Tag.sequence, 'public key');
  const parts = fields.inside(element);
  readAlgorithm(parts.enter(Tag.sequence, 'algorithm of the public key'));
  parts.bytesOfBitString('public key');
  parts.finish('public key');
  return fields.whole(element);
}

function readOptionalExtensions(fields: DerReader): CertificateExtension[] {
  const element = fields.optional(constructedContextTag(3));
  if (element === undefined) {
    return [];
  }
  const inside = fields.inside(element);
  const list = inside.enter(Tag.sequence, 'list of extensions');
  inside.finish('list of extensions');
  return readExtensions(list);
}
