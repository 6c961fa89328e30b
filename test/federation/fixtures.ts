import { describe as describeFinding } from '../../lib/core';
import {
  bundleOfRoots,
  type Endpoint,
  type Identity,
  type Member,
  type MeshData,
  meshFrom,
  proveMesh,
  type Relationship,
  type StaticRelationship,
} from '../../lib/federation';
import { EAST_ROOT } from './fixtures-certificates';
import type { Mutable } from './mutable';

/** The moment of all proofs here. */
export const NOW = new Date('2026-06-01T00:00:00Z');

/** A mesh that tests may change: plain Kubernetes, OpenShift, and a partner of whom only the endpoint is known. */
export interface Draft {
  east: Mutable<Member> & { endpoint: Mutable<Endpoint>; relationships: Mutable<Relationship>[] };
  west: Mutable<Member> & { endpoint: Mutable<Endpoint>; relationships: Mutable<Relationship>[] };
  partner: Mutable<Member> & { endpoint: Mutable<Endpoint> };
  edges: Mutable<MeshData['edges']>;
  seedShelfLife?: number;
}

/** Three members that nothing is wrong with. */
export function draft(): Draft {
  const seed = bundleOfRoots(EAST_ROOT, { refreshHint: 300 });
  const east: Draft['east'] = {
    name: 'prod/east',
    platform: 'kubernetes',
    trustDomain: 'east.example.org',
    className: 'spire',
    caTtl: 24 * 3600,
    upstream: { roots: EAST_ROOT },
    endpoint: {
      url: 'https://federation.east.example.org:8443/',
      profile: 'https_spiffe',
      spiffeId: 'spiffe://east.example.org/spire/server',
      servedBySpire: true,
      exposure: 'load-balancer',
      termination: 'passthrough',
      host: 'federation.east.example.org',
      ports: [8443],
      refreshHint: 300,
    },
    seed: { bundle: seed },
    relationships: [
      { ...web('apps.west.example.org', 'https://federation.apps.west.example.org/'), className: 'spire' },
      { ...web('partner.example', 'https://bundle.partner.example/spiffe.json'), className: 'spire' },
    ],
    identities: [identity('shop', ['apps.west.example.org'])],
  };
  const west: Draft['west'] = {
    name: 'prod/west',
    platform: 'openshift',
    trustDomain: 'apps.west.example.org',
    className: 'ztwim',
    caTtl: 24 * 3600,
    endpoint: {
      url: 'https://federation.apps.west.example.org/',
      profile: 'https_web',
      servedBySpire: true,
      exposure: 'managed-route',
      termination: 'reencrypt',
      host: 'federation.apps.west.example.org',
      ports: [443],
      certificate: { source: 'router', dnsNames: ['*.apps.west.example.org'], trust: { type: 'public' } },
      refreshHint: 300,
      appsDomain: 'apps.west.example.org',
    },
    relationships: [
      {
        trustDomain: 'east.example.org',
        url: 'https://federation.east.example.org:8443',
        profile: 'https_spiffe',
        endpointSpiffeId: 'spiffe://east.example.org/spire/server',
        className: 'ztwim',
        bundle: seed,
        wave: 50,
      },
    ],
    identities: [identity('billing', ['east.example.org'])],
  };
  const partner: Draft['partner'] = {
    name: 'partner',
    platform: 'external',
    trustDomain: 'partner.example',
    endpoint: {
      url: 'https://bundle.partner.example/spiffe.json',
      profile: 'https_web',
      servedBySpire: false,
      exposure: 'object-store',
      termination: 'passthrough',
      certificate: { source: 'secret', trust: { type: 'public' } },
      refreshHint: 300,
    },
  };
  const edges = [
    { consumer: 'prod/east', provider: 'prod/west' },
    { consumer: 'prod/west', provider: 'prod/east' },
    { consumer: 'prod/east', provider: 'partner', oneWay: true },
  ];
  return { east, west, partner, edges };
}

/** Makes the partner believe members; with one that believes it, this is then trust in both directions. */
export function partnerBelieves({ edges }: Pick<Draft, 'edges'>, ...providers: string[]): void {
  for (const provider of providers) {
    const back = edges.findIndex((edge) => edge.consumer === provider && edge.provider === 'partner');
    if (back >= 0) edges[back] = { consumer: provider, provider: 'partner' };
    edges.push({ consumer: 'partner', provider, ...(back < 0 && { oneWay: true }) });
  }
}

/** A relationship by https_web. */
export const web = (trustDomain: string, url: string): Mutable<Relationship> => ({
  trustDomain,
  url,
  profile: 'https_web',
  wave: 50,
});

/** A static relationship by https_web. */
export const fixed = (trustDomain: string, url: string): Mutable<StaticRelationship> => ({
  trustDomain,
  url,
  profile: 'https_web',
});

/** An identity of a workload. */
export const identity = (name: string, federatesWith: string[]): Mutable<Identity> => ({
  name,
  federatesWith,
  wave: 60,
});

/** The data of a draft. */
export const dataOf = ({ east, west, partner, edges, seedShelfLife }: Draft): MeshData => ({
  members: [east, west, partner],
  edges,
  ...(seedShelfLife !== undefined && { seedShelfLife }),
});

/** What is found in any data, each as one line. */
export function findingsIn(data: MeshData, now = NOW): string[] {
  return proveMesh(meshFrom(data), { now }).map(
    (found) => `${found.severity} ${found.rule} [${found.path ?? found.member}] ${describeFinding(found)}`,
  );
}

/** What is found after a change to the good mesh. */
export function findingsAfter(change: (mesh: Draft) => void, now = NOW): string[] {
  const mesh = draft();
  change(mesh);
  return findingsIn(dataOf(mesh), now);
}

/** Passes anything for anything, as plain JavaScript does. */
export const untyped = <T>(value: unknown): T => value as T;

/** What is found after each of several changes, as one text to look at. */
export function tableOf(changes: Readonly<Record<string, (mesh: Draft) => void>>): string {
  return Object.entries(changes)
    .map(([label, change]) => [`# ${label}`, ...findingsAfter(change)].join('\n'))
    .join('\n');
}
