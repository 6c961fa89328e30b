import { SpiffeId } from '@spirekit/runtime/id';
import type { Construct } from 'constructs';
import { addCheck, type FindingInput, isLate, type Late, report, setNoDependents } from '../core';
import { KubeObject } from '../kube';
import { API_VERSION } from './api-version';
import { type BundleEndpointProfile, endpointUrlProblem, withoutUserInfo } from './bundle-endpoint-profile';
import { bundleFindings } from './bundle-text';
import { defined, isRecord, type ObjectProps, PropReader, type TrustDomainLike } from './checks';
import { idProblem } from './id-problem';

/** Properties of `ClusterFederatedTrustDomain`. */
export interface ClusterFederatedTrustDomainProps extends ObjectProps {
  /** The foreign trust domain. */
  readonly trustDomain: TrustDomainLike;
  /** Where its bundle is fetched: `https://`, with a host, without user name and password. */
  readonly bundleEndpointUrl: Late<string>;
  /** How the endpoint is authenticated: `BundleEndpointProfile.httpsWeb()` or `.httpsSpiffe(…)`. */
  readonly profile: BundleEndpointProfile;
  /**
   * The bundle to begin with: SPIFFE bundle as JSON text. It is stored when the relationship is made or its URL or profile
   * is changed; to change only the bundle does nothing.
   *
   * @default - none: with `httpsSpiffe` the server needs the bundle from somewhere else
   */
  readonly trustDomainBundle?: Late<string>;
  /**
   * Name of the cluster's own trust domain, for checks only.
   *
   * @default - not known
   */
  readonly ownTrustDomain?: TrustDomainLike;
}

/**
 * Makes the SPIRE server fetch and believe the bundle of a foreign trust domain.
 *
 * To delete the object ends the fetching, not the trust: the stored bundle stays until `spire-server bundle delete`.
 *
 * @example
 *
 * new ClusterFederatedTrustDomain(chart, 'partner', {
 *   trustDomain: 'partner.example',
 *   bundleEndpointUrl: 'https://spire.partner.example',
 *   profile: BundleEndpointProfile.httpsWeb(),
 * });
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterfederatedtrustdomain-crd.md
 */
export class ClusterFederatedTrustDomain extends KubeObject {
  /** Name of the foreign trust domain. */
  readonly trustDomain: string;

  constructor(scope: Construct, id: string, props: ClusterFederatedTrustDomainProps) {
    const reader = new PropReader();
    const given = (props ?? {}) as ClusterFederatedTrustDomainProps;
    const spec = specOf(given, reader);
    super(scope, id, {
      apiVersion: API_VERSION,
      kind: 'ClusterFederatedTrustDomain',
      metadata: reader.metadata(given),
      spec,
    });
    setNoDependents(this);
    this.trustDomain = spec.trustDomain as string;
    for (const finding of reader.findings) report(this, finding);
    const server = serverOf(given.profile, this.trustDomain);
    if (!server || server.trustDomain === reader.ownTrustDomain('ownTrustDomain', given.ownTrustDomain)) return;
    addCheck(this, () => (believesBeside(this, server.trustDomain) ? [] : [strangeServer(this.trustDomain, server)]));
  }
}

/** Whose SVID the endpoint shows, where it is that of another trust domain. */
interface Server {
  readonly id: string;
  readonly trustDomain: string;
}

function serverOf(profile: unknown, trustDomain: unknown): Server | undefined {
  if (!isRecord(profile) || profile.type !== 'https_spiffe' || typeof trustDomain !== 'string') return undefined;
  const id = profile.endpointSPIFFEID as string;
  const parsed = SpiffeId.tryParse(id);
  if (!parsed.ok || parsed.value.trustDomain.name === trustDomain) return undefined;
  return { id, trustDomain: parsed.value.trustDomain.name };
}

/** Whether there is a relationship with a trust domain beside this one. */
function believesBeside({ node }: Construct, trustDomain: string): boolean {
  const isOf = (other: unknown) =>
    other instanceof ClusterFederatedTrustDomain && (other as ClusterFederatedTrustDomain).trustDomain === trustDomain;
  // Those of a mesh are called like their trust domains.
  return isOf(node.scope?.node.tryFindChild(trustDomain)) || (node.scope?.node.children ?? []).some(isOf);
}

const strangeServer = (trustDomain: string, server: Server): FindingInput => ({
  rule: 'bundle-endpoint-profile',
  severity: 'warning',
  property: 'profile.endpointSPIFFEID',
  value: server.id,
  message: `is not in trust domain '${trustDomain}': the server needs the bundle of another trust domain to fetch this one`,
  remedy: `write 'spiffe://${trustDomain}/spire/server', or federate with '${server.trustDomain}' too`,
});

function specOf(props: ClusterFederatedTrustDomainProps, reader: PropReader) {
  const trustDomain = reader.trustDomain('trustDomain', props.trustDomain ?? null);
  const own = reader.ownTrustDomain('ownTrustDomain', props.ownTrustDomain);
  if (own !== undefined && own === trustDomain) {
    reader.add('federation-self', 'trustDomain', trustDomain, {
      message: 'is the own trust domain of the cluster',
      remedy: 'name a foreign one, or remove the object: servers of one trust domain share its bundle',
    });
  }
  return defined({
    trustDomain,
    bundleEndpointURL: urlOf(props.bundleEndpointUrl ?? null, reader),
    bundleEndpointProfile: profileOf(props.profile, reader),
    trustDomainBundle: bundleOf(props.trustDomainBundle, reader),
    className: reader.text('class-name', 'className', props.className),
  });
}

function urlOf(url: unknown, reader: PropReader): unknown {
  if (typeof url !== 'string') return reader.text('bundle-endpoint-url', 'bundleEndpointUrl', url);
  const problem = endpointUrlProblem(url);
  if (problem) reader.add('bundle-endpoint-url', 'bundleEndpointUrl', withoutUserInfo(url), problem);
  return url;
}

function profileOf(profile: unknown, reader: PropReader): unknown {
  const rule = 'bundle-endpoint-profile';
  if (!isRecord(profile) || (profile.type !== 'https_web' && profile.type !== 'https_spiffe')) {
    reader.add(rule, 'profile', profile ?? null, {
      message: 'is not a profile of a bundle endpoint',
      remedy: 'write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…)',
    });
    return profile;
  }
  const id = profile.endpointSPIFFEID;
  if (profile.type === 'https_web') {
    if (id !== undefined && id !== '') {
      reader.add(rule, 'profile.endpointSPIFFEID', id, {
        message: 'is set, but https_web does not use it',
        remedy: 'remove it, or write BundleEndpointProfile.httpsSpiffe(…)',
      });
    }
    return profile;
  }
  if (isLate(id)) return profile;
  const parsed = SpiffeId.tryParse(id as string);
  if (!parsed.ok) reader.add(rule, 'profile.endpointSPIFFEID', id ?? null, idProblem(parsed.error));
  return profile;
}

function bundleOf(bundle: unknown, reader: PropReader): unknown {
  if (typeof bundle === 'string') reader.findings.push(...bundleFindings('trustDomainBundle', bundle));
  else reader.text('bundle', 'trustDomainBundle', bundle);
  return bundle;
}
