import { Construct } from 'constructs';
import {
  addCheck,
  clusterOf,
  type Kind,
  report,
  requiredPart,
  setGate,
  setLeftovers,
  setProvides,
  setWave,
  usableProps,
  Waves,
} from '../core';
import { type KubeObject, subdomainProblem } from '../kube';
import { Fields, word } from './fields';
import type { ZtwimLayout } from './layout';
import { ZtwimNames } from './names';
import { PLACEMENT, placementFields, placementFindings, type ZtwimPlacement } from './placement';
import { LOGGING, loggingFields, operatorResource, type ZtwimLogging } from './resource';
import { routerFindings } from './router-access';

/** Properties of `ZtwimOidcDiscoveryProvider`. */
export interface ZtwimOidcDiscoveryProviderProps extends ZtwimLogging, ZtwimPlacement {
  readonly layout: ZtwimLayout;
  /** Number of pods, 1 to 5. @default 1 */
  readonly replicaCount?: number;
  /**
   * Whether the operator makes the Route, for the issuer's host. Without it the operator never reports itself ready, and
   * leaves a Route in place that it has made before.
   *
   * @default true
   */
  readonly managedRoute?: boolean;
  /**
   * Secret of type `kubernetes.io/tls` in the operator's namespace that the router serves.
   *
   * @default - the router's own certificate
   */
  readonly externalSecretRef?: string;
}

const PROPERTIES = {
  ...LOGGING,
  ...PLACEMENT,
  layout: 'any',
  replicaCount: 'any',
  managedRoute: 'flag',
  externalSecretRef: 'any',
} as const satisfies Record<keyof ZtwimOidcDiscoveryProviderProps, Kind>;

/**
 * The operator's `SpireOIDCDiscoveryProvider`: publishes the keys of JWT-SVIDs. Its issuer is the server's, by the layout.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_oidc_discovery_provider_types.go
 */
export class ZtwimOidcDiscoveryProvider extends Construct {
  readonly layout: ZtwimLayout;
  /** The resource. */
  readonly object: KubeObject;
  /** Whether the operator makes the Route. */
  readonly managedRoute: boolean;

  constructor(scope: Construct, id: string, given: ZtwimOidcDiscoveryProviderProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const layout = requiredPart(this, 'layout', props.layout);
    this.layout = layout;
    const fields = Fields.of(this, 'ztwim-oidc', '', props, Object.keys(props));
    const externalSecretRef = fields.plainText('externalSecretRef', { check: subdomainProblem });
    this.managedRoute = props.managedRoute ?? true;
    this.object = operatorResource(this, 'SpireOIDCDiscoveryProvider', {
      ...loggingFields(props),
      jwtIssuer: layout.jwtIssuer,
      csiDriverName: layout.csiDriverName,
      replicaCount: fields.integer('replicaCount', 1, 5) ?? 1,
      managedRoute: word(this.managedRoute),
      ...(externalSecretRef !== undefined && { externalSecretRef }),
      ...placementFields(props),
    });
    for (const finding of placementFindings(props)) report(this, finding);
    setWave(this, Waves.endpoints);
    const condition = this.managedRoute ? 'Ready' : 'DeploymentAvailable';
    setGate(this.object, { type: 'condition', condition });
    const namespace = layout.serverNamespace;
    if (this.managedRoute) {
      // Without an owner, it outlives the resource.
      setLeftovers(this.object, {
        kind: 'route.route.openshift.io',
        namespace: layout.serverNamespace,
        name: ZtwimNames.oidcRoute,
      });
    }
    setProvides(
      this,
      { kind: 'ConfigMap', namespace, name: ZtwimNames.oidc },
      { kind: 'Service', namespace, name: ZtwimNames.oidc },
      { kind: 'Secret', namespace, name: ZtwimNames.oidcCertificate },
    );
    if (externalSecretRef === undefined || !this.managedRoute) return;
    const { grantsRouter } = layout.facts;
    addCheck(this, () =>
      routerFindings(clusterOf(this), namespace, externalSecretRef, 'externalSecretRef', grantsRouter),
    );
  }
}
