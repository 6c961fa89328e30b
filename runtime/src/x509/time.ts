import { DerError, type DerReader, Tag } from './der';

/**
 * Reads a Time: `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`, with seconds, in UTC, without fractions. A
 * GeneralizedTime before 2050 is read although issuers should not write it: it can be read in one way only.
 *
 * @returns milliseconds since 1970
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
 */
export function readTime(reader: DerReader): number {
  const element = reader.any();
  const { bytes } = reader;
  const short = element.tag === Tag.utcTime;
  if (!short && element.tag !== Tag.generalizedTime) {
    throw new DerError('has no time here', element.start);
  }
  const digits = short ? 12 : 14;
  if (element.end - element.contents !== digits + 1 || bytes[element.end - 1] !== 0x5a) {
    throw new DerError('has a time in another form than UTC with seconds', element.start);
  }
  const two = (index: number) => {
    const tens = (bytes[element.contents + index] as number) - 0x30;
    const ones = (bytes[element.contents + index + 1] as number) - 0x30;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      throw new DerError('has a time with characters that are no digits', element.contents + index);
    }
    return tens * 10 + ones;
  };
  const century = short ? (two(0) >= 50 ? 1900 : 2000) : two(0) * 100;
  const rest = short ? 0 : 2;
  const year = century + two(rest);
  const [month, day, hour, minute, second] = [
    two(rest + 2),
    two(rest + 4),
    two(rest + 6),
    two(rest + 8),
    two(rest + 10),
  ];
  const date = new Date(0);
  // Date.UTC() takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // Date carries over what is out of range, such as the 30th of February.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) {
    throw new DerError('has a time that does not exist', element.start);
  }
  return date.getTime();
}
