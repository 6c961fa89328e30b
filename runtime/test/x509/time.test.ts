import fc from 'fast-check';
import { generalizedTime, time, utcTime } from '../../src/testing/der-writer';
import { DerError, DerReader } from '../../src/x509/der';
import { readTime } from '../../src/x509/time';
import { fuzz } from '../fuzz';

const read = (der: Uint8Array) => readTime(new DerReader(Buffer.from(der)));

function reason(der: Uint8Array): string {
  try {
    return new Date(read(der)).toISOString();
  } catch (error) {
    if (error instanceof DerError) {
      return error.reason;
    }
    throw error;
  }
}

test.each([
  [utcTime('500101000000Z'), '1950-01-01T00:00:00.000Z'],
  [utcTime('700101000000Z'), '1970-01-01T00:00:00.000Z'],
  [utcTime('991231235959Z'), '1999-12-31T23:59:59.000Z'],
  [utcTime('000229120000Z'), '2000-02-29T12:00:00.000Z'],
  [utcTime('491231235959Z'), '2049-12-31T23:59:59.000Z'],
  [generalizedTime('20500101000000Z'), '2050-01-01T00:00:00.000Z'],
  [generalizedTime('99991231235959Z'), '9999-12-31T23:59:59.000Z'],
  // Not written by the standard, and read in one way only.
  [generalizedTime('20300101000000Z'), '2030-01-01T00:00:00.000Z'],
  [generalizedTime('00990101000000Z'), '0099-01-01T00:00:00.000Z'],
])('reads %s as %s', (der, text) => {
  expect(reason(der)).toBe(text);
});

const FORM = 'has a time in another form than UTC with seconds';
const MISSING = 'has a time that does not exist';

test.each([
  [utcTime(''), FORM],
  [utcTime('3001010000Z'), FORM],
  [utcTime('300101000000'), FORM],
  [utcTime('300101000000+0000'), FORM],
  [utcTime('3001010000000'), FORM],
  [utcTime('20300101000000Z'), FORM],
  [generalizedTime('300101000000Z'), FORM],
  [generalizedTime('20500101000000.5Z'), FORM],
  [generalizedTime('20500101000000+0000'), FORM],
  [utcTime('30 101000000Z'), 'has a time with characters that are no digits'],
  [utcTime('30010100000:Z'), 'has a time with characters that are no digits'],
  [utcTime('300001000000Z'), MISSING],
  [utcTime('301301000000Z'), MISSING],
  [utcTime('300100000000Z'), MISSING],
  [utcTime('300132000000Z'), MISSING],
  [utcTime('300229000000Z'), MISSING],
  [utcTime('300431000000Z'), MISSING],
  [utcTime('300101240000Z'), MISSING],
  [utcTime('300101006000Z'), MISSING],
  [utcTime('300101000060Z'), MISSING],
  [Buffer.from('0c0d3330303130313030303030305a', 'hex'), 'has no time here'],
])('refuses %s', (der, message) => {
  expect(reason(der)).toBe(message);
});

test('gives back every second that can be written', () => {
  const seconds = fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 });
  fuzz(
    fc.property(seconds, (second) => {
      expect(read(time(second * 1000))).toBe(second * 1000);
    }),
    { numRuns: 500 },
  );
});
