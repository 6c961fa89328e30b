import { writeFileSync } from 'node:fs';
import { describe as describeFinding } from '../../../lib/core';
import {
  bundleOfRoots,
  type Endpoint,
  type Identity,
  type Member,
  type MeshData,
  meshFrom,
  proveMesh,
  type Relationship,
} from '../../../lib/federation';
import { DataStore, KeyManager, NodeAttestor, type ServerPlugin, UpstreamAuthority } from '../../../lib/spire';
import type { Federation } from '../../../lib/spire/config';
import type { Mutable } from '../../federation/mutable';
import { Authority, type KeyPair } from '../support/authority';
import { freePort, type LiveProcess } from '../support/process';
import type { Outcome } from '../support/run';
import { type ServerChange, SpireRig } from '../support/spire-rig';
import { bundleAt } from './minted-svids';

/** A mesh of two, which its tests change: `east` believes `west`. */
export interface Draft {
  east: Mutable<Member> & { relationships: [Mutable<Relationship>, ...Mutable<Relationship>[]] };
  west: Mutable<Member> & { endpoint: Mutable<Endpoint> };
  edges: Mutable<MeshData['edges']>;
}

export const EAST = 'east.example.com';
export const WEST = 'west.example.com';
/** ID with which a SPIRE server answers at its bundle endpoint. */
export const serverOf = (trustDomain: string): string => `spiffe://${trustDomain}/spire/server`;

/** Two roots, and the server of `west`, below one of them, with a bundle endpoint. */
export class World {
  readonly provider = new SpireRig(WEST);
  readonly root = new Authority(this.provider.folder, 'west-root');
  /** Who certifies web servers, and is believed by nobody who was not told to. */
  readonly web = new Authority(this.provider.folder, 'web-root');

  private constructor(readonly port: number) {}

  static async start(): Promise<World> {
    const world = new World(await freePort());
    const federation = serving(world.port, { https_spiffe: {} }, '60s');
    try {
      await world.provider.startServer({ server: { federation }, plugins: below(world.provider, world.root) });
    } catch (error) {
      await world.end();
      throw error;
    }
    return world;
  }

  /** As the model says it: nothing is wrong with it, and SPIRE takes it. */
  draft(): Draft {
    const url = `https://localhost:${this.port}`;
    const bundle = bundleOfRoots(this.root.certificate, { refreshHint: 60 });
    const common = { platform: 'kubernetes', className: 'spire', caTtl: 24 * 3600 } as const;
    const spiffeId = serverOf(WEST);
    return {
      east: {
        ...common,
        name: 'east',
        trustDomain: EAST,
        relationships: [
          {
            trustDomain: WEST,
            url,
            profile: 'https_spiffe',
            endpointSpiffeId: spiffeId,
            className: 'spire',
            bundle,
            wave: 50,
          },
        ],
        identities: [identity(WEST)],
      },
      west: {
        ...common,
        name: 'west',
        trustDomain: WEST,
        upstream: { roots: this.root.certificate },
        endpoint: {
          url,
          profile: 'https_spiffe',
          spiffeId,
          servedBySpire: true,
          exposure: 'load-balancer',
          termination: 'passthrough',
          host: 'localhost',
          ports: [this.port],
          refreshHint: 60,
        },
        seed: { bundle },
      },
      edges: [{ consumer: 'east', provider: 'west', oneWay: true }],
    };
  }

  /** What the rules find, with `PORT` for the port of the endpoint and `TIME` for every time. */
  findings({ east, west, edges }: Draft, now = new Date()): string[] {
    return proveMesh(meshFrom({ members: [east, west], edges }), { now }).map((found) =>
      `${found.rule} [${found.member}] ${describeFinding(found)}`
        .replaceAll(String(this.port), 'PORT')
        .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME'),
    );
  }

  end(): Promise<void> {
    return this.provider.end();
  }
}

/** What registers a workload of `east` that talks to others. */
export const identity = (...federatesWith: string[]): Mutable<Identity> => ({ name: 'shop', federatesWith, wave: 60 });

/** A bundle endpoint on loopback. */
export const serving = (
  port: number,
  profile: NonNullable<Federation['bundle_endpoint']>['profile'],
  refresh_hint = '5m',
): Federation => ({ bundle_endpoint: { address: '127.0.0.1', port, refresh_hint, profile } });

/** The profile of a server with a certificate of its own. */
export const withCertificate = ({ certificateFile, keyFile }: KeyPair) => ({
  https_web: { serving_cert_file: { cert_file_path: certificateFile, key_file_path: keyFile } },
});

/** Plugins of a server below a root. Keys are in memory, and the root's key lies where the test has made it. */
export function below(rig: SpireRig, { certificateFile, keyFile }: Authority): ServerPlugin[] {
  const data = { cert_file_path: certificateFile, key_file_path: keyFile };
  return [...alone(rig), UpstreamAuthority.custom({ name: 'disk', data })];
}

/** Plugins of a server that signs its own CA. */
export const alone = (rig: SpireRig): ServerPlugin[] => [
  DataStore.sqlite({ path: rig.path('datastore.sqlite3') }),
  KeyManager.memory(),
  NodeAttestor.joinToken(),
];

/** A server of `east` for one action. */
export async function asEast(
  action: (rig: SpireRig, server: LiveProcess) => Promise<void>,
  change: ServerChange = {},
): Promise<void> {
  const rig = new SpireRig(EAST);
  try {
    await action(rig, await rig.startServer(change));
  } finally {
    await rig.end();
  }
}

/** Does with a relationship what the controller manager does with a ClusterFederatedTrustDomain. */
export function federate(
  rig: SpireRig,
  { trustDomain, url, profile, endpointSpiffeId, bundle }: Relationship,
): Outcome {
  const file = rig.path('seed.json');
  if (bundle !== undefined) writeFileSync(file, bundle);
  return rig.tryServer(
    ...['federation', 'create', '-trustDomain', trustDomain, '-bundleEndpointURL', url],
    ...['-bundleEndpointProfile', profile],
    ...(endpointSpiffeId === undefined ? [] : ['-endpointSpiffeID', endpointSpiffeId]),
    ...(bundle === undefined ? [] : ['-trustDomainBundleFormat', 'spiffe', '-trustDomainBundlePath', file]),
  );
}

/**
 * Many relationships at once, as `federation create -data` reads them. All have one bundle to begin with, and nobody answers
 * at their endpoints.
 */
export const relationshipsWith = (trustDomains: readonly string[], bundle: string): string =>
  JSON.stringify({
    federationRelationships: trustDomains.map((trustDomain) => ({
      trustDomain,
      bundleEndpointURL: 'https://localhost:1',
      bundleEndpointProfile: 'https_web',
      trustDomainBundle: JSON.parse(bundle),
      trustDomainBundleFormat: 'spiffe',
    })),
  });

/** Does with an identity what the controller manager does for a pod of a ClusterSPIFFEID. */
export function register(rig: SpireRig, { name, federatesWith }: Identity): Outcome {
  return rig.tryServer(
    ...['entry', 'create', '-parentID', rig.node, '-spiffeID', `spiffe://${rig.trustDomain}/${name}`],
    ...['-selector', `unix:uid:${process.getuid?.()}`],
    ...federatesWith.flatMap((peer) => ['-federatesWith', `spiffe://${peer}`]),
  );
}

/** The public keys in a bundle that a server has: its own, or that of another trust domain. */
export const keysAt = (rig: SpireRig, trustDomain?: string): readonly { readonly use: string }[] =>
  (JSON.parse(bundleAt(rig, trustDomain)) as { keys: { use: string }[] }).keys;
