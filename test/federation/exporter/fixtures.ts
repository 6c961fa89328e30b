import { type App, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import {
  BundleEndpoint,
  BundleEndpointProfile,
  type Cluster,
  ExternalTrustDomain,
  type ExternalTrustDomainProps,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  type KubernetesClusterProps,
  type MeshMember,
  Monitoring,
  OpenShiftCluster,
  type OpenShiftClusterProps,
  OpenShiftMonitoring,
} from '../../../lib';

/** An image with the programs of the runtime. */
export const IMAGE = {
  image: `registry.example.com/spirekit@sha256:${'a'.repeat(64)}`,
  programs: { node: '/usr/local/bin/node', runtime: '/app/spirekit/runtime.cjs' },
};

const SCRAPERS = [{ namespace: 'monitoring' }];
/** A certificate that every system believes. */
const endpoint = () =>
  BundleEndpoint.httpsWeb({ secretName: 'endpoint-tls', trust: { type: 'public' }, dnsRecord: true });

/** Clusters of one program. */
export class Program {
  readonly app: App = Testing.app();

  kubernetes(name: string, props: Partial<KubernetesClusterProps> = {}): KubernetesCluster {
    return new KubernetesCluster(this.app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: endpoint(),
      monitoring: Monitoring.podMonitors({ scrapers: SCRAPERS }),
      ...props,
    });
  }

  openshift(name: string, props: Partial<OpenShiftClusterProps> = {}): OpenShiftCluster {
    return new OpenShiftCluster(this.app, name, {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: endpoint(),
      monitoring: OpenShiftMonitoring.userWorkload(),
      ...props,
    });
  }

  mesh(members: readonly MeshMember[], props: Partial<FederationMeshProps> = {}): FederationMesh {
    return new FederationMesh(this.app, 'mesh', {
      members,
      exporter: { image: IMAGE },
      now: new Date('2026-06-01T00:00:00Z'),
      ...props,
    });
  }
}

/** A trust domain outside of the program. */
export const partner = (trustDomain: string, props: Partial<ExternalTrustDomainProps> = {}): ExternalTrustDomain =>
  new ExternalTrustDomain({
    trustDomain,
    bundleEndpointUrl: `https://bundles.${trustDomain.replaceAll('_', '-')}/`,
    profile: BundleEndpointProfile.httpsWeb(),
    refreshHint: '5m',
    caTtl: '24h',
    ...props,
  });

/** The parts of an exporter in a cluster, by their ids; undefined where there is none. */
export const exporterOf = (cluster: Cluster): IConstruct | undefined => cluster.node.tryFindChild('exporter');
