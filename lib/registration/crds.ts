import { Construct } from 'constructs';
import { setGate } from '../core';
import { KubeObject } from '../kube';
import { clusterFederatedTrustDomainCrd } from './crd-cluster-federated-trust-domain';
import { clusterSpiffeIdCrd } from './crd-cluster-spiffe-id';
import { clusterStaticEntryCrd } from './crd-cluster-static-entry';

/** The three definitions, as plain objects. */
export const registrationCrds = [clusterFederatedTrustDomainCrd, clusterSpiffeIdCrd, clusterStaticEntryCrd] as const;

/**
 * The definitions of ClusterSPIFFEID, ClusterStaticEntry and ClusterFederatedTrustDomain for controller manager 0.7.0.
 *
 * Fields and types are those of the controller manager. Beyond them, the API server refuses early what the controller
 * manager would refuse late, or could not even decode, such as a lifetime of `1d`.
 *
 * @see https://github.com/spiffe/spire-controller-manager/tree/main/docs
 */
export class RegistrationCrds extends Construct {
  /** The definitions as objects of the tree; the next wave waits for them. */
  readonly objects: readonly KubeObject[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.objects = registrationCrds.map((definition) => {
      const object = new KubeObject(this, definition.spec.names.plural, definition);
      setGate(object, { type: 'established' });
      return object;
    });
  }
}
