import { SpiffeId } from '@spirekit/runtime/id';
import type { Construct } from 'constructs';
import { type DurationLike, report, setNoDependents } from '../core';
import { KubeObject } from '../kube';
import { API_VERSION } from './api-version';
import { defined, type ObjectProps, PropReader, type TrustDomainLike } from './checks';
import { dnsNameProblem } from './dns-name';
import { selectorProblem, selectorType } from './selector';
import { memberIdProblem, workloadIdProblem } from './workload-id';

/** A SPIFFE ID: its text, such as `spiffe://example.org/web`, or the value. */
export type SpiffeIdLike = string | SpiffeId;

/** Properties of `ClusterStaticEntry`. */
export interface ClusterStaticEntryProps extends ObjectProps {
  /** SPIFFE ID that the workload gets. Not in `/spire`, which SPIRE keeps for itself. */
  readonly spiffeId: SpiffeIdLike;
  /** SPIFFE ID of the agent, or group of agents, that hands it out; see `Parent`. */
  readonly parentId: SpiffeIdLike;
  /** What a process must match, all of it: `type:value`, such as `unix:uid:1000`. */
  readonly selectors: readonly string[];
  /**
   * Foreign trust domains whose bundles the workload gets. The SPIRE server refuses the entry as long as it has no bundle
   * of one of them.
   *
   * @default - none
   */
  readonly federatesWith?: readonly TrustDomainLike[];
  /**
   * Lifetime of X509-SVIDs, in whole seconds.
   *
   * @default - the server's
   */
  readonly x509SvidTtl?: DurationLike;
  /**
   * Lifetime of JWT-SVIDs, in whole seconds.
   *
   * @default - the server's
   */
  readonly jwtSvidTtl?: DurationLike;
  /**
   * DNS names in the X509-SVID. The first is also its common name.
   *
   * @default - none
   */
  readonly dnsNames?: readonly string[];
  /**
   * Text by which a workload with several identities tells them apart; at most 1024 bytes.
   *
   * @default - none
   */
  readonly hint?: string;
  /**
   * Lets the workload administer the SPIRE server.
   *
   * @default false
   */
  readonly admin?: boolean;
  /**
   * Lets the workload act as a SPIRE server below this one.
   *
   * @default false
   */
  readonly downstream?: boolean;
  /**
   * Keeps the SVID in a store that the agent's SVIDStore plugin writes to. All selectors must then be of one type.
   *
   * @default false
   */
  readonly storeSvid?: boolean;
  /**
   * Name of the server's trust domain, for checks only.
   *
   * @default - the trust domain of `spiffeId`
   */
  readonly trustDomain?: TrustDomainLike;
}

/**
 * One registration entry, written as it is: for what no pod selector can describe, such as processes on virtual machines.
 *
 * No webhook guards these objects: what the server refuses shows only in the log and the status of the controller manager.
 * All its rules are checked here, except whether an entry of the same IDs and selectors exists already.
 *
 * @example
 *
 * new ClusterStaticEntry(chart, 'billing', {
 *   spiffeId: 'spiffe://example.org/billing',
 *   parentId: 'spiffe://example.org/vm/billing',
 *   selectors: ['unix:user:billing'],
 * });
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterstaticentry-crd.md
 */
export class ClusterStaticEntry extends KubeObject {
  /** SPIFFE ID that the workload gets. */
  readonly spiffeId: string;
  /** Names of the foreign trust domains whose bundles the workload gets. */
  readonly federatesWith: readonly string[];

  constructor(scope: Construct, id: string, props: ClusterStaticEntryProps) {
    const reader = new PropReader();
    const given = (props ?? {}) as ClusterStaticEntryProps;
    const spec = specOf(given, reader);
    super(scope, id, {
      apiVersion: API_VERSION,
      kind: 'ClusterStaticEntry',
      metadata: reader.metadata(given),
      spec,
    });
    setNoDependents(this);
    this.spiffeId = spec.spiffeID as string;
    this.federatesWith = spec.federatesWith ?? [];
    for (const finding of reader.findings) report(this, finding);
  }
}

function specOf(props: ClusterStaticEntryProps, reader: PropReader) {
  const spiffeId = idText(props.spiffeId);
  const trustDomain = reader.ownTrustDomain('trustDomain', props.trustDomain) ?? trustDomainOf(spiffeId);
  return defined({
    spiffeID: reader.text('spiffe-id', 'spiffeId', spiffeId, (id) => workloadIdProblem(id, trustDomain)),
    parentID: reader.text('parent-id', 'parentId', idText(props.parentId), (id) => memberIdProblem(id, trustDomain)),
    selectors: selectorsOf(props, reader),
    federatesWith: reader.federatesWith(props.federatesWith, trustDomain),
    x509SVIDTTL: reader.ttl('x509SvidTtl', props.x509SvidTtl),
    jwtSVIDTTL: reader.ttl('jwtSvidTtl', props.jwtSvidTtl),
    dnsNames: reader.texts('dns-name', 'dnsNames', props.dnsNames, dnsNameProblem),
    hint: reader.hint(props.hint),
    admin: reader.flag('admin', props.admin),
    downstream: reader.flag('downstream', props.downstream),
    storeSVID: reader.flag('storeSvid', props.storeSvid),
    className: reader.text('class-name', 'className', props.className),
  });
}

function selectorsOf(props: ClusterStaticEntryProps, reader: PropReader): string[] | undefined {
  const selectors = reader.texts('selector', 'selectors', props.selectors ?? null, selectorProblem);
  if (selectors?.length === 0) {
    reader.add('selector', 'selectors', selectors, {
      message: 'is empty, so that no process could match',
      remedy: "write at least one, such as ['unix:uid:1000']",
    });
  }
  const types = [
    ...new Set(selectors?.map((selector) => (typeof selector === 'string' ? selectorType(selector) : ''))),
  ];
  if (props.storeSvid === true && types.length > 1) {
    reader.add('selector', 'selectors', selectors, {
      message: `has the types ${types.join(' and ')}, but a stored SVID needs selectors of one type`,
      remedy: 'keep the selectors of the SVIDStore plugin that stores it',
    });
  }
  return selectors;
}

/** Text of an ID; null where there must be one and is none. */
function idText(id: SpiffeIdLike | undefined): string | null {
  return SpiffeId.is(id) ? id.toString() : (id ?? null);
}

function trustDomainOf(id: string | null): string | undefined {
  const parsed = SpiffeId.tryParse(id as string);
  return parsed.ok ? parsed.value.trustDomain.name : undefined;
}
