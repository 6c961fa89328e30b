import type { ApiServer } from '../support/api-server';
import { definitionsOf } from '../support/foundation';
import type { Played } from './played';

/** An operator of OLM: where its subscription is, and what it brings. */
export interface Operator {
  readonly subscription: string;
  readonly namespace: string;
  readonly definitions: readonly string[];
  readonly deployment: { readonly namespace: string; readonly name: string };
}

export const CERT_MANAGER: Operator = {
  subscription: 'openshift-cert-manager-operator',
  namespace: 'cert-manager-operator',
  definitions: ['cert-manager'],
  deployment: { namespace: 'cert-manager', name: 'cert-manager-webhook' },
};

export const ZTWIM: Operator = {
  subscription: 'openshift-zero-trust-workload-identity-manager',
  namespace: 'zero-trust-workload-identity-manager',
  definitions: ['ztwim', 'spire-controller-manager'],
  deployment: {
    namespace: 'zero-trust-workload-identity-manager',
    name: 'zero-trust-workload-identity-manager-controller-manager',
  },
};

/** Plays OLM, and operators that it runs, on an API server without nodes. */
export class PlayedOperator {
  constructor(
    private readonly api: ApiServer,
    private readonly played: Played,
  ) {}

  /** What there is on an OpenShift cluster before anything is installed. */
  async prepare(): Promise<void> {
    await this.api.make([...definitionsOf('olm'), ...definitionsOf('openshift'), namespace('cert-manager')]);
  }

  /** OLM has chosen a version. */
  async choose({ subscription, namespace: place }: Operator): Promise<void> {
    const object = `subscription.operators.coreos.com/${subscription}`;
    await this.played.appears(object, place);
    await this.played.patchStatus(object, place, {
      lastUpdated: '2026-01-01T00:00:00Z',
      state: 'AtLatestKnown',
      installedCSV: `${subscription}.v1.0.0`,
      conditions: [{ type: 'CatalogSourcesUnhealthy', status: 'False' }],
    });
  }

  /** The operator runs, and has its definitions. */
  async bring({ definitions, deployment }: Operator): Promise<void> {
    const labels = { app: deployment.name };
    const container = { name: 'operator', image: 'operator' };
    const spec = {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    };
    await this.api.make([
      ...definitions.flatMap(definitionsOf),
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: deployment, spec },
    ]);
  }

  /** The operator says of an object whether it is ready. */
  async ready(object: string, place = 'default', status = 'True'): Promise<void> {
    const condition = {
      type: 'Ready',
      status,
      reason: 'Played',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    await this.played.patchStatus(object, place, { conditions: [condition] });
  }
}

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
