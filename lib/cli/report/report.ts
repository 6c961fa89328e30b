import { countFindings } from '../../core';
import { manifest } from '../package';
import { allFindings, type Proof } from '../proof';
import { analysisData } from './analyses';

/** Id of the form in which `spirekit prove --json` writes what it has learned. */
export const PROVE_REPORT = 'spirekit/prove-report/1';

/** Everything that was learned, as JSON that `spirekit` can read again: meshes as data, findings, rules and analyses. */
export function proveReport(proof: Proof): string {
  const { artifact, meshes, findings, groups } = proof;
  const report = {
    schema: PROVE_REPORT,
    spirekit: manifest().version,
    ...(artifact !== undefined && { artifact }),
    counts: countFindings(allFindings(proof)),
    groups,
    findings,
    meshes: meshes.map((proven) => ({
      name: proven.name,
      now: proven.now.toISOString(),
      findings: proven.findings,
      rules: proven.rules,
      data: proven.mesh.data(),
      ...(proven.previous && { previous: proven.previous.data() }),
      ...analysisData(proven),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
