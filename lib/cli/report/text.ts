import { findingCounts, findingsTable } from '../../core';
import { indented, meshHead } from '../../federation';
import { allFindings, type Proof, type ProvenMesh } from '../proof';
import { type AnalysisName, analysisTable } from './analyses';

/** What a person wants to see: who believes whom, the analyses that were asked for, and what was found, by cluster. */
export function textReport(proof: Proof, analyses: readonly AnalysisName[]): string {
  const findings = allFindings(proof);
  const lines = [
    ...proof.meshes.flatMap((proven) => meshLines(proven, analyses)),
    findings.length === 0 ? 'Findings: none' : `Findings: ${findingCounts(findings)}`,
    ...indented(findingsTable(findings, proof.groups)),
  ];
  return `${lines.join('\n')}\n`;
}

function meshLines(proven: ProvenMesh, analyses: readonly AnalysisName[]): string[] {
  const { name, mesh } = proven;
  return [
    ...meshHead(name, mesh),
    ...analyses.flatMap((analysis) => {
      const { title, lines } = analysisTable(analysis, proven);
      return [title, '', ...indented(lines), ''];
    }),
  ];
}
