import { setTimeout as sleep } from 'node:timers/promises';

/** Waits so many milliseconds. @throws the reason of the signal, as soon as that ends the work */
export async function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}
