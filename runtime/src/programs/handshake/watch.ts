import { WorkloadApiClient, type WorkloadApiError, type X509Context } from '../../workload-api';
import { ExitCode, type Surroundings, untilAborted } from '../program';
import type { WatchOptions } from './handshake-options';

/** The longest time from one question to the next while there is no identity. */
const MAX_PAUSE_MS = 3_000;

/**
 * Prints what the Workload API gives this workload, whenever it changes: one line of JSON each time.
 *
 * @param options where the Workload API is
 * @param surroundings the process
 * @returns the exit code
 */
export async function watch({ socket }: WatchOptions, { stdout, stop }: Surroundings): Promise<number> {
  const giveUp = new AbortController();
  // Whoever reads this waits for it.
  const backoff = { initialMs: 1_000, maxMs: MAX_PAUSE_MS };
  using client = new WorkloadApiClient({ address: socket, backoff, permissionDeniedBackoff: backoff });
  let before = '';
  const print = (state: object): void => {
    const line = JSON.stringify(state).slice(1);
    if (line !== before) {
      stdout(`{"time":"${new Date().toISOString()}",${line}\n`);
      before = line;
    }
  };
  const watching = client.watchX509Context({
    onUpdate: (context) => print(stateOf(context)),
    onError: (error, { retryInMs }) => {
      print(failureOf(error));
      if (retryInMs === undefined) {
        giveUp.abort();
      }
    },
  });
  await untilAborted(AbortSignal.any([stop, giveUp.signal]));
  watching.close();
  await watching.done;
  return stop.aborted ? ExitCode.ok : ExitCode.failed;
}

function stateOf({ svids, bundles }: X509Context): object {
  return {
    svids: svids.map(({ id, hint, notAfter }) => ({
      id: id.toString(),
      ...(hint !== undefined && { hint }),
      notAfter: new Date(notAfter).toISOString(),
    })),
    bundles: Object.fromEntries(
      bundles.x509Bundles.map(({ trustDomain, authorities }) => [trustDomain.name, authorities.length]),
    ),
  };
}

const failureOf = ({ code, message }: WorkloadApiError): object => ({ code, message });
