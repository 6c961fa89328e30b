import { Duplex, PassThrough, Writable } from 'node:stream';
import type { ContainerPlace } from './access';
import { AccessError, connectionProblem } from './access-error';
import type { RunningCommand } from './changes';
import {
  type Channel,
  type ChannelOptions,
  cannotRun,
  channelProblem,
  configFor,
  type ExecStatus,
  execRight,
  exitCodeOf,
} from './channels';
import { loadClient } from './load-client';
import type { ApiServer } from './request';

/**
 * Starts a command in a container, with its standard input and output as a stream.
 *
 * @throws AccessError if there is no connection to it; what becomes of the command later is told by `ended`
 */
export async function startIn(
  api: ApiServer,
  place: ContainerPlace,
  command: readonly string[],
  { signal, bytes }: ChannelOptions,
): Promise<RunningCommand> {
  const { namespace, pod, container } = place;
  const { Exec } = await loadClient();
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const stream = Duplex.from({ writable: stdin, readable: stdout });
  // Whoever reads is told by `ended`.
  stream.on('error', () => undefined);
  const what = `run a command in pod ${namespace}/${pod}`;
  let channel: Channel | undefined;
  let stderr = '';
  let leave = (): void => undefined;
  let opened: Promise<void> = Promise.resolve();
  const ended = new Promise<{ code: number; stderr: string }>((resolve, reject) => {
    const settle = (done: () => void): void => {
      done();
      stdout.end();
      channel?.close();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    leave = () => fail(new AccessError('failed', `the command in pod ${namespace}/${pod} was left`));
    const errors = new Writable({
      write(chunk: Buffer, _, done) {
        // What is longer than that is no result of ours.
        if (stderr.length < bytes) stderr += chunk.toString('utf8');
        done();
      },
    });
    // As of the outputs of other commands.
    errors.on('error', () => undefined);
    const onStatus = (status: ExecStatus): void => {
      const code = exitCodeOf(status);
      if (code !== undefined) settle(() => resolve({ code, stderr }));
      else fail(cannotRun(command, place, status));
    };
    opened = new Exec(configFor(api, signal))
      .exec(namespace, pod, container, [...command], stdout, errors, stdin, false, onStatus)
      .then(
        (socket) => {
          channel = socket as unknown as Channel;
          channel.onclose = () =>
            fail(new AccessError('failed', `the connection to ${what} was closed before the command ended`));
          channel.onerror = (event: unknown) => fail(connectionProblem(event, api.url));
        },
        (error: unknown) => {
          throw channelProblem(error, api, what, execRight(namespace));
        },
      );
  });
  // Only who awaits it is to be told.
  ended.catch(() => undefined);
  await opened;
  return { stream, ended, leave: () => leave() };
}
