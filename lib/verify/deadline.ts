/** Raised when an answer did not come in time. */
export class LateAnswer extends Error {
  constructor(readonly waitMs: number) {
    super(`no answer within ${waitMs / 1000} s`);
  }
}

/**
 * Does work that has to end in time. It is told by its signal, and is not waited for when it does not listen.
 *
 * @throws LateAnswer if it does not end in time
 * @throws the reason of the outer signal, when that is aborted
 */
export async function withDeadline<T>(
  waitMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const ending = new AbortController();
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => {
      ending.abort(outer?.aborted ? outer.reason : new LateAnswer(waitMs));
      reject(ending.signal.reason);
    };
  });
  const timer = setTimeout(() => end(), waitMs);
  const onOuter = (): void => end();
  outer?.addEventListener('abort', onOuter, { once: true });
  try {
    return await Promise.race([work(ending.signal), ended]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuter);
  }
}
