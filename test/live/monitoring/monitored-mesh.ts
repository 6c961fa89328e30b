import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  type KubernetesClusterProps,
  Monitoring,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from 'spirekit';
import { Mesh, type MeshData } from '../../../lib/federation';
import type { AlertGroup } from '../../../lib/monitoring';
import { LiveMesh } from '../spire/mesh';
import { Authority } from '../support/authority';
import type { LiveProcess } from '../support/process';
import { progress } from '../support/progress';
import { startExporter } from './mesh-exporter';
import { type MeshTarget, MeshTargets } from './mesh-targets';

export const NAMES = ['east', 'west', 'lab'] as const;
export type Name = (typeof NAMES)[number];

/** No pod of it runs: the programs are those of this checkout. */
const IMAGE = { image: 'example.com/spirekit:1', programs: { node: '/usr/bin/node', runtime: '/runtime.js' } };

/** Who believes whom: all each other, but lab does not believe west. */
export const BELIEVED: Readonly<Record<Name, readonly Name[]>> = {
  east: ['west', 'lab'],
  west: ['east', 'lab'],
  lab: ['east'],
};

export const trustDomainOf = (name: Name): string => `${name}.example.com`;

/** Times that a test can wait for. Those of a CA follow from its lifetime, those of a fetch from the hint. */
export interface Times {
  readonly caTtl: string;
  /** @default - that of all */
  readonly caTtlOf?: Readonly<Partial<Record<Name, string>>>;
  readonly svidTtl: string;
  readonly refreshHint: string;
  /** From one scrape to the next. */
  readonly interval: string;
}

/**
 * Three federated clusters as they are written with monitoring: real servers, controller managers, agents and exporters. east
 * and lab prove themselves as web servers do, west by its identity, below a root of its own.
 */
export class MonitoredMesh {
  private constructor(
    readonly mesh: LiveMesh,
    readonly targets: MeshTargets,
    readonly exporters: ReadonlyMap<Name, LiveProcess>,
    /** The federation as data. */
    readonly model: Mesh,
    /** From one scrape to the next. */
    readonly interval: string,
  ) {}

  static async start(times: Times): Promise<MonitoredMesh> {
    const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
    let mesh: LiveMesh | undefined;
    try {
      const [web, root] = [new Authority(folder, 'web'), new Authority(folder, 'root')];
      const certificateOf = (name: Name) => ({ tls: web.issue(`federation.${trustDomainOf(name)}`).secret });
      const publicRoots = web.certificate;
      let data: MeshData | undefined;
      const program = (app: App) => {
        data = describe(app, times, root.certificate).model().data();
      };
      mesh = await LiveMesh.start(program, {
        east: { publicRoots, secrets: certificateOf('east') },
        west: { publicRoots, secrets: { upstream: root.secret } },
        lab: { publicRoots, secrets: certificateOf('lab') },
      });
      progress('the mesh is federated');
      const exporters = new Map<Name, LiveProcess>();
      for (const name of NAMES) exporters.set(name, await startExporter(mesh.member(name)));
      const model = new Mesh(data as MeshData);
      return new MonitoredMesh(mesh, await MeshTargets.of(mesh), exporters, model, times.interval);
    } catch (error) {
      await mesh?.end();
      throw error;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The alerting rules of all clusters, as they are written. */
  get rules(): { readonly groups: readonly AlertGroup[] }[] {
    const objects = this.mesh.all.flatMap((cluster) => cluster.objects);
    const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
    return rules.map(({ spec }) => spec as unknown as { groups: readonly AlertGroup[] });
  }

  /** All that Prometheus reads. */
  get scraped(): readonly MeshTarget[] {
    return this.targets.all;
  }

  async end(): Promise<void> {
    await this.targets.end();
    await this.mesh.end();
  }
}

function describe(app: App, times: Times, roots: string): FederationMesh {
  const cluster = (name: Name, props: Pick<KubernetesClusterProps, 'bundleEndpoint' | 'server'>) =>
    new KubernetesCluster(app, name, {
      trustDomain: trustDomainOf(name),
      bundleEndpoint: props.bundleEndpoint,
      server: { caTtl: times.caTtlOf?.[name] ?? times.caTtl, defaultX509SvidTtl: times.svidTtl, ...props.server },
      monitoring: Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }], interval: times.interval }),
    });
  const { refreshHint } = times;
  const web = BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public(), refreshHint });
  const east = cluster('east', { bundleEndpoint: web });
  const west = cluster('west', {
    bundleEndpoint: BundleEndpoint.httpsSpiffe({ refreshHint }),
    server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) },
  });
  const lab = cluster('lab', { bundleEndpoint: web });
  const members = { east, west, lab };
  const edges = NAMES.flatMap((name) => BELIEVED[name].map((peer) => Trust.oneWay(members[name], members[peer])));
  const topology = Topology.edges(edges);
  return new FederationMesh(app, 'mesh', { members: [east, west, lab], topology, exporter: { image: IMAGE } });
}
