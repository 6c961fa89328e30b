import { isIP } from 'node:net';
import { context, contextPrimitive, oid, printableString, sequence, set, utf8String } from './der-writer';

/** The attributes of a distinguished name that have a short name here, with their OIDs. */
const ATTRIBUTES = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

/**
 * A distinguished name: attributes in their order, such as `{ C: 'US', O: 'SPIFFE' }`. `{}` is the empty name. A
 * `Uint8Array` is an encoded Name, taken as it is.
 */
export type DistinguishedName = { readonly [Attribute in keyof typeof ATTRIBUTES]?: string } | Uint8Array;

/**
 * One name of a subject alternative name or of a name constraint.
 *
 * - `uri`, `dns`, `email`: any text, in Latin-1, right or wrong
 * - `ip`: an IPv4 or IPv6 address, or the octets themselves (a name constraint has address and mask)
 * - `directory`: a distinguished name
 * - `otherName`: an OID with an encoded value
 * - `registeredId`: an OID
 * - a `Uint8Array`: an encoded GeneralName, taken as it is
 */
export type GeneralName =
  | { readonly uri: string }
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly ip: string | Uint8Array }
  | { readonly directory: DistinguishedName }
  | { readonly otherName: { readonly oid: string; readonly value: Uint8Array } }
  | { readonly registeredId: string }
  | Uint8Array;

/** Encodes a distinguished name. Country and serial number are PrintableStrings, as X.520 wants them. */
export function encodeName(name: DistinguishedName): Buffer {
  if (name instanceof Uint8Array) {
    return Buffer.from(name);
  }
  const parts = Object.entries(name).map(([attribute, value]) => {
    const encode = attribute === 'C' || attribute === 'serialNumber' ? printableString : utf8String;
    return set(sequence(oid(ATTRIBUTES[attribute as keyof typeof ATTRIBUTES]), encode(value)));
  });
  return sequence(...parts);
}

/** Encodes a general name. */
export function encodeGeneralName(name: GeneralName): Buffer {
  if (name instanceof Uint8Array) {
    return Buffer.from(name);
  }
  if ('uri' in name) {
    return contextPrimitive(6, Buffer.from(name.uri, 'latin1'));
  }
  if ('dns' in name) {
    return contextPrimitive(2, Buffer.from(name.dns, 'latin1'));
  }
  if ('email' in name) {
    return contextPrimitive(1, Buffer.from(name.email, 'latin1'));
  }
  if ('ip' in name) {
    return contextPrimitive(7, typeof name.ip === 'string' ? addressOctets(name.ip) : name.ip);
  }
  if ('directory' in name) {
    return context(4, encodeName(name.directory));
  }
  if ('otherName' in name) {
    return context(0, oid(name.otherName.oid), context(0, name.otherName.value));
  }
  // An IMPLICIT tag takes the place of the first octet.
  return contextPrimitive(8, oid(name.registeredId).subarray(2));
}

/** The 4 or 16 octets of an address. */
function addressOctets(address: string): Buffer {
  if (isIP(address) === 4) {
    return Buffer.from(address.split('.').map(Number));
  }
  if (isIP(address) !== 6 || address.includes('.')) {
    throw new TypeError(`'${address}' is no IP address that can be written; give its octets`);
  }
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
