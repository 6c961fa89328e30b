import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import {
  type ContainerProps,
  Cpu,
  Deployment,
  EnvValue,
  ImagePullPolicy,
  ServiceAccount,
  ServiceType,
} from 'cdk8s-plus-28';
import {
  type App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  UpstreamAuthority,
  WorkloadImage,
} from 'spirekit';
import { DEMO_ROOTS } from '../kubernetes-federation/mesh';

const SERVER = 'spiffe://east.example.com/ns/shop/sa/server';
const CLIENT = 'spiffe://west.example.com/ns/office/sa/client';

/**
 * A server in one trust domain, which serves a client of another one, and refuses the same client of a third. Both run from images that
 * `spirekit image build` makes of `server.mts` and `client.mts`.
 *
 * @param roots folder with `east.pem`, `west.pem` and `lab.pem`, as in examples/kubernetes-federation
 */
export function describeShop(app: App, roots = DEMO_ROOTS): void {
  const [east, west, lab] = ['east', 'west', 'lab'].map(
    (name) =>
      new KubernetesCluster(app, name, {
        trustDomain: `${name}.example.com`,
        server: {
          upstreamAuthority: UpstreamAuthority.disk({
            secret: 'spire-upstream-ca',
            roots: readFileSync(join(roots, `${name}.pem`), 'utf8'),
          }),
        },
        bundleEndpoint: BundleEndpoint.httpsSpiffe(),
      }),
  ) as [KubernetesCluster, KubernetesCluster, KubernetesCluster];
  new FederationMesh(app, 'mesh', { members: [east, west, lab] });

  // The same images wherever they run. Manifests name them by digest.
  const [serverImage, clientImage] = ['server', 'client'].map(
    (name) =>
      new WorkloadImage(app, `${name}-image`, {
        entry: join(__dirname, `${name}.mts`),
        repository: `registry.example.com/shop/${name}`,
        layout: join(__dirname, 'images', name),
      }),
  ) as [WorkloadImage, WorkloadImage];

  const shop = east.addNamespace('shop');
  const server = new Deployment(shop, 'server', {
    metadata: { name: 'server' },
    replicas: 1,
    serviceAccount: new ServiceAccount(shop, 'account', { metadata: { name: 'server' } }),
    containers: [container(serverImage, { portNumber: 8443, envVariables: { CLIENTS: EnvValue.fromValue(CLIENT) } })],
  });
  server.exposeViaService({ name: 'server', serviceType: ServiceType.LOAD_BALANCER, ports: [{ port: 8443 }] });
  // It can verify both clients, and serves one. Its pods are ready as long as they have an identity.
  east.giveIdentity(server, { federatesWith: [west, lab], accepts: [CLIENT], image: serverImage, probe: {} });

  for (const cluster of [west, lab]) {
    const office = cluster.addNamespace('office');
    const client = new Deployment(office, 'client', {
      metadata: { name: 'client' },
      replicas: 1,
      serviceAccount: new ServiceAccount(office, 'account', { metadata: { name: 'client' } }),
      containers: [
        container(clientImage, {
          envVariables: {
            SERVER_URL: EnvValue.fromValue('https://server.east.example.com:8443/'),
            SERVER_ID: EnvValue.fromValue(SERVER),
          },
        }),
      ],
    });
    cluster.giveIdentity(client, { federatesWith: [east], accepts: [SERVER], image: clientImage, probe: {} });
  }
}

/** A container of a workload's image: nothing in it is written to, and everything it needs is in it. */
function container({ image }: WorkloadImage, props: Omit<ContainerProps, 'image'>): ContainerProps {
  return {
    image,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    resources: {
      cpu: { request: Cpu.millis(20) },
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) },
    },
    ...props,
  };
}
