/**
 * Writes the pictures of docs/images. A test holds the files to what this would write.
 *
 * Usage: npm run docs:pictures
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import * as spirekit from '../lib';
import {
  App,
  BundleEndpoint,
  BundleEndpointProfile,
  Exposure,
  ExternalTrustDomain,
  FederationMesh,
  KubernetesCluster,
  MESH_RULES,
  type Mesh,
  OpenShiftCluster,
  proveMesh,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from '../lib';
import { dashboardSvg } from './dashboard/picture';
import type { Recorded } from './dashboard/recorded';

const ROOT = join(__dirname, '..');

/** The pictures, by the name of their file. Those of examples are what `spirekit graph` draws of them. */
export function pictures(): Readonly<Record<string, string>> {
  const gateways = gatewaysMesh();
  // One rule only, so that the picture does not change with every new one.
  const rules = MESH_RULES.filter(({ id }) => id === 'E13');
  const findings = proveMesh(gateways, { rules });
  return {
    'federation.svg': spirekit.meshSvg(exampleMesh('federation'), { title: 'Federation mesh' }),
    'regions.svg': spirekit.meshSvg(exampleMesh('regions'), { title: 'Federation mesh' }),
    'findings.svg': spirekit.meshSvg(gateways, { title: 'Three regions, one of which finds new CAs late', findings }),
    'ca-timeline.svg': spirekit.caTimelineSvg(gateways),
    'dashboard.svg': dashboardSvg(recorded()),
  };
}

/** What a real Prometheus answered to the panels of a dashboard; npm run docs:dashboard records it anew. */
const recorded = (): Recorded => JSON.parse(readFileSync(pictureFile('dashboard-values.json'), 'utf8'));

/** Where a picture lies. */
export const pictureFile = (name: string): string => join(ROOT, 'docs', 'images', name);

/** The mesh that a program of `examples/` describes. */
function exampleMesh(example: string): Mesh {
  const file = join(ROOT, 'examples', example, 'main.ts');
  let described: App | undefined;
  // biome-ignore lint/complexity/useArrowFunction: a constructor
  const Described = function () {
    described = Object.assign(new App({ outdir: 'none' }), { synth: () => {} });
    return described;
  };
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const load = (specifier: string) =>
    specifier === 'spirekit'
      ? { ...spirekit, App: Described }
      : require(specifier.startsWith('.') ? join(dirname(file), specifier) : specifier);
  new Function('require', 'exports', '__dirname', code)(load, {}, dirname(file));
  return meshIn(described);
}

function meshIn(app: App | undefined): Mesh {
  const mesh = app?.node.findAll().find((construct) => construct instanceof FederationMesh);
  if (!mesh) throw new Error('the program describes no FederationMesh');
  return mesh.model();
}

/** Twelve members: gateways by `https_spiffe` on plain Kubernetes, shops behind them on both platforms, and a partner. */
function gatewaysMesh(): Mesh {
  const app = new App({ outdir: 'none' });
  const certificate = { secretName: 'bundle-endpoint', trust: WebTrust.public() };
  const gateway = (name: string, root: string) =>
    new KubernetesCluster(app, `${name}-gateway`, {
      trustDomain: `gateway.${name}.example.com`,
      server: {
        caTtl: '48h',
        upstreamAuthority: UpstreamAuthority.disk({
          secret: 'spire-upstream-ca',
          roots: readFileSync(join(ROOT, 'examples/kubernetes-federation/roots', `${root}.pem`), 'utf8'),
        }),
      },
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    });
  const plain = (name: string, caTtl = '24h', refreshHint = '5m') =>
    new KubernetesCluster(app, name.replace('.', '-'), {
      trustDomain: `${name}.example.com`,
      server: { caTtl },
      bundleEndpoint: BundleEndpoint.httpsWeb({ ...certificate, refreshHint }),
    });
  const openshift = (name: string) =>
    new OpenShiftCluster(app, name.replace('.', '-'), {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({
        router: { trust: WebTrust.public() },
        exposure: Exposure.managedRoute(),
      }),
    });
  const partner = new ExternalTrustDomain({
    trustDomain: 'bank.example',
    bundleEndpointUrl: 'https://bundle.bank.example/',
    profile: BundleEndpointProfile.httpsWeb(),
    trust: WebTrust.public(),
  });
  const [europe, america, asia] = [gateway('europe', 'east'), gateway('america', 'west'), gateway('asia', 'lab')];
  const regions = [
    { gateways: [europe], members: [openshift('shop.europe'), openshift('billing.europe'), plain('edge.europe')] },
    {
      gateways: [america],
      members: [openshift('shop.america'), plain('billing.america'), plain('edge.america', '2h', '10m')],
    },
    { gateways: [asia], members: [openshift('shop.asia'), plain('edge.asia', '24h', '30m')] },
  ];
  const members = regions.flatMap(({ gateways, members }) => [...gateways, ...members]);
  const topology = Topology.union(Topology.gateways(regions), Topology.edges([Trust.oneWay(asia, partner)]));
  return new FederationMesh(app, 'mesh', { members: [...members, partner], topology }).model();
}

if (require.main === module) {
  mkdirSync(pictureFile(''), { recursive: true });
  for (const [name, svg] of Object.entries(pictures())) writeFileSync(pictureFile(name), svg);
}
