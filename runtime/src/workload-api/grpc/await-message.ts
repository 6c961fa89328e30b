import { Call, type CallRequest } from './call';
import type { Connection } from './connection';
import { type Fault, protocolFault } from './fault';

/** How an answer is awaited. */
export interface AwaitOptions {
  /** Whether the first message of a stream is enough. Otherwise there has to be exactly one, and a good status. */
  readonly stream: boolean;
  /** Ends the wait, with the fault that it is aborted with as its reason. */
  readonly signal: AbortSignal;
}

/**
 * Calls a server and waits for one message. Until then the process stays alive.
 *
 * @param connection the way to the server
 * @param request what to ask
 * @param options how to wait
 * @returns the message, or why there is none
 */
export function awaitMessage(
  connection: Connection,
  request: CallRequest,
  { stream, signal }: AwaitOptions,
): Promise<Buffer | Fault> {
  return new Promise((resolve) => {
    let received: Buffer | undefined;
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Buffer | Fault): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    const stop = (outcome: Buffer | Fault): void => {
      call.cancel();
      settle(outcome);
    };
    const abort = (): void => stop(signal.reason);
    const call = new Call(connection, request, {
      onMessages: (messages) => {
        if (stream) {
          stop(messages[0] as Buffer);
        } else if (received !== undefined || messages.length > 1) {
          stop(protocolFault('the answer has more than one message'));
        } else {
          received = messages[0];
        }
      },
      onEnd: (outcome) => {
        settle(outcome === 'ok' ? (received ?? protocolFault('the answer has no message')) : outcome);
      },
    });
    call.setRef(true);
    signal.addEventListener('abort', abort);
    if (request.timeoutMs !== undefined) {
      const { timeoutMs } = request;
      timer = setTimeout(() => {
        const reason = `no answer within ${timeoutMs} ms`;
        stop({ code: 'deadline-exceeded', reason, remedy: 'look at the log of the SPIRE agent, or allow more time' });
      }, timeoutMs);
    }
  });
}
