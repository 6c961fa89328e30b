import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BundleEndpoint,
  FederationMesh,
  Issuer,
  KubernetesCluster,
  type KubernetesClusterProps,
  type Mesh,
  meshFrom,
  proveMesh,
  Topology,
  Trust,
  WebTrust,
} from 'spirekit';
import { describe as describeFinding } from '../../../lib/core';
import { Authority } from '../support/authority';
import type { LiveProcess } from '../support/process';
import { objectsOf, ServerPod } from './federation-pods';

// E11 and its remedy: a private authority of web servers, as our pods are told to believe it, beside public ones.

let folder: string;
let pods: Readonly<Record<'east' | 'shop' | 'bank', ServerPod>>;
let mesh: Mesh;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  const [privately, publicly] = [new Authority(folder, 'private'), new Authority(folder, 'public')];
  const written = objectsOf((app) => {
    const cluster = (name: string, bundleEndpoint?: KubernetesClusterProps['bundleEndpoint']) =>
      new KubernetesCluster(app, name, {
        trustDomain: `${name}.example.com`,
        ...(bundleEndpoint && { bundleEndpoint }),
      });
    const issuer = Issuer.ca({ secretName: 'web-ca', roots: privately.certificate });
    const east = cluster('east');
    const shop = cluster('shop', BundleEndpoint.httpsWeb({ issuer }));
    const bank = cluster('bank', BundleEndpoint.httpsWeb({ secretName: 'bank-tls', trust: WebTrust.public() }));
    const topology = Topology.edges([Trust.oneWay(east, shop), Trust.oneWay(east, bank)]);
    mesh = new FederationMesh(app, 'mesh', { members: [east, shop, bank], topology }).model();
  });
  const certificate = (authority: Authority, name: string) => authority.issue(`federation.${name}.example.com`).secret;
  const secrets = {
    'spire-bundle-endpoint-tls': certificate(privately, 'shop'),
    'bank-tls': certificate(publicly, 'bank'),
  };
  pods = {
    east: await ServerPod.create(written('east'), { publicRoots: publicly.certificate }),
    shop: await ServerPod.create(written('shop'), { secrets }),
    bank: await ServerPod.create(written('bank'), { secrets }),
  };
  for (const pod of [pods.shop, pods.bank]) {
    await pod.run();
    await pod.reach(new Map());
  }
});

afterAll(async () => {
  await Promise.all(Object.values(pods).map((pod) => pod.end()));
  rmSync(folder, { recursive: true, force: true });
});

const others = () =>
  new Map([
    ['shop.example.com', pods.shop],
    ['bank.example.com', pods.bank],
  ]);

function findings({ members, edges }: Mesh): string[] {
  return proveMesh(meshFrom({ members, edges })).map(
    (found) => `${found.rule} [${found.member}] ${describeFinding(found)}`,
  );
}

let server: LiveProcess;

test('E11: a consumer without the roots believes public authorities and not the private one', async () => {
  const members = mesh.members.map((member) => ({ ...member, webRoots: [] }));
  expect(findings(meshFrom({ members, edges: mesh.edges }))).toEqual([
    "E11 [shop] endpoint.certificate.trust 'private' is of an authority that none of its consumers believes: 'east'; add its root certificates to webRoots of every consumer, or use a public authority",
  ]);
  server = await pods.east.run({});
  await pods.east.reach(others());
  for (const each of pods.east.believed) pods.east.federate(each);
  await server.says(
    /Error updating bundle.*x509: certificate signed by unknown authority.*trust_domain=shop\.example\.com/,
  );
  await server.says(/msg="Bundle refreshed".*trust_domain=bank\.example\.com/);
  expect(pods.east.try('bundle', 'list', '-id', 'spiffe://shop.example.com').status).toBe(1);
});

test('with the variable and the mount that are written, it believes both', async () => {
  expect(findings(mesh)).toEqual([]);
  expect(pods.east.env).toEqual({ SSL_CERT_DIR: '/run/spire/federation-roots' });
  await server.end();
  server = await pods.east.run();
  for (const [trustDomain, pod] of others()) {
    await server.says(new RegExp(`msg="Bundle refreshed".*trust_domain=${trustDomain}`));
    expect(pods.east.keys(trustDomain)).toEqual(pod.keys());
  }
  expect(server.text).not.toMatch(/Error updating bundle/);
});
