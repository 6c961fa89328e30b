import { Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { addCheck, type DurationLike, type FindingInput, report, setNoDependents } from '../core';
import { KubeObject, labelValueProblem } from '../kube';
import { API_VERSION } from './api-version';
import { defined, type ObjectProps, PropReader, type TrustDomainLike } from './checks';
import { selectorFindings, selectsAll } from './label-selector';
import { templateProblem } from './template';
import { SpiffeIdTemplate } from './template-parts';

/** A label selector, or a function that makes one when the tree is complete. */
export type LabelSelectorSource = LabelSelector | (() => LabelSelector);

/** Properties of `ClusterSpiffeId`. */
export interface ClusterSpiffeIdProps extends ObjectProps {
  /**
   * Go template of the SPIFFE ID, such as `spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}`.
   *
   * @default SpiffeIdTemplate.serviceAccount()
   */
  readonly spiffeIdTemplate?: string;
  /**
   * Labels of the pods.
   *
   * @default - every pod of the selected namespaces
   */
  readonly podSelector?: LabelSelectorSource;
  /**
   * Labels of the namespaces. Kubernetes labels each with its name, as `kubernetes.io/metadata.name`.
   *
   * @default - every namespace that the controller manager does not ignore
   */
  readonly namespaceSelector?: LabelSelectorSource;
  /**
   * Foreign trust domains whose bundles the pods get. The SPIRE server refuses an entry, and with it the identity, as long
   * as it has no bundle of one of them.
   *
   * @default - none
   */
  readonly federatesWith?: readonly TrustDomainLike[];
  /**
   * Longest lifetime of X509-SVIDs, in whole seconds.
   *
   * @default - the server's
   */
  readonly ttl?: DurationLike;
  /**
   * Longest lifetime of JWT-SVIDs, in whole seconds.
   *
   * @default - the server's
   */
  readonly jwtTtl?: DurationLike;
  /**
   * Go templates of DNS names in the X509-SVID. The first is also its common name.
   *
   * @default - none
   */
  readonly dnsNameTemplates?: readonly string[];
  /**
   * Go templates of selectors (`type:value`) that a process of the pod must match too.
   *
   * @default - none: every process of the pod gets the identity
   */
  readonly workloadSelectorTemplates?: readonly string[];
  /**
   * Adds the names of the Services that lead to the pod to its DNS names.
   *
   * @default false
   */
  readonly autoPopulateDnsNames?: boolean;
  /**
   * Lets the pods administer the SPIRE server.
   *
   * @default false
   */
  readonly admin?: boolean;
  /**
   * Lets the pods act as SPIRE servers below this one: they get a certificate that can sign others.
   *
   * @default false
   */
  readonly downstream?: boolean;
  /**
   * Gives the identity only to pods that no other object gives one to.
   *
   * @default false
   */
  readonly fallback?: boolean;
  /**
   * Text by which a workload with several identities tells them apart; at most 1024 bytes.
   *
   * @default - none
   */
  readonly hint?: string;
  /**
   * Name of the cluster's own trust domain, for checks only.
   *
   * @default - not known: whether the SPIFFE ID is in it is not checked
   */
  readonly trustDomain?: TrustDomainLike;
}

/** By this label a controller manager with `filterByClassName` (0.7.0) finds the objects of its class. */
const CLASS_LABEL = 'spire.spiffe.io/class-name';

/**
 * Gives a SPIFFE ID to pods: the controller manager makes a registration entry for each pod that is selected.
 *
 * @example
 *
 * new ClusterSpiffeId(chart, 'payments', {
 *   namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
 *   podSelector: { matchLabels: { app: 'payments' } },
 *   federatesWith: ['partner.example'],
 * });
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterspiffeid-crd.md
 */
export class ClusterSpiffeId extends KubeObject {
  /** Go template of the SPIFFE ID. */
  readonly spiffeIdTemplate: string;
  /** Names of the foreign trust domains whose bundles the pods get. */
  readonly federatesWith: readonly string[];

  constructor(scope: Construct, id: string, props: ClusterSpiffeIdProps = {}) {
    const reader = new PropReader();
    const given = props ?? {};
    const spec = specOf(given, reader);
    super(scope, id, {
      apiVersion: API_VERSION,
      kind: 'ClusterSPIFFEID',
      metadata: reader.metadata(given, classLabel(given.className)),
      spec,
    });
    setNoDependents(this);
    this.spiffeIdTemplate = spec.spiffeIDTemplate;
    this.federatesWith = spec.federatesWith ?? [];
    for (const finding of reader.findings) report(this, finding);
    const { podSelector, namespaceSelector } = given;
    if (typeof podSelector === 'function' || typeof namespaceSelector === 'function') {
      addCheck(this, () => scopeFindings(given));
    } else {
      for (const finding of scopeFindings(given)) report(this, finding);
    }
  }
}

interface ClusterSpiffeIdSpec {
  readonly spiffeIDTemplate: string;
  readonly federatesWith?: string[];
  readonly [field: string]: unknown;
}

function specOf(props: ClusterSpiffeIdProps, reader: PropReader): ClusterSpiffeIdSpec {
  const trustDomain = reader.ownTrustDomain('trustDomain', props.trustDomain);
  const context = trustDomain === undefined ? {} : { trustDomain };
  const { spiffeIdTemplate = SpiffeIdTemplate.serviceAccount() } = props;
  return defined({
    spiffeIDTemplate: reader.text('spiffe-id-template', 'spiffeIdTemplate', spiffeIdTemplate, (text) =>
      templateProblem(text, 'spiffeId', context),
    ) as string,
    podSelector: selectorValue(props.podSelector),
    namespaceSelector: selectorValue(props.namespaceSelector),
    federatesWith: reader.federatesWith(props.federatesWith, trustDomain),
    ttl: reader.ttl('ttl', props.ttl),
    jwtTtl: reader.ttl('jwtTtl', props.jwtTtl),
    dnsNameTemplates: reader.texts('dns-name-template', 'dnsNameTemplates', props.dnsNameTemplates, (text) =>
      templateProblem(text, 'dnsName', context),
    ),
    workloadSelectorTemplates: reader.texts(
      'selector-template',
      'workloadSelectorTemplates',
      props.workloadSelectorTemplates,
      (text) => templateProblem(text, 'selector', context),
    ),
    autoPopulateDNSNames: reader.flag('autoPopulateDnsNames', props.autoPopulateDnsNames),
    admin: reader.flag('admin', props.admin),
    downstream: reader.flag('downstream', props.downstream),
    fallback: reader.flag('fallback', props.fallback),
    hint: reader.hint(props.hint),
    className: reader.text('class-name', 'className', props.className),
  });
}

function selectorValue(source: LabelSelectorSource | undefined): unknown {
  return typeof source === 'function' ? Lazy.any({ produce: source }) : source;
}

function classLabel(className: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof className !== 'string' || className === '' || labelValueProblem(className)) return undefined;
  return { [CLASS_LABEL]: className };
}

/** What is wrong with the selectors, and with the set of pods that they leave. */
function scopeFindings(props: ClusterSpiffeIdProps): FindingInput[] {
  const pods = produce('podSelector', props.podSelector);
  const namespaces = produce('namespaceSelector', props.namespaceSelector);
  const findings = [...pods.findings, ...namespaces.findings];
  if (findings.length > 0) return findings;
  const powers = (['admin', 'downstream'] as const).filter((power) => props[power] === true);
  const rule = 'identity-scope';
  if (selectsAll(pods.selector) && selectsAll(namespaces.selector)) {
    // To stand in for every pod that has no identity is what a fallback is for.
    if (props.fallback === true && powers.length === 0) return [];
    return [
      {
        rule,
        severity: powers.length > 0 ? 'error' : 'warning',
        message: `gives the identity${powers.length > 0 ? ` with ${powers.join(' and ')} rights` : ''} to every pod of the cluster`,
        remedy: 'set podSelector or namespaceSelector',
      },
    ];
  }
  if (powers.length > 0 && selectsAll(namespaces.selector)) {
    return [
      {
        rule,
        severity: 'warning',
        message: `gives ${powers.join(' and ')} rights to pods of every namespace, whose authors choose their labels`,
        remedy: "set namespaceSelector, such as { matchLabels: { 'kubernetes.io/metadata.name': 'spire' } }",
      },
    ];
  }
  return [];
}

function produce(
  property: string,
  source: LabelSelectorSource | undefined,
): { selector?: LabelSelector; findings: FindingInput[] } {
  if (source === undefined) return { findings: [] };
  let selector: LabelSelector;
  try {
    selector = typeof source === 'function' ? source() : source;
  } catch (error) {
    const message = `cannot be made: ${error instanceof Error ? error.message : String(error)}`;
    return { findings: [{ rule: 'label-selector', property, message, remedy: 'correct the function that makes it' }] };
  }
  return { selector, findings: selectorFindings(property, selector) };
}
