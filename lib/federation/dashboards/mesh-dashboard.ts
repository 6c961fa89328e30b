import {
  type Board,
  type BoardVariable,
  dashboardUid,
  type GrafanaJson,
  grafanaJson,
  trustDomainPattern,
} from '../../monitoring';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { edgesRow } from './edges';
import { endpointsRow } from './endpoints';
import { isLarge, type MeshDashboardOptions, meshFacts } from './mesh-facts';
import { rotationRow } from './rotation';
import { trustRow } from './trust';

/** The dashboard of a federation, as data. */
export function meshBoard(mesh: Mesh, options: MeshDashboardOptions = {}): Board {
  const { name = 'mesh', interval = 30 } = options;
  const facts = meshFacts(mesh, interval);
  return {
    uid: dashboardUid('federation', name),
    title: `Federation: ${name}`,
    description: 'Who believes whom, and how well it works. The declared edges are those of the program.',
    tags: ['spirekit', 'spire'],
    interval,
    range: '24h',
    variables: [
      variable('consumer', 'believes', facts.consumers, isLarge(facts)),
      variable('provider', 'is believed', facts.providers, isLarge(facts)),
    ],
    rows: [trustRow, edgesRow, rotationRow, endpointsRow].map((make) => make(facts)),
  };
}

/**
 * The dashboard of a federation in Grafana's format: the state of every declared edge, what consumers fetch and hold, when
 * CAs change, how bundle endpoints look from outside. It needs the metrics of the SPIRE servers, and for what these do not
 * tell those of the federation exporters. The same mesh gives the same JSON.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/
 */
export const meshDashboard = (mesh: Mesh, options: MeshDashboardOptions = {}): GrafanaJson =>
  grafanaJson(meshBoard(mesh, options));

/** All of a large mesh are all that there are: the names of so many would make long queries. */
const variable = (name: string, label: string, members: readonly Member[], isLarge: boolean): BoardVariable => ({
  name,
  label,
  options: members.map((member) => ({ text: member.name, value: trustDomainPattern(member.trustDomain) })),
  ...(isLarge && { all: '.+' }),
});
