import { Duration, nearest } from '../core';
import { type Member, meshDashboard } from '../federation';
import { clusterDashboard, type GrafanaJson } from '../monitoring';
import { chosenMesh } from './chosen-mesh';
import { CommandFailure, EXIT, UsageFailure } from './failure';
import { readOptions } from './options';
import { deliver } from './output';
import type { Proof } from './proof';
import { proofOf, SOURCE_OPTIONS } from './source';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  mesh: { type: 'string' },
  cluster: { type: 'string' },
  interval: { type: 'string', default: '30s' },
  output: { type: 'string' },
} as const;

/** `spirekit dashboard [FILE]`: a dashboard for Grafana, of a federation or of one of its clusters. */
export async function dashboard(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('dashboard', args, OPTIONS);
  const interval = intervalOf(values.interval);
  if (values.mesh !== undefined && values.cluster !== undefined) {
    throw new UsageFailure('--mesh and --cluster are two dashboards; leave one out', 'dashboard');
  }
  const proof = await proofOf('dashboard', positionals[0], values);
  const made =
    values.cluster === undefined ? ofMesh(proof, values.mesh, interval) : ofCluster(proof, values.cluster, interval);
  await deliver(`${JSON.stringify(made, null, 2)}\n`, values.output);
  return EXIT.ok;
}

/** Seconds. */
function intervalOf(given: string): number {
  const interval = Duration.tryParse(given);
  if (typeof interval === 'string') throw new UsageFailure(`--interval '${given}' ${interval}`, 'dashboard');
  const seconds = interval.toSeconds();
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new UsageFailure(`--interval '${given}' is not a whole number of seconds; write one such as 30s`, 'dashboard');
}

function ofMesh(proof: Proof, given: string | undefined, interval: number): GrafanaJson {
  const { name, mesh } = chosenMesh('dashboard', 'make a dashboard of', proof, given);
  return meshDashboard(mesh, { name, interval });
}

function ofCluster({ meshes }: Proof, given: string, interval: number): GrafanaJson {
  if (meshes.length === 0) throw new CommandFailure(NO_MESH);
  const members = meshes.flatMap(({ mesh }) => mesh.members);
  const found = members.find(({ name }) => name === given);
  if (!found) throw new UsageFailure(noCluster(given, members), 'dashboard');
  if (found.platform === 'external') {
    throw new CommandFailure(`'${given}' is external: nothing is known of it but its bundle endpoint`);
  }
  const { name, trustDomain, caTtl } = found;
  return clusterDashboard({ name, trustDomain, interval, ...(caTtl !== undefined && { caTtl }) });
}

/** A proof is of meshes: of a cluster beside them it has nothing. */
const NO_MESH =
  "there is no FederationMesh in it, and --cluster names a member of one; without one, 'dashboards' of the cluster's monitoring makes it";

/** Names that are shown at most. */
const SHOWN = 20;

function noCluster(given: string, members: readonly Member[]): string {
  const names = members.filter(({ platform }) => platform !== 'external').map(({ name }) => name);
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const known = names.length === 0 ? '; there is none' : `; there is ${names.slice(0, SHOWN).join(', ')}${more}`;
  return `there is no cluster '${given}'${nearest(given, names) || known}`;
}
