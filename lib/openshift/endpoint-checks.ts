import type { BundleEndpoint, OpenShiftExposure, WebCertificate } from '../cluster';
import { containsLate, type FindingInput, isLate, isObject, PLAIN_PROBLEM } from '../core';
import { hostProblem, type ZtwimLayout } from './layout';
import { emailProblem } from './ztwim-federation';

const AT = 'bundleEndpoint';
const HOST = `${AT}.host`;
const EXPOSURE = `${AT}.exposure`;

/** What stands in for an exposure that is none: it takes every host, so that nothing more is said of that. */
const STAND_IN: OpenShiftExposure = { type: 'route' };

/** What is said of a value that is no bundle endpoint at all; undefined when it is one. */
export function endpointProblem(given: BundleEndpoint<OpenShiftExposure>): FindingInput | undefined {
  if (given.profile === 'https_web' || given.profile === 'https_spiffe') return undefined;
  return {
    rule: 'bundle-endpoint',
    property: AT,
    ...(!containsLate(given) && { value: given }),
    message: 'is not a bundle endpoint',
    remedy: 'make it with BundleEndpoint.httpsWeb() or BundleEndpoint.httpsSpiffe()',
  };
}

/** An exposure without what is wrong with it, and the findings about that. */
export function readExposure(exposure: unknown): { exposure: OpenShiftExposure; findings: FindingInput[] } {
  if (exposure === undefined || exposure === null) return { exposure: { type: 'managed-route' }, findings: [] };
  const given = (isObject(exposure) && !isLate(exposure) ? exposure : {}) as Readonly<Record<string, unknown>>;
  const { type, ...fields } = given;
  if (type !== 'managed-route' && type !== 'route') {
    const value = containsLate(exposure) ? {} : { value: type ?? exposure };
    const message = 'is not an exposure on OpenShift';
    const remedy = 'leave it out for the Route of the operator, or write Exposure.route()';
    return {
      exposure: STAND_IN,
      findings: [{ rule: 'bundle-endpoint-exposure', property: EXPOSURE, ...value, message, remedy }],
    };
  }
  const findings = Object.keys(fields).flatMap((name): FindingInput[] => {
    if (fields[name] == null || (type === 'route' && name === 'annotations')) return [];
    const remedy = type === 'route' ? 'write one of annotations' : 'leave it out, or write Exposure.route()';
    return [{ rule: 'property-unknown', property: `${EXPOSURE}.${name}`, message: 'is not a property', remedy }];
  });
  const { annotations } = fields;
  if (type === 'managed-route' || annotations == null) return { exposure: { type }, findings };
  const problem = annotationsProblem(annotations);
  if (!problem) return { exposure: { type, annotations: annotations as Readonly<Record<string, string>> }, findings };
  const finding = { rule: 'bundle-endpoint-exposure', property: `${EXPOSURE}.annotations`, ...problem };
  return { exposure: { type }, findings: [...findings, finding] };
}

function annotationsProblem(annotations: unknown): (Partial<FindingInput> & { message: string }) | undefined {
  if (isObject(annotations) && Object.values(annotations as object).every((text) => typeof text === 'string')) {
    return undefined;
  }
  if (containsLate(annotations)) return PLAIN_PROBLEM;
  return { value: annotations, message: 'is not a map of text', remedy: "write { 'example.com/key': 'value' }" };
}

/**
 * The host of the endpoint's Route, and what a Route or the operator has against the one that was read.
 *
 * @param host as it was read
 * @param known what was found about it already
 * @param managed whether the operator makes the Route
 */
export function routeHost(
  host: string,
  known: readonly FindingInput[],
  layout: ZtwimLayout,
  managed: boolean,
): { host: string; findings: FindingInput[] } {
  const ours = layout.federationHost;
  // The router's wildcard covers it, so that no more is said of the host.
  const covered = `federation.${layout.appsDomain}`;
  const standIn = hostProblem(covered) ? 'federation.invalid' : covered;
  if (known.some(({ property }) => property === HOST)) return { host: standIn, findings: [] };
  const problem = hostProblem(host);
  const at = { rule: 'bundle-endpoint-host', property: HOST, value: host };
  if (host === ours && problem) {
    const message = 'follows from the trust domain, and is not a host that a Route can have';
    const remedy =
      'choose a trust domain that is a DNS name of at most 242 characters, or write exposure: Exposure.route()';
    return { host: standIn, findings: [{ ...at, message, remedy }] };
  }
  if (managed && host !== ours) {
    const message = `is not the host of the Route that the operator makes, which is '${ours}'`;
    const remedy = 'leave it out, or make the Route here: exposure: Exposure.route()';
    return { host: hostProblem(ours) ? standIn : ours, findings: [{ ...at, message, remedy }] };
  }
  return problem ? { host: standIn, findings: [{ ...at, ...problem }] } : { host, findings: [] };
}

/** What ZTWIM has against a certificate that is right elsewhere. */
export function certificateFindings(certificate: WebCertificate): FindingInput[] {
  const { acme, secretName } = certificate as { readonly acme?: unknown; readonly secretName?: unknown };
  if (isLate(secretName)) {
    return [{ rule: 'bundle-endpoint-certificate', property: `${AT}.secretName`, ...PLAIN_PROBLEM }];
  }
  const { email } = (acme ?? {}) as { email?: unknown };
  const problem = typeof email === 'string' ? emailProblem(email) : undefined;
  return problem ? [{ rule: 'acme-email', property: `${AT}.acme.email`, value: email, ...problem }] : [];
}
