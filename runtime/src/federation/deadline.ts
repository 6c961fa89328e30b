import { after } from '../core';
import { FederationError } from './federation-error';

/**
 * Does something that must end in time, or when the caller wants it to.
 *
 * @param subject what it is about, for messages
 * @param timeoutMs how long it may take, in milliseconds
 * @param outer the caller's own signal
 * @param action gets a signal whose reason is the error to throw
 * @throws {@link FederationError} `timeout` or `cancelled`
 */
export async function withDeadline<T>(
  subject: string,
  timeoutMs: number,
  outer: AbortSignal | undefined,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = () =>
    controller.abort(
      new FederationError('cancelled', `${subject}: its caller has aborted the request`, { cause: outer?.reason }),
    );
  if (outer?.aborted) cancel();
  outer?.addEventListener('abort', cancel);
  const timer = after(timeoutMs, () =>
    controller.abort(
      new FederationError(
        'timeout',
        `${subject}: no complete answer within ${timeoutMs} ms; look whether the endpoint can be reached from here`,
      ),
    ),
  );
  try {
    controller.signal.throwIfAborted();
    return await action(controller.signal);
  } finally {
    timer.cancel();
    outer?.removeEventListener('abort', cancel);
  }
}
