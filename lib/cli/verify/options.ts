import { nearest } from '../../core';
import { type Bounds, CHECKS, type Check, DEFAULT_BOUNDS, WORKLOAD_TEXTS } from '../../verify';
import { UsageFailure } from '../failure';
import { timeOption } from '../time-option';
import { idsOf } from './check-ids';
import { WORKLOAD_OPTIONS } from './workload-options';

/** Options of `spirekit verify`. */
export const VERIFY_OPTIONS = {
  app: { type: 'string' },
  timeout: { type: 'string' },
  mesh: { type: 'string' },
  live: { type: 'boolean' },
  context: { type: 'string', multiple: true },
  kubeconfig: { type: 'string', multiple: true },
  check: { type: 'string', multiple: true },
  wait: { type: 'string' },
  concurrency: { type: 'string' },
  json: { type: 'boolean' },
  junit: { type: 'boolean' },
  output: { type: 'string' },
  strict: { type: 'boolean' },
  watch: { type: 'string' },
  'print-rbac': { type: 'boolean' },
  namespace: { type: 'string', multiple: true },
  member: { type: 'string' },
  ...WORKLOAD_OPTIONS,
} as const;

/** How often it looks again, where nothing is said. */
const DEFAULT_INTERVAL = '30s';

/** What `--watch` is followed by, if it is followed by its value, right or wrong: hardly a FILE is called `1x`. */
const TIME = /^\d+(?:\.\d+)?(?:[a-zµμ]+\d+(?:\.\d+)?)*[a-zµμ]*$/i;

/**
 * Gives `--watch` its value, which may be left out: no option of Node's own reader can.
 */
export function withInterval(args: readonly string[]): string[] {
  const given = [...args];
  const at = given.indexOf('--watch');
  if (at < 0) return given;
  const next = given[at + 1];
  const isTime = next !== undefined && TIME.test(next);
  given.splice(at, isTime ? 2 : 1, `--watch=${isTime ? next : DEFAULT_INTERVAL}`);
  return given;
}

/** Bounds of the command line. @throws UsageFailure if one is none */
export function boundsOf({ wait, concurrency }: { readonly wait?: string; readonly concurrency?: string }): Bounds {
  const bounds = { ...DEFAULT_BOUNDS };
  if (wait !== undefined) bounds.waitMs = timeOption('wait', wait, 'verify');
  if (concurrency !== undefined) {
    const most = /^\d+$/.test(concurrency) ? Number(concurrency) : 0;
    if (most < 1 || most > 1000) {
      throw new UsageFailure(`--concurrency '${concurrency}' is no number from 1 to 1000`, 'verify');
    }
    bounds.concurrency = most;
  }
  return bounds;
}

/** The checks that are asked for; all, where none is named. @throws UsageFailure if there is no such check */
export function checksOf(ids: readonly string[] = []): readonly Check[] {
  if (ids.length === 0) return CHECKS;
  const asked = idsOf(ids);
  const known = [...CHECKS, ...Object.values(WORKLOAD_TEXTS)].map((check) => check.id);
  for (const id of asked) {
    if (known.includes(id)) continue;
    throw new UsageFailure(
      `there is no check '${id}'${nearest(id, known) || `; there are ${known[0]} to ${known.at(-1)}`}`,
      'verify',
    );
  }
  return CHECKS.filter(({ id }) => asked.has(id));
}
