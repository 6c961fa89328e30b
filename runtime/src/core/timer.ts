/** The longest that Node.js can wait at once; beyond it, it would not wait at all. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** A timer that does not keep the process alive, whatever its length. */
export interface Timer {
  /** Stops it. What it would have done is not done. */
  cancel(): void;
}

/**
 * Does something later, once. It does not keep the process alive.
 *
 * @param delayMs in how many milliseconds; may be longer than Node.js can wait at once
 * @param action what to do
 */
export function after(delayMs: number, action: () => void): Timer {
  let handle: NodeJS.Timeout;
  const wait = (restMs: number): void => {
    const stepMs = Math.min(Math.max(restMs, 0), MAX_TIMEOUT_MS);
    handle = setTimeout(() => (restMs > stepMs ? wait(restMs - stepMs) : action()), stepMs);
    handle.unref();
  };
  wait(delayMs);
  return { cancel: () => clearTimeout(handle) };
}
