import { DerError, DerReader, Tag } from './der';

/** The kinds of names, in the order of their tags. */
const KINDS = [
  'otherName',
  'email',
  'dns',
  'x400Address',
  'directory',
  'ediPartyName',
  'uri',
  'ip',
  'registeredId',
] as const;

/** The tag of each kind: those that hold other elements have bit 0x20. */
const TAGS = [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88];

/** The kind of a name in a certificate. */
export type GeneralNameKind = (typeof KINDS)[number];

/**
 * A name in a certificate.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6
 */
export interface GeneralName {
  readonly kind: GeneralNameKind;
  /** The contents: characters, the bytes of an address (and mask), or DER. A `directory` name is a whole DER Name. */
  readonly value: Buffer;
  /** The exact text of `email`, `dns` and `uri`: ASCII, control characters included. */
  readonly text?: string;
}

/** Reads one name of any kind. */
export function readGeneralName(reader: DerReader): GeneralName {
  const element = reader.any();
  const index = TAGS.indexOf(element.tag);
  const kind = KINDS[index];
  if (kind === undefined) {
    throw new DerError('has a name of an unknown kind', element.start);
  }
  const value = reader.contents(element);
  switch (kind) {
    case 'email':
    case 'dns':
    case 'uri':
      return { kind, value, text: asciiText(value, element.contents) };
    case 'directory': {
      const inside = reader.inside(element);
      inside.read(Tag.sequence, 'directory name');
      inside.finish('directory name');
      return { kind, value };
    }
    default:
      return { kind, value };
  }
}

/** Reads a list of one name or more. */
export function readGeneralNames(bytes: Buffer): GeneralName[] {
  const outer = new DerReader(bytes);
  const list = outer.enter(Tag.sequence, 'list of names');
  outer.finish('list of names');
  const names: GeneralName[] = [];
  while (!list.done) {
    names.push(readGeneralName(list));
  }
  if (names.length === 0) {
    throw new DerError('has an empty list of names', 0);
  }
  return names;
}

function asciiText(value: Buffer, at: number): string {
  for (let i = 0; i < value.length; i++) {
    if ((value[i] as number) >= 0x80) {
      throw new DerError('has a name with characters that are not ASCII', at + i);
    }
  }
  return value.toString('latin1');
}
