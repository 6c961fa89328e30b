import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { FederationProxy } from '../cluster';
import { addCheck, type Late, report, setKept, setWave, Waves } from '../core';
import { type MetricsReader, READER_LABELS } from './monitoring';
import { ZTWIM_NAMESPACE, ZtwimNames } from './names';
import { type OperatorOptions, OperatorSubscription, type OperatorSubscriptionProps } from './operator-subscription';

export type { OperatorOptions } from './operator-subscription';

/** What is given for an operator of which this library knows the rest. */
function propsOf(
  options: OperatorOptions,
  fixed: Omit<OperatorSubscriptionProps, keyof OperatorOptions>,
): OperatorSubscriptionProps {
  return { ...options, channel: options?.channel ?? 'stable-v1', ...fixed };
}

/** Plain JavaScript may pass what is fixed: it has no effect. */
function refuseFixed(operator: OperatorSubscription, options: object): void {
  const fixed = ['package', 'namespace', 'namespaceLabels', 'operatorGroup', 'targetNamespaces', 'brings'];
  for (const property of Object.keys(options ?? {}).filter((key) => fixed.includes(key))) {
    const message = 'cannot be chosen for this operator';
    report(operator, { rule: 'property-unknown', property, message, remedy: 'leave it out' });
  }
}

/**
 * The cert-manager Operator for Red Hat OpenShift. cert-manager itself runs in the namespace `cert-manager`. It comes before
 * everything else, and stays when the rest is removed: others in the cluster may use it.
 *
 * @see https://github.com/openshift/cert-manager-operator
 */
export class CertManagerOperator extends OperatorSubscription {
  /** Names of the resource definitions that it brings. */
  static readonly definitions: readonly string[] = [
    'certificates.cert-manager.io',
    'issuers.cert-manager.io',
    'clusterissuers.cert-manager.io',
  ];

  constructor(scope: Construct, id: string, options: OperatorOptions = {}) {
    super(
      scope,
      id,
      propsOf(options, {
        package: 'openshift-cert-manager-operator',
        namespace: 'cert-manager-operator',
        brings: {
          definitions: CertManagerOperator.definitions,
          // It checks every Certificate and Issuer: without it none is admitted.
          deployments: [{ namespace: 'cert-manager', name: 'cert-manager-webhook' }],
        },
      }),
    );
    setWave(this, Waves.prerequisites);
    setKept(this);
    refuseFixed(this, options);
  }
}

const OPERATOR_DEFINITIONS = [
  'zerotrustworkloadidentitymanagers',
  'spireservers',
  'spireagents',
  'spiffecsidrivers',
  'spireoidcdiscoveryproviders',
].map((plural) => `${plural}.operator.openshift.io`);

const REGISTRATION_DEFINITIONS = ['clusterspiffeids', 'clusterstaticentries', 'clusterfederatedtrustdomains'].map(
  (plural) => `${plural}.spire.spiffe.io`,
);

/** ConfigMap with certificates that the operator's programs believe, such as those of a proxy. */
const TRUSTED_CA = 'TRUSTED_CA_BUNDLE_CONFIGMAP';

/** Variables that say how the operator gives its own metrics, each with what it means that nothing changes. */
const METRICS: Readonly<Record<string, RegExp>> = {
  METRICS_BIND_ADDRESS: /^(0\.0\.0\.0)?:8443$/,
  METRICS_SECURE: /^(1|t|T|true|True|TRUE)$/,
};

/**
 * Red Hat's Zero Trust Workload Identity Manager, always in the namespace that it assumes.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager
 */
export class ZtwimOperator extends OperatorSubscription {
  /** Names of the resource definitions that it brings. */
  static readonly definitions: readonly string[] = [...OPERATOR_DEFINITIONS, ...REGISTRATION_DEFINITIONS];

  /**
   * @param reader which Prometheus reads the metrics of the operator's namespace
   */
  constructor(scope: Construct, id: string, options: OperatorOptions = {}, reader: MetricsReader = 'platform') {
    super(
      scope,
      id,
      propsOf(options, {
        package: 'openshift-zero-trust-workload-identity-manager',
        namespace: ZTWIM_NAMESPACE,
        namespaceLabels: READER_LABELS[reader],
        brings: {
          definitions: ZtwimOperator.definitions,
          deployments: [{ namespace: ZTWIM_NAMESPACE, name: ZtwimNames.operator }],
        },
      }),
    );
    refuseFixed(this, options);
    addCheck(this, () => {
      const proxy = ['HTTPS_PROXY', 'HTTP_PROXY'].find((name) => this.env.has(name));
      if (proxy === undefined || this.env.get(TRUSTED_CA)) return [];
      const message = `is set without ${TRUSTED_CA}, and the operator then sets up nothing`;
      const remedy = `name a ConfigMap of its namespace in ${TRUSTED_CA}`;
      return [{ rule: 'ztwim-proxy', property: `env.${proxy}`, message, remedy }];
    });
  }

  /**
   * The proxy that is set here for the operator's programs; undefined when none is, or what is reached without it is not
   * known. The operator hands its own variables on; those of the cluster's Proxy, which OLM sets, this program does not see.
   *
   * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/proxy.go
   */
  get proxy(): FederationProxy | undefined {
    const given = this.env.get('NO_PROXY') ?? '';
    if (!this.env.has('HTTPS_PROXY') || typeof given !== 'string') return undefined;
    const url = this.env.get('HTTPS_PROXY') as Late<string>;
    return { url, noProxy: given.split(',').flatMap((entry) => entry.trim() || []) };
  }

  /** Those of its variables by which it gives its own metrics otherwise than by TLS at port 8443, as it does by itself. */
  get metricsVariables(): readonly string[] {
    return Object.entries(METRICS)
      .filter(([name, usual]) => this.env.has(name) && !usual.test(String(this.env.get(name))))
      .map(([name]) => name);
  }

  /**
   * Makes the operator's programs believe the certificates in a ConfigMap of its namespace, in key `ca-bundle.crt`. It is not
   * noticed when the ConfigMap is not there.
   *
   * @param name a function is asked when the Subscription is rendered
   */
  trustConfigMap(name: string | (() => string)): void {
    this.addEnv(TRUSTED_CA, typeof name === 'function' ? Lazy.any({ produce: name }) : name);
  }
}
