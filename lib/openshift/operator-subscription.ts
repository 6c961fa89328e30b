import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import {
  addCheck,
  type FindingInput,
  isLate,
  type Kind,
  type Late,
  report,
  setAwaits,
  setGate,
  setProvides,
  setWave,
  usableProps,
  Waves,
} from '../core';
import { KubeObject, kubeObject, labelProblem, subdomainProblem } from '../kube';
import { Fields, type TextRule } from './fields';

/** Who says yes to an installation: OLM itself, or a human for every version. */
const APPROVALS = ['Automatic', 'Manual'] as const;

/** What can be said of the subscription to any operator. */
export interface OperatorOptions {
  /** Channel of the package. @default - the package's default channel */
  readonly channel?: string;
  /** Name of the CatalogSource, for a mirrored catalog. @default 'redhat-operators' */
  readonly source?: string;
  /** Namespace of the CatalogSource. @default 'openshift-marketplace' */
  readonly sourceNamespace?: string;
  /** With `Manual`, an installation waits for a human. @default 'Automatic' */
  readonly installPlanApproval?: (typeof APPROVALS)[number];
  /** Name of the ClusterServiceVersion to begin with. @default - the newest of the channel */
  readonly startingCsv?: string;
  /** Environment variables of the operator. @default - none */
  readonly env?: Readonly<Record<string, Late<string>>>;
}

/** What an operator makes once it is installed, and later waves need. */
export interface OperatorBrings {
  /** Names of resource definitions, such as `issuers.cert-manager.io`. @default - none */
  readonly definitions?: readonly string[];
  /** Deployments whose pods must be ready. @default - none */
  readonly deployments?: readonly { readonly namespace: string; readonly name: string }[];
}

/** Properties of `OperatorSubscription`. */
export interface OperatorSubscriptionProps extends OperatorOptions {
  /** Name of the package in the catalog, and of the Subscription. */
  readonly package: string;
  /** Namespace of the operator, which is made here. */
  readonly namespace: string;
  /** Labels of the namespace. @default - none */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Name of the OperatorGroup. @default - that of the package */
  readonly operatorGroup?: string;
  /** Namespaces that the operator watches. @default - all */
  readonly targetNamespaces?: readonly string[];
  /** What later waves wait for. @default - nothing but the operator's installation */
  readonly brings?: OperatorBrings;
}

const PROPERTIES = {
  package: 'any',
  namespace: 'any',
  namespaceLabels: 'map',
  operatorGroup: 'any',
  targetNamespaces: 'texts',
  channel: 'any',
  source: 'any',
  sourceNamespace: 'any',
  installPlanApproval: APPROVALS,
  startingCsv: 'any',
  env: 'object',
  brings: 'object',
} as const satisfies Record<keyof OperatorSubscriptionProps, Kind>;

const RULE = 'operator-subscription';
/** Group of OLM's resources. */
const OLM = 'operators.coreos.com';

/**
 * An operator from a catalog of OpenShift: namespace, OperatorGroup and Subscription.
 *
 * The next wave waits until OLM has chosen a version, and until what the operator brings is there.
 *
 * @see https://olm.operatorframework.io/docs/concepts/crds/subscription/
 */
export class OperatorSubscription extends Construct {
  /** Namespace of the operator. */
  readonly namespace: string;
  /** The Subscription. */
  readonly subscription: KubeObject;

  private readonly variables = new Map<string, unknown>();
  private readonly problems: (() => FindingInput)[] = [];

  constructor(scope: Construct, id: string, given: OperatorSubscriptionProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const fields = Fields.of(this, RULE, '', props, Object.keys(props));
    const read = (property: string, rule: TextRule = {}) =>
      fields.plainText(property, { check: subdomainProblem, ...rule });
    const needed = { required: true, fallback: 'invalid' };
    const name = fields.plainText('package', { check: subdomainProblem, ...needed });
    const namespace = fields.plainText('namespace', { check: labelProblem, ...needed });
    const [channel, startingCSV] = [read('channel'), read('startingCsv')];
    const { installPlanApproval = 'Automatic', targetNamespaces = [], namespaceLabels: labels } = props;
    this.namespace = namespace;
    setWave(this, Waves.foundation);
    // Without a Pod Security level of its own: OpenShift derives it from what the operator's service accounts may do.
    kubeObject(this, 'namespace', 'v1/Namespace', { metadata: { name: namespace, ...(labels && { labels }) } });
    new KubeObject(this, 'operator-group', {
      apiVersion: `${OLM}/v1`,
      kind: 'OperatorGroup',
      metadata: { name: read('operatorGroup', { fallback: name }), namespace },
      spec: {
        ...(targetNamespaces.length > 0 && { targetNamespaces: [...targetNamespaces] }),
        upgradeStrategy: 'Default',
      },
    });
    this.subscription = new KubeObject(this, 'subscription', {
      apiVersion: `${OLM}/v1alpha1`,
      kind: 'Subscription',
      metadata: { name, namespace },
      spec: {
        ...(channel !== undefined && { channel }),
        name,
        source: read('source', { fallback: 'redhat-operators' }),
        sourceNamespace: read('sourceNamespace', { check: labelProblem, fallback: 'openshift-marketplace' }),
        installPlanApproval,
        ...(startingCSV !== undefined && { startingCSV }),
        config: Lazy.any({ produce: () => this.config() }),
      },
    });
    for (const [variable, value] of Object.entries(props.env ?? {})) this.addEnv(variable, value);
    setGate(this.subscription, { type: 'field', path: '{.status.installedCSV}' });
    this.bring(props.brings ?? {});
    if (installPlanApproval === 'Manual') this.warnOfManual(name);
    addCheck(this, () => this.problems.map((problem) => problem()));
  }

  /**
   * Sets an environment variable of the operator. All of them are one list, which has no other place to be merged: set each
   * here, not by a patch.
   *
   * @param name such as `OPERATOR_LOG_LEVEL`
   * @param value a `Lazy` of cdk8s is asked when the Subscription is rendered
   */
  addEnv(name: string, value: Late<string> | Lazy): void {
    const property = `env.${name}`;
    const found = (problem: { message: string; remedy: string }, shown?: () => unknown): void => {
      this.problems.push(() => ({ rule: 'operator-env', property, ...(shown && { value: shown() }), ...problem }));
    };
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const message = 'is not the name of an environment variable';
      found({ message, remedy: "write letters, digits and '_', with no digit in front" });
    } else if (!isLate(value) && typeof value !== 'string' && !(value instanceof Lazy)) {
      found({ message: 'is not text', remedy: 'write it in quotes' }, () => value);
    } else if (this.variables.has(name) && this.variables.get(name) !== value) {
      const message = 'is set to two values';
      const values = [this.variables.get(name), value];
      found({ message, remedy: 'decide for one of them' }, () => values.map(shownOf));
    } else {
      this.variables.set(name, value);
    }
  }

  /** The environment variables of the operator as they stand now. */
  protected get env(): ReadonlyMap<string, unknown> {
    return this.variables;
  }

  private config(): object | undefined {
    if (this.variables.size === 0) return undefined;
    return { env: [...this.variables].map(([name, value]) => ({ name, value: current(value) })) };
  }

  private bring({ definitions = [], deployments = [] }: OperatorBrings): void {
    setAwaits(
      this.subscription,
      ...definitions.map((name) => ({ kind: 'crd', name, condition: { type: 'established' } as const })),
      ...deployments.map(({ namespace, name }) => ({
        kind: 'deployment',
        namespace,
        name,
        condition: { type: 'rollout' } as const,
      })),
    );
    setProvides(
      this,
      ...definitions.map((name) => ({ kind: 'CustomResourceDefinition', namespace: '', name })),
      ...deployments.map(({ namespace, name }) => ({ kind: 'Deployment', namespace, name })),
    );
  }

  private warnOfManual(name: string): void {
    const kubectl = `kubectl -n ${this.namespace}`;
    const plan = `$(${kubectl} get subscription.${OLM} ${name} -o jsonpath='{.status.installPlanRef.name}')`;
    report(this, {
      rule: 'operator-approval',
      severity: 'warning',
      property: 'installPlanApproval',
      value: 'Manual',
      message: 'makes the installation wait until a human has approved it',
      remedy: `run: ${kubectl} patch installplan.${OLM} "${plan}" --type merge -p '{"spec":{"approved":true}}'`,
    });
  }
}

/** A value as it stands now. */
const current = (value: unknown): unknown => (value instanceof Lazy ? value.produce() : value);

/** A value that is known late cannot be shown. */
const shownOf = (value: unknown): unknown => (isLate(value) ? 'known at deployment' : current(value));
