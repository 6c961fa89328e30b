import { Duplex } from 'node:stream';

/** Input, or what stands for it. */
type Input = Pick<NodeJS.ReadStream, 'on' | 'off' | 'pause' | 'resume' | 'destroy'>;

/** Output, or what stands for it. */
type Output = Pick<NodeJS.WriteStream, 'write' | 'on'>;

/**
 * Standard input and output as one stream of bytes, for protocols that are spoken over them. Its end leaves the output
 * open, which ends with the process, and lets go of the input, which would keep the process alive.
 */
export class StandardStream extends Duplex {
  readonly #input: Input;
  readonly #output: Output;

  /**
   * @param input where bytes come from
   * @param output where they go
   */
  constructor(input: Input = process.stdin, output: Output = process.stdout) {
    super();
    this.#input = input;
    this.#output = output;
    input
      .on('data', (chunk: Buffer) => {
        if (!this.push(chunk)) {
          input.pause();
        }
      })
      .on('end', () => this.push(null))
      .on('error', (error: Error) => this.destroy(error))
      // Until somebody reads.
      .pause();
    output.on('error', (error: Error) => this.destroy(error));
  }

  override _read(): void {
    this.#input.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#output.write(chunk, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#input.destroy();
    done(error);
  }
}
