import { trustMatrix } from './matrix';
import { isClusterMember, type MeshMember, nameOf } from './members';
import { mermaid } from './mermaid';
import type { Mesh } from './mesh';
import { isOneBelow } from './url';

/** A DNS record that nobody but the user can make. */
export interface DnsRecord {
  readonly host: string;
  /** Where it must lead, in words. */
  readonly leadsTo: string;
  /** The cluster that it leads to. */
  readonly cluster: string;
}

/** Hosts of bundle endpoints that no record of the platform covers. */
export function dnsRecordsOf(members: readonly MeshMember[]): DnsRecord[] {
  return members.flatMap((member) => {
    const endpoint = isClusterMember(member) ? member.federation.endpoint : undefined;
    if (!endpoint) return [];
    const { host, leadsTo, appsDomain } = endpoint;
    return appsDomain !== undefined && isOneBelow(host, appsDomain) ? [] : [{ host, leadsTo, cluster: nameOf(member) }];
  });
}

/** What a person wants to see of a federation: who believes whom, what is left to do, a picture. */
export function meshSummary(name: string, mesh: Mesh, records: readonly DnsRecord[]): string[] {
  const edges = mesh.edges.length;
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`.trimEnd());
  return [
    `Federation ${name}: ${mesh.members.length} members, ${edges} directed ${edges === 1 ? 'edge' : 'edges'}`,
    '',
    ...indented(trustMatrix(mesh)),
    '',
    ...(records.length === 0 ? [] : ['DNS records to make:', '']),
    ...indented(records.map(({ host, leadsTo, cluster }) => `${host} to ${leadsTo} of ${cluster}`)),
    ...(records.length === 0 ? [] : ['']),
    'The picture, in Mermaid:',
    '',
    ...indented(mermaid(mesh).trimEnd().split('\n')),
  ];
}
