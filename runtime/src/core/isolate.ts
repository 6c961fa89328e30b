/**
 * Calls a function of the user, whose failure must not stop what calls it: it becomes a warning of the process.
 *
 * @param what what was called, for the warning
 * @param call the call
 */
export function isolate(what: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.emitWarning(`${what} threw: ${text}`, { type: 'SpiffeWarning', code: 'SPIREKIT_CALLBACK' });
  }
}
