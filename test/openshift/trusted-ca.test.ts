import { Issuer, WebTrust } from '../../lib/cert-manager';
import { FederationMesh } from '../../lib/federation';
import { OpenShiftCluster } from '../../lib/openshift';
import { DEMO_ROOT, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { manifestsOf, openShift, said, stepsOf, untyped, web } from './installation';

const OPERATOR = 'openshift-zero-trust-workload-identity-manager';
const ENV = { name: 'TRUSTED_CA_BUNDLE_CONFIGMAP', value: 'spire-trusted-ca' };
const configMaps = (cluster: OpenShiftCluster) => manifestsOf(cluster).filter(({ kind }) => kind === 'ConfigMap');
const envOf = (cluster: OpenShiftCluster) => find(cluster, 'Subscription', OPERATOR).spec.config?.env;

/** A cluster that fetches from one endpoint with a certificate of each trust. */
function fetching(props: object, ...trusts: WebTrust[]): OpenShiftCluster {
  const cluster = openShift(props);
  const app = untyped(cluster.node.scope);
  const peers = trusts.map(
    (trust, index) =>
      new OpenShiftCluster(app, `peer${index}`, {
        trustDomain: `apps.peer${index}.example.com`,
        bundleEndpoint: web({ secretName: 'tls', trust }),
      }),
  );
  new FederationMesh(app, 'mesh', {
    members: [cluster, ...peers],
    topology: untyped({
      __proto__: Object.getPrototypeOf(TOPOLOGY(cluster, peers)),
      ...TOPOLOGY(cluster, peers),
    }),
  });
  return cluster;
}
