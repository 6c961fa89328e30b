import type { ClusterCheck } from '../check';
import { podName } from '../discovery/pods';
import { AccessError } from '../kube';
import { NotSeen } from '../not-seen';
import { faultsIn, type LogFault } from '../observe/log-faults';
import type { LogLine } from '../observe/log-lines';
import type { OfPod } from '../observe/spire-view';
import { RIGHTS } from '../rights';
import { type Outcome, ok, unseen, wrong } from '../verdict';

/** What was not said for so long, in milliseconds, is over: controllers and rotation try again within this time. */
const FRESH_MS = 3 * 60_000;

export const LOGS: ClusterCheck = {
  id: 'V20',
  title: 'The logs of server and controller manager say nothing of a known fault',
  about: 'cluster',
  proves:
    'None of the lines that are known to mean harm was written in the last three minutes; what lasts is written again by then.',
  causes: ['each fault has causes of its own'],
  next: 'kubectl --context {context} -n {namespace} logs {pod} -c {container} --since=10m',
  needs: [RIGHTS.logs],
  async run({ view, world }) {
    const since = new Date(world.now().getTime() - FRESH_MS);
    const [server, manager] = await Promise.all([
      outcomesOf('spire-server', () => view.serverLogs(), since),
      outcomesOf('spire-controller-manager', () => view.managerLogs(), since),
    ]);
    return [...server, ...manager];
  },
};

async function outcomesOf(
  program: LogFault['program'],
  read: () => Promise<readonly OfPod<readonly LogLine[]>[]>,
  since: Date,
): Promise<Outcome[]> {
  let logs: readonly OfPod<readonly LogLine[]>[];
  try {
    logs = await read();
  } catch (error) {
    // The other program's log may still be seen.
    if (error instanceof NotSeen) return [unseen(`log of ${program}: ${error.message}`, error.where)];
    if (AccessError.is(error) && !error.concernsCluster) return [unseen(`log of ${program}: ${error.message}`, '')];
    throw error;
  }
  const found = logs.flatMap(({ pod, value: lines }) =>
    faultsIn(lines, program, since).map(({ fault, last, count }) =>
      wrong(fault.means, `${program} in pod ${podName(pod)}`, {
        evidence: `${count > 1 ? `${count} times, last: ` : ''}${last.text}`,
        causes: fault.causes,
        next: fault.next,
      }),
    ),
  );
  const lines = logs.reduce((total, { value }) => total + value.length, 0);
  return found.length > 0
    ? found
    : [ok(`${program}: no known fault in ${lines} lines`, logs.map(({ pod }) => podName(pod)).join(', '))];
}
