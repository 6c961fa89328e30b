import {
  blastRadius,
  blastRadiusTable,
  loadEstimate,
  loadTable,
  meshTimes,
  servingChains,
  servingTable,
  timesTable,
} from '../../federation';
import type { ProvenMesh } from '../proof';

type Subject = Pick<ProvenMesh, 'mesh' | 'now'>;

/** What is computed of a mesh, as tables for people. */
const ANALYSES = {
  times: {
    title: 'Times',
    none: 'nobody has a bundle endpoint',
    table: ({ mesh, now }: Subject) => timesTable(meshTimes(mesh, now)),
  },
  'blast-radius': {
    title: 'Blast radius',
    none: 'there are no members',
    table: ({ mesh }: Subject) => blastRadiusTable(blastRadius(mesh)),
  },
  load: {
    title: 'Load',
    none: 'there are no members',
    table: ({ mesh }: Subject) => loadTable(loadEstimate(mesh)),
  },
  serving: {
    title: 'Who serves whose bundle',
    none: 'every bundle is served by the trust domain whose it is',
    table: ({ mesh }: Subject) => servingTable(servingChains(mesh)),
  },
} as const;

/** Name of an analysis. */
export type AnalysisName = keyof typeof ANALYSES;

/** Names of all analyses, in the order in which they are shown. */
export const ANALYSIS_NAMES = Object.keys(ANALYSES) as AnalysisName[];

/** An analysis as lines of text, under its title. */
export function analysisTable(name: AnalysisName, subject: Subject): { title: string; lines: readonly string[] } {
  const { title, none, table } = ANALYSES[name];
  const lines = table(subject);
  return { title, lines: lines.length > 0 ? lines : [none] };
}

/** All analyses as data: counts instead of lists, so that it is no greater than the mesh. */
export function analysisData({ mesh, now }: Subject) {
  const { outages, compromises } = blastRadius(mesh);
  const { chains, cycles } = servingChains(mesh);
  return {
    times: meshTimes(mesh, now),
    blastRadius: { outages, compromises },
    load: loadEstimate(mesh),
    serving: { chains, cycles },
  };
}
