import { type Alert, promDuration, series } from '../../monitoring';
import type { EdgeFacts } from './edge-facts';

/** How many readings may lack the exporter, or what it is told. */
const MISSED = 10;

const UNKNOWN =
  'What the alerts about missing, ending and differing bundles and about certificates of endpoints go by is not known meanwhile.';

/** Nobody looks at bundles and endpoints from outside. */
export const exporterAbsent: Alert<EdgeFacts> = {
  name: 'SpireFederationExporterAbsent',
  title: 'no metrics come from the federation exporter',
  severities: ['warning'],
  make: ({ exporter, own, interval, member, edges }) =>
    !exporter || edges.length === 0
      ? []
      : [
          {
            severity: 'warning',
            expr: `absent(${series('spirekit_exporter_build_info', [own])})`,
            lasts: MISSED * interval,
            summary: `The federation exporter of ${member.trustDomain} is not seen`,
            description: `No metrics came from it in ${MISSED} readings, ${promDuration(MISSED * interval)}: either it does not run, or Prometheus cannot read it. ${UNKNOWN}`,
          },
        ],
};

/** The exporter is told nothing of what the server holds. */
export const exporterBlind: Alert<EdgeFacts> = {
  name: 'SpireFederationExporterBlind',
  title: 'the federation exporter gets nothing from the Workload API',
  severities: ['warning'],
  make: ({ exporter, own, interval, member, edges }) =>
    !exporter || edges.length === 0
      ? []
      : [
          {
            severity: 'warning',
            expr: `max(${series('spirekit_exporter_workload_api_up', [own])}) == 0`,
            lasts: MISSED * interval,
            summary: `The federation exporter of ${member.trustDomain} has no identity`,
            description: `The Workload API gave it nothing in ${MISSED} readings, ${promDuration(MISSED * interval)}: the agent of its node is away, or it has no entry, as every other workload without one. ${UNKNOWN}`,
          },
        ],
};
