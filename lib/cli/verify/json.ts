import type { Verification } from '../../verify';
import { manifest } from '../package';

/** Id of the form in which `spirekit verify --json` writes what it has found. */
export const VERIFY_REPORT = 'spirekit/verify-report/1';

/** Everything that was found, as JSON. */
export function verifyJson({ started, ended, declared, bounds, ...rest }: Verification): string {
  const { members, edges, checks, counts, verdicts } = rest;
  const report = {
    schema: VERIFY_REPORT,
    spirekit: manifest().version,
    started: started.toISOString(),
    ended: ended.toISOString(),
    declared,
    bounds,
    counts,
    members,
    edges,
    checks,
    verdicts,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
