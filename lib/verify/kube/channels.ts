import { Duplex, PassThrough, Writable } from 'node:stream';
import type { ContainerPlace, ExecResult } from './access';
import { AccessError, connectionProblem } from './access-error';
import { type KubeConfig, loadClient } from './load-client';
import type { ApiServer } from './request';

/** What the client library gives for a connection: a web socket. */
export interface Channel {
  onclose: unknown;
  onerror: unknown;
  close(): void;
}

/** How the API server says that a command has ended. */
export interface ExecStatus {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** Where and how far. */
export interface ChannelOptions {
  readonly signal: AbortSignal;
  /** Bytes that are read at most. */
  readonly bytes: number;
}

/**
 * Runs a command in a container.
 *
 * @throws AccessError if it cannot be run, or prints too much; that it fails is no error, but its exit code
 */
export async function execIn(
  api: ApiServer,
  place: ContainerPlace,
  command: readonly string[],
  { signal, bytes }: ChannelOptions,
): Promise<ExecResult> {
  const { namespace, pod, container } = place;
  const { Exec } = await loadClient();
  const exec = new Exec(configFor(api, signal));
  return new Promise((resolve, reject) => {
    let channel: Channel | undefined;
    const leave = (settle: () => void): void => {
      signal.removeEventListener('abort', abort);
      settle();
      channel?.close();
    };
    const fail = (error: unknown): void => leave(() => reject(error));
    const abort = (): void => fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const stdout = new Collector(bytes, fail);
    const stderr = new Collector(bytes, fail);
    const ended = (status: ExecStatus): void => {
      const code = exitCodeOf(status);
      if (code === undefined) {
        fail(cannotRun(command, place, status));
      } else {
        leave(() => resolve({ stdout: stdout.text, stderr: stderr.text, code }));
      }
    };
    const what = `run a command in pod ${namespace}/${pod}`;
    exec.exec(namespace, pod, container, [...command], stdout, stderr, null, false, ended).then(
      (socket) => {
        channel = socket as unknown as Channel;
        channel.onclose = () =>
          fail(new AccessError('failed', `the connection to ${what} was closed before the command ended`));
        channel.onerror = (event: unknown) => fail(connectionProblem(event, api.url));
        if (signal.aborted) abort();
      },
      (error: unknown) => fail(channelProblem(error, api, what, execRight(namespace))),
    );
  });
}

/**
 * Opens a connection to a port of a pod. The kubelet makes it inside of the pod, where no network policy is asked.
 *
 * @throws AccessError if it cannot be opened
 */
export async function forwardTo(
  api: ApiServer,
  { namespace, pod }: Omit<ContainerPlace, 'container'>,
  port: number,
  { signal }: Pick<ChannelOptions, 'signal'>,
): Promise<Duplex> {
  const { PortForward } = await loadClient();
  const forward = new PortForward(configFor(api, signal));
  const [toPod, fromPod, faults] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const what = `port ${port} of pod ${namespace}/${pod}`;
  const connection = Duplex.from({ writable: toPod, readable: fromPod });
  // Whoever reads is told by what it awaits; a connection that was left must not end the process.
  connection.on('error', () => undefined);
  faults.on('data', (text: Buffer) =>
    connection.destroy(new AccessError('failed', `${what} cannot be reached: ${text.toString('utf8').trim()}`)),
  );
  let channel: Channel;
  try {
    channel = (await forward.portForward(namespace, pod, [port], fromPod, faults, toPod)) as unknown as Channel;
  } catch (error) {
    throw channelProblem(error, api, `connect to ${what}`, `get and create pods/portforward in namespace ${namespace}`);
  }
  channel.onclose = () => fromPod.end();
  channel.onerror = (event: unknown) => connection.destroy(connectionProblem(event, api.url));
  connection.once('close', () => channel.close());
  return connection;
}

/** The library offers no way to end a connection that is not open yet; the options of its web socket do. */
export function configFor(api: ApiServer, signal: AbortSignal): KubeConfig {
  const config = Object.create(api.config) as KubeConfig;
  config.applyToHTTPSOptions = async (options) => {
    const given = await api.connectionOptions();
    Object.assign(options, given, { signal });
  };
  return config;
}

/** Of a refused web socket, nothing is known but the code of HTTP. */
export function channelProblem(error: unknown, api: ApiServer, what: string, right: string): AccessError {
  const { message = '' } = (error ?? {}) as { message?: string };
  const [, code] = /Unexpected server response: (\d+)/.exec(message) ?? [];
  if (code === '403') return new AccessError('forbidden', `the right to ${right} is missing`, { cause: error });
  if (code === '401') {
    return new AccessError('unauthenticated', `the API server does not accept the credentials; they may have expired`, {
      cause: error,
    });
  }
  if (code === '404')
    return new AccessError('not-found', `cannot ${what}: it is not there (any more)`, { cause: error });
  if (code !== undefined) return new AccessError('failed', `cannot ${what}: HTTP ${code}`, { cause: error });
  return connectionProblem(error, api.url);
}

/** What it takes to run commands, in words. */
export const execRight = (namespace: string): string => `get and create pods/exec in namespace ${namespace}`;

/** Why a command has no exit code. */
export function cannotRun(
  [program]: readonly string[],
  { namespace, pod, container }: ContainerPlace,
  { message, reason }: ExecStatus,
): AccessError {
  const said = message ?? reason ?? 'for a reason that the API server does not say';
  return new AccessError(
    'failed',
    `'${program}' cannot be run in container ${container} of pod ${namespace}/${pod}: ${said}`,
  );
}

/** Undefined when the command could not be run at all. */
export function exitCodeOf({ status, reason, details }: ExecStatus): number | undefined {
  if (status === 'Success') return 0;
  const code = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  return reason === 'NonZeroExitCode' && code !== undefined ? Number.parseInt(code, 10) : undefined;
}

/** Keeps what is written to it, up to a bound. */
class Collector extends Writable {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly bytes: number,
    private readonly tooMuch: (error: AccessError) => void,
  ) {
    super();
    // The library ends it when the command has; what comes behind that would be an error that nobody awaits.
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.size += chunk.length;
    if (this.size > this.bytes)
      this.tooMuch(new AccessError('too-large', `a command printed more than ${this.bytes} bytes`));
    else this.chunks.push(Buffer.from(chunk));
    done();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}
