/**
 * Calls a function of the user, whose failure must not stop what calls it: it becomes a warning of the process. The same
 * holds for the promise of one that is asynchronous.
 *
 * @param what what was called, for the warning
 * @param call the call
 */
export function isolate(what: string, call: () => unknown): void {
  settled(call, (error) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`${what} threw: ${text}`, { type: 'SpiffeWarning', code: 'SPIREKIT_CALLBACK' });
  });
}

/**
 * Calls a function of the user, which may be an asynchronous one, and hands over what it throws.
 *
 * @param call the call
 * @param onThrown gets what it throws, or what its promise is rejected with
 */
export function settled(call: () => unknown, onThrown: (cause: unknown) => void): void {
  try {
    const result = call();
    // Anything that can be awaited, whoever has made it.
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
      Promise.resolve(result).catch(onThrown);
    }
  } catch (cause) {
    onThrown(cause);
  }
}
