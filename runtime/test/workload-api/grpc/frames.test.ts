import fc from 'fast-check';
import { encodeFrame, FrameDecoder, FrameError } from '../../../src/workload-api/grpc/frames';
import { fuzz } from '../../fuzz';

function fault(bytes: Uint8Array | number[], maxBytes = 100): string {
  try {
    new FrameDecoder(maxBytes).push(Buffer.from(bytes));
  } catch (error) {
    if (error instanceof FrameError) {
      return `${error.fault.code}: ${error.fault.reason}`;
    }
    throw error;
  }
  throw new Error('expected a FrameError');
}

test('a frame is a zero, the length and the message', () => {
  expect(encodeFrame(Buffer.from('abc')).toString('hex')).toBe('0000000003616263');
  expect(encodeFrame(Buffer.alloc(0)).toString('hex')).toBe('0000000000');
});

test('reads messages that are cut and joined in any way', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
  fuzz(
    fc.property(messages, fc.array(fc.nat({ max: 12 }), { maxLength: 40 }), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map((message) => encodeFrame(message)));
      const decoder = new FrameDecoder(40);
      const received: Buffer[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        received.push(...decoder.push(bytes.subarray(at, at + cut)));
        at = Math.min(at + cut, bytes.length);
      }
      expect(received.map((message) => message.toString('hex'))).toEqual(
        sent.map((message) => Buffer.from(message).toString('hex')),
      );
      expect(decoder.isPartial).toBe(false);
    }),
  );
});

test('knows when a message is not complete', () => {
  const decoder = new FrameDecoder(100);
  const frame = encodeFrame(Buffer.from('abc'));
  for (let end = 1; end < frame.length; end += 1) {
    expect(decoder.push(frame.subarray(end - 1, end))).toEqual([]);
    expect(decoder.isPartial).toBe(true);
  }
  expect(decoder.push(frame.subarray(-1)).map(String)).toEqual(['abc']);
  expect(decoder.isPartial).toBe(false);
});

test('takes a message of the allowed length and refuses a longer one by its head alone', () => {
  expect(new FrameDecoder(100).push(encodeFrame(Buffer.alloc(100)))).toHaveLength(1);
  expect(fault([0, 0, 0, 0, 101])).toBe('too-large: a message has 101 bytes, of which 100 are allowed');
  expect(fault([0, 255, 255, 255, 255])).toBe('too-large: a message has 4294967295 bytes, of which 100 are allowed');
});

test('refuses a second message that is too long although the first is not', () => {
  expect(fault(Buffer.concat([encodeFrame(Buffer.alloc(1)), Buffer.from([0, 0, 0, 0, 101])]))).toMatch(/^too-large/);
});

test('refuses compression and other flags', () => {
  expect(fault([1, 0, 0, 0, 0])).toBe('bad-response: a message is compressed although that was not offered');
  for (let flag = 2; flag < 256; flag += 1) {
    expect(fault([flag, 0, 0, 0, 0])).toBe(`bad-response: a message begins with the byte ${flag} where gRPC has 0`);
  }
});
