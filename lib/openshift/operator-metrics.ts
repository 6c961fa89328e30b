import { Construct } from 'constructs';
import { addCheck, type FindingInput } from '../core';
import { kubeObject } from '../kube';
import type { MetricsTarget } from '../monitoring';
import { ZTWIM_NAMESPACE, ZtwimNames } from './names';
import type { ZtwimOperator } from './operators';

/** Name of the service account that reads the operator's metrics, of its token and of its right. */
const READER = 'zero-trust-workload-identity-manager-metrics';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * The operator's own metrics, which it gives by TLS to those who may read them: a service account with this right alone, and
 * its token. The manual takes the operator's own account for it, whose token rules the cluster.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/security_and_compliance/zero-trust-manager-monitoring
 */
export class OperatorMetrics extends Construct {
  /** Where they are read. */
  readonly target: MetricsTarget = {
    component: ZtwimNames.operator,
    namespace: ZTWIM_NAMESPACE,
    selector: { name: ZTWIM_NAMESPACE },
    labels: { 'app.kubernetes.io/name': ZtwimNames.operator },
    port: 'https',
    portNumber: 8443,
    // Of the two Services with its name, only this one has metrics.
    service: { labels: { svc: ZtwimNames.operatorMetrics }, port: 'metrics-https' },
    endpoint: {
      scheme: 'https',
      authorization: { type: 'Bearer', credentials: { name: READER, key: 'token' } },
      tlsConfig: {
        // OpenShift puts the service CA, which has signed the certificate, into every namespace.
        ca: { configMap: { name: 'openshift-service-ca.crt', key: 'service-ca.crt' } },
        serverName: `${ZtwimNames.operatorMetrics}.${ZTWIM_NAMESPACE}.svc`,
      },
    },
    setsTrustDomain: false,
    guarded: false,
  };

  /**
   * @param operator undefined where it is installed already
   */
  constructor(scope: Construct, id: string, operator: ZtwimOperator | undefined) {
    super(scope, id);
    const metadata = { name: READER, namespace: ZTWIM_NAMESPACE };
    const account = kubeObject(this, 'service-account', 'v1/ServiceAccount', {
      metadata,
      automountServiceAccountToken: false,
    });
    kubeObject(this, 'cluster-role-binding', `${RBAC}/v1/ClusterRoleBinding`, {
      metadata: { name: READER },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ZtwimNames.operatorMetricsReader },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    });
    const token = kubeObject(this, 'token', 'v1/Secret', {
      metadata: { ...metadata, annotations: { 'kubernetes.io/service-account.name': READER } },
      type: 'kubernetes.io/service-account-token',
    });
    // A token without its account is deleted at once.
    token.addDependency(account);
    addCheck(this, () => findings(operator?.metricsVariables ?? []));
  }
}

/** With other variables it serves elsewhere, in clear text, or not at all. */
const findings = (variables: readonly string[]): FindingInput[] =>
  variables.map((name) => ({
    rule: 'monitoring',
    property: `operators.ztwim.env.${name}`,
    message: 'moves the metrics of the operator away from TLS at port 8443, where they are read',
    remedy: 'leave it out, or write operator: false in monitoring',
  }));
