import { PassThrough } from 'node:stream';
import { StandardStream } from '../../src/programs/standard-stream';

function streams() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, stream: new StandardStream(input as never, output as never) };
}

test('bytes go both ways, and the end of the input is that of the stream', async () => {
  const { input, output, stream } = streams();
  stream.write(Buffer.from([0, 255, 13, 10]));
  expect([...(output.read() as Buffer)]).toEqual([0, 255, 13, 10]);
  input.end(Buffer.from('in'));
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('in');
});

test('whoever does not read is not given more than fits', async () => {
  const { input, stream } = streams();
  stream.read(0);
  const chunk = Buffer.alloc(stream.readableHighWaterMark);
  let accepted = 0;
  while (input.write(chunk) && accepted < 100) {
    accepted++;
    await new Promise(setImmediate);
  }
  expect(accepted).toBeLessThan(10);
  expect(stream.readableLength).toBeLessThanOrEqual(2 * chunk.length);
});

test('its end lets go of the input, and leaves the output open', async () => {
  const { input, output, stream } = streams();
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
  expect([input.destroyed, output.writableEnded, output.destroyed]).toEqual([true, false, false]);
});

test.each(['input', 'output'] as const)('an error of the %s is one of the stream', async (which) => {
  const both = streams();
  const failed = new Promise((resolve) => both.stream.once('error', resolve));
  both[which].destroy(new Error('broken'));
  expect(await failed).toEqual(new Error('broken'));
});
