import { countOf, oneLine } from '../core';
import { trustMatrix } from './matrix';
import { isClusterMember, type MeshMember, nameOf } from './members';
import type { Mesh } from './mesh';
import { mermaid } from './pictures';
import { proxyLines } from './proxy-routes';
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

/** Whom foreign systems shall believe: nobody but those who run them can set that up. */
function foreignLines(mesh: Mesh): { title: string; lines: string[] }[] {
  return mesh.members.flatMap(({ name, platform, trustDomain }) => {
    if (platform !== 'external') return [];
    const lines = [...mesh.providersOf(name)].flatMap((provider) => {
      const { endpoint, trustDomain: believed } = mesh.member(provider) ?? {};
      if (!endpoint) return [];
      const { url, profile, spiffeId } = endpoint;
      return [`${believed} by ${profile} at ${url}${profile === 'https_spiffe' ? ` (${spiffeId})` : ''}`];
    });
    const who = name === trustDomain ? name : `${name} (${trustDomain})`;
    return lines.length === 0 ? [] : [{ title: `To set up at ${who}, which shall believe:`, lines }];
  });
}

/** A federation in one line: its name, and how great it is. */
function meshTitle(name: string, { members, edges }: Mesh): string {
  return `Federation ${oneLine(name)}: ${countOf(members.length, 'member')}, ${countOf(edges.length, 'directed edge')}`;
}

/** Lines as they stand below a title. */
export const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`.trimEnd());

/** What every text about a federation begins with: its title, and who believes whom. */
export const meshHead = (name: string, mesh: Mesh): string[] => [
  meshTitle(name, mesh),
  '',
  ...indented(trustMatrix(mesh)),
  '',
];

/** What a person wants to see of a federation: who believes whom, what is left to do, a picture. */
export function meshSummary(name: string, mesh: Mesh, records: readonly DnsRecord[]): string[] {
  const proxies = proxyLines(mesh);
  return [
    ...meshHead(name, mesh),
    ...(records.length === 0 ? [] : ['DNS records to make:', '']),
    ...indented(records.map(({ host, leadsTo, cluster }) => `${host} to ${leadsTo} of ${cluster}`)),
    ...(records.length === 0 ? [] : ['']),
    ...(proxies.length === 0 ? [] : ['Through proxies:', '', ...indented(proxies), '']),
    ...foreignLines(mesh).flatMap(({ title, lines }) => [title, '', ...indented(lines), '']),
    'The picture, in Mermaid:',
    '',
    ...indented(mermaid(mesh).trimEnd().split('\n')),
  ];
}
