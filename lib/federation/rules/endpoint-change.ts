import { pushTo } from '../../core';
import { approvedMoves } from '../diff';
import type { Mesh } from '../mesh';
import { hostIn, withoutUserInfo } from '../url';
import { changedRelationships, consumersIn, placeOf, type RelationshipChange, saysTheSame } from './previous';
import type { MeshFinding, MeshRule } from './rule';
import { names } from './wording';

/** What decides whom others believe is changed on purpose. */
export const endpointChanges: MeshRule = {
  id: 'E23',
  severity: 'warning',
  title: 'a bundle endpoint moves, or proves itself otherwise, on purpose',
  text: 'By https_web, whoever has a certificate for the host of the URL says whom the others believe, so that another host, or https_web instead of https_spiffe, is a decision about security. By https_spiffe, SPIRE takes the bundle of the relationship again whenever its URL, profile or endpoint ID changes, in the place of the live one: where that bundle is outdated, it verifies the endpoint no more, and every later fetch fails.',
  remedy: 'keep the endpoint as it is, or look at what changes and accept it',
  source:
    'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#71-distribution-of-endpoint-parameters',
  shownBy: ['spire/federation-changes', 'spire/federation-harms'],

  *check(mesh, { previous }) {
    if (!previous) return;
    const hosts = new Map<string, string>();
    const isApproved = approvedMoves(previous, mesh);
    for (const [trustDomain, changes] of changedRelationships(mesh, previous)) {
      const provider = mesh.ofTrustDomain(trustDomain)?.name ?? trustDomain;
      const kinds = new Map<Kind, RelationshipChange[]>();
      for (const change of changes) {
        const kind = kindOf(change, hosts);
        if (!kind) continue;
        // Of a bundle that is taken again, who approves a change need not have thought.
        if (kind !== 'bundle' && isApproved(CHANGES[kind], provider, change.consumer.name)) continue;
        pushTo(kinds, kind, change);
      }
      for (const [kind, alike] of kinds) yield findingOf(mesh, kind, alike);
    }
  },
};

/** Who proves it otherwise; where it is another; what is taken again. */
type Kind = 'profile' | 'host' | 'bundle';

/** What they are among the changes that somebody approves. */
const CHANGES = { profile: 'profile-downgraded', host: 'endpoint-moved' } as const;

function kindOf({ was, is }: RelationshipChange, hosts: Map<string, string>): Kind | undefined {
  if (is.profile === 'https_spiffe') return is.bundle !== undefined && !saysTheSame(was, is) ? 'bundle' : undefined;
  // The first fetch by https_web mends what a bundle has spoilt.
  if (was.profile === 'https_spiffe') return 'profile';
  return hostOf(was.url, hosts) === hostOf(is.url, hosts) ? undefined : 'host';
}

/** Host of a URL: read once, however many are told of it. */
function hostOf(url: string, hosts: Map<string, string>): string {
  const known = hosts.get(url);
  if (known !== undefined) return known;
  const host = hostIn(url);
  hosts.set(url, host);
  return host;
}

type Part = 'url' | 'profile' | 'endpointSpiffeId';
const OF_ENDPOINT = {
  url: 'endpoint.url',
  profile: 'endpoint.profile',
  endpointSpiffeId: 'endpoint.spiffeId',
} as const;

function findingOf(mesh: Mesh, kind: Kind, changes: readonly RelationshipChange[]): MeshFinding {
  const [first] = changes as readonly [RelationshipChange];
  const { was, is } = first;
  const part = partOf(kind, { was, is });
  const provider = mesh.ofTrustDomain(is.trustDomain);
  const isOfEndpoint = provider?.endpoint?.url === is.url && provider.endpoint.profile === is.profile;
  const place = isOfEndpoint ? { member: provider.name, property: OF_ENDPOINT[part] } : placeOf(first).at(part);
  const [value, before] = [shown(is[part]), shown(was[part])];
  return {
    ...place,
    ...(value !== undefined && { value }),
    ...wordsOf(kind, { consumers: names(consumersIn(changes)), before, url: is.url, trustDomain: is.trustDomain }),
  };
}

function partOf(kind: Kind, { was, is }: Pick<RelationshipChange, 'was' | 'is'>): Part {
  if (kind === 'profile') return 'profile';
  if (kind === 'host' || was.url !== is.url) return 'url';
  return was.profile === is.profile ? 'endpointSpiffeId' : 'profile';
}

interface Words {
  readonly consumers: string;
  readonly before: string | undefined;
  readonly url: string;
  readonly trustDomain: string;
}

function wordsOf(kind: Kind, { consumers, before, url, trustDomain }: Words): Pick<MeshFinding, 'message' | 'remedy'> {
  const head = before === undefined ? `is new to ${consumers}` : `was '${before}' for ${consumers}`;
  if (kind === 'bundle') {
    return {
      message: `${head}: SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails`,
      remedy:
        "compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason",
    };
  }
  const host = hostIn(url);
  return {
    message: `${head}: from now on, whoever gets a web certificate for '${host}' says whom they believe as '${trustDomain}'`,
    remedy:
      kind === 'profile'
        ? 'keep https_spiffe, or accept E23 with the reason'
        : 'make sure that the host is in the right hands, then accept E23 with the reason',
  };
}

/** Nothing but URLs has a password to hide. */
const shown = (value: string | undefined): string | undefined => value && withoutUserInfo(value);
