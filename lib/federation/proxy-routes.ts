import { isPrivateName } from '../cert-manager';
import { NoProxy } from '../core';
import type { Mesh } from './mesh';
import type { Member } from './model';
import { names } from './rules/wording';
import { parsedUrl, portOf } from './url';

/** Where a bundle is fetched. */
interface FetchTarget {
  /** As in the URL: a name, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the host means something in private networks only. */
  readonly isPrivate: boolean;
}

/** Hosts from which a member fetches bundles, each once, by how it reaches them. */
export interface ProxyRoutes {
  readonly direct: readonly string[];
  readonly byProxy: readonly string[];
}

/** URLs as targets, each read once: those of a member stand at all who believe it. */
export class FetchTargets {
  private readonly known = new Map<string, FetchTarget | undefined>();

  /** Undefined: nothing can be fetched at this URL. */
  of(url: string): FetchTarget | undefined {
    const target = this.known.get(url);
    if (target || this.known.has(url)) return target;
    const parsed = parsedUrl(url);
    const host = parsed?.hostname ?? '';
    const read = parsed && host !== '' ? { host, port: portOf(parsed), isPrivate: isPrivateHost(host) } : undefined;
    this.known.set(url, read);
    return read;
  }
}

/**
 * How a member reaches those whose bundles it fetches; undefined when it has no proxy.
 *
 * @param options.only `private`: hosts that mean something in private networks only
 */
export function proxyRoutes(
  member: Member,
  targets: FetchTargets,
  options: { readonly only?: 'private' } = {},
): ProxyRoutes | undefined {
  const { platform, proxy, relationships = [], staticRelationships = [] } = member;
  if (!proxy || platform === 'external') return undefined;
  const noProxy = new NoProxy(proxy.noProxy);
  const direct = new Set<string>();
  const byProxy = new Set<string>();
  for (const list of [relationships, staticRelationships]) {
    for (const { url } of list) {
      const target = targets.of(url);
      if (!target || (options.only === 'private' && !target.isPrivate)) continue;
      (noProxy.covers(target.host, target.port) ? direct : byProxy).add(target.host);
    }
  }
  return { direct: [...direct], byProxy: [...byProxy] };
}

/** Networks whose addresses mean something else in every organisation. */
const PRIVATE = new NoProxy([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]);

/** Whether the host of a URL is an address and no name. */
export const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host);

const isPrivateHost = (host: string): boolean => (isAddress(host) ? PRIVATE.covers(host, 443) : isPrivateName(host));

/** Hosts that a line of the summary shows. */
const SHOWN = 10;

/** Which bundles are fetched through a proxy, and which are not: a line for each member that has one. */
export function proxyLines(mesh: Mesh): string[] {
  const targets = new FetchTargets();
  return mesh.members.flatMap((member) => {
    const routes = proxyRoutes(member, targets);
    if (!routes) return [];
    const { direct, byProxy } = routes;
    const asked = byProxy.length === 0 ? 'nobody' : names(byProxy, SHOWN);
    const rest = direct.length === 0 ? '' : `, and reaches ${names(direct, SHOWN)} without it`;
    return [`${member.name} asks its proxy for ${asked}${rest}`];
  });
}
