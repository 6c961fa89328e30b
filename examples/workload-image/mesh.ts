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
  type ProgramImage,
  UpstreamAuthority,
  WorkloadImage,
} from 'spirekit';
import { DEMO_ROOTS } from '../kubernetes-federation/mesh';

const SERVER = 'spiffe://east.example.com/ns/shop/sa/server';
const CLIENT = 'spiffe://west.example.com/ns/office/sa/client';

/** The images that the workloads run from. */
export interface ShopImages {
  readonly server: ProgramImage;
  readonly client: ProgramImage;
}

/**
 * A server in one trust domain, which serves a client of another one, and refuses the same client of a third. Both run from images
 * of `server.mts` and `client.mts`.
 *
 * @param roots folder with `east.pem`, `west.pem` and `lab.pem`, as in examples/kubernetes-federation
 * @param images the same wherever they run; without them, those that `spirekit image build` makes
 */
export function describeShop(app: App, roots = DEMO_ROOTS, images = builtImages(app)): void {
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

  const shop = east.addNamespace('shop');
  const server = new Deployment(shop, 'server', {
    metadata: { name: 'server' },
    replicas: 1,
    serviceAccount: new ServiceAccount(shop, 'account', { metadata: { name: 'server' } }),
    containers: [container(images.server, { portNumber: 8443, envVariables: { CLIENTS: EnvValue.fromValue(CLIENT) } })],
  });
  server.exposeViaService({ name: 'server', serviceType: ServiceType.LOAD_BALANCER, ports: [{ port: 8443 }] });
  // It can verify both clients, and serves one. Its pods are ready as long as they have an identity.
  east.giveIdentity(server, { federatesWith: [west, lab], accepts: [CLIENT], image: images.server, probe: {} });

  for (const cluster of [west, lab]) {
    const office = cluster.addNamespace('office');
    const client = new Deployment(office, 'client', {
      metadata: { name: 'client' },
      replicas: 1,
      serviceAccount: new ServiceAccount(office, 'account', { metadata: { name: 'client' } }),
      containers: [
        container(images.client, {
          envVariables: {
            SERVER_URL: EnvValue.fromValue('https://server.east.example.com:8443/'),
            SERVER_ID: EnvValue.fromValue(SERVER),
          },
        }),
      ],
    });
    cluster.giveIdentity(client, { federatesWith: [east], accepts: [SERVER], image: images.client, probe: {} });
  }
}

/** Manifests name them by digest. */
function builtImages(app: App): ShopImages {
  const image = (name: string) =>
    new WorkloadImage(app, `${name}-image`, {
      entry: join(__dirname, `${name}.mts`),
      repository: `registry.example.com/shop/${name}`,
      layout: join(__dirname, 'images', name),
    });
  return { server: image('server'), client: image('client') };
}

/** A container of a workload's image: nothing in it is written to, and everything it needs is in it. */
function container({ image }: ProgramImage, props: Omit<ContainerProps, 'image'>): ContainerProps {
  return {
    image: image as string, // what only a stack knows goes through cdk8s-plus as it is
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    resources: {
      cpu: { request: Cpu.millis(20) },
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) },
    },
    ...props,
  };
}
