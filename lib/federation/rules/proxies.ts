import { noProxyProblem } from '../../core';
import type { HttpProxy, Member } from '../model';
import { FetchTargets, isAddress, proxyRoutes } from '../proxy-routes';
import type { MeshFinding, MeshRule } from './rule';
import { names } from './wording';

/** A server's proxy is asked for public peers, and not for private ones. */
export const proxies: MeshRule = {
  id: 'W29',
  severity: 'warning',
  title: 'private endpoints are reached without the proxy',
  text: "SPIRE fetches bundles by its process's proxy, unless NO_PROXY covers the host. A proxy that leads out of a network can seldom lead into another private one. Entries of NO_PROXY that no host could match are passed over in silence, and a network in it covers addresses alone, never names that lead there.",
  remedy: 'name the private hosts of peers in noProxy',
  source: 'https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config',
  shownBy: ['spire/federation-proxy'],

  *check(mesh) {
    const targets = new FetchTargets();
    for (const member of mesh.members) {
      if (!member.proxy || member.platform === 'external') continue;
      yield* entryFindings(member, member.proxy);
      const finding = hostFinding(member, member.proxy, targets);
      if (finding) yield finding;
    }
  },
};

function* entryFindings({ name }: Member, { noProxy }: HttpProxy): Iterable<MeshFinding> {
  for (const [index, entry] of noProxy.entries()) {
    const at = { member: name, property: `proxy.noProxy[${index}]`, value: entry };
    const problem = noProxyProblem(entry);
    if (problem) yield { ...at, ...problem };
    if (entry.trim() !== '*') continue;
    const remedy = 'leave the proxy out, or name the hosts that are reached without it';
    yield { ...at, message: 'covers every host, so that the proxy is never asked', remedy };
  }
}

function hostFinding(member: Member, { noProxy }: HttpProxy, targets: FetchTargets): MeshFinding | undefined {
  const hosts = proxyRoutes(member, targets, { only: 'private' })?.byProxy ?? [];
  if (hosts.length === 0) return undefined;
  const networks = noProxy.some((entry) => entry.includes('/')) && hosts.some((host) => !isAddress(host));
  return {
    member: member.name,
    property: 'proxy.noProxy',
    message: `does not cover ${names(hosts)}, so that the proxy is asked for ${hosts.length === 1 ? 'a private host' : 'private hosts'}${networks ? '; networks in it cover addresses, not names that lead to them' : ''}`,
    remedy: 'add them, or a domain that they are in; if the proxy reaches them, accept this',
  };
}
