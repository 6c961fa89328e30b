import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import { webTrustFindings } from '../cert-manager';
import { type FindingInput, isLate, PLAIN_PROBLEM } from '../core';
import { BundleEndpointProfile } from '../registration';
import { fetchingProblem } from './external-fetching';
import { type Problem, timeProblem } from './external-problem';
import type { ExternalTrustDomain, ExternalTrustDomainProps } from './external-trust-domain';
import { problemOf } from './rules/names';
import { parsedUrl, withoutUserInfo } from './url';

/** Properties of an external trust domain that can be worked with. */
export interface ExternalReading {
  /** Those that are right; the required ones always, with a stand-in that draws no further findings. */
  readonly props: ExternalTrustDomainProps;
  /** Whether its bundle can be fetched: not that of one that only fetches others'. */
  readonly serves: boolean;
  /** What is wrong with the others, each with the property's own name. */
  readonly findings: readonly (FindingInput & { readonly property: string })[];
  /** Whether there is a trust domain to speak of, right or wrong. */
  readonly isMember: boolean;
}

const SERVED_BY: readonly string[] = ['spire', 'object-store', 'other'];

/** What each property must be; undefined is not asked about. */
const CHECKS: Readonly<Record<keyof ExternalTrustDomainProps, (value: unknown) => Problem | undefined>> = {
  trustDomain: textProblem("write its name, such as 'partner.example'"),
  bundleEndpointUrl: urlProblem,
  profile: profileProblem,
  seed: textProblem('write the JSON of the bundle as one text'),
  trust: trustProblem,
  refreshHint: timeProblem,
  caTtl: timeProblem,
  servedBy: (value) =>
    SERVED_BY.includes(value as string)
      ? undefined
      : problem('property-kind', value, {
          message: 'is not a word that is known here',
          remedy: `write one of ${SERVED_BY.join(', ')}`,
        }),
  hostedBy: hostProblem,
  fetches: fetchingProblem,
  name: textProblem('write it in quotes'),
};

const REQUIRED: Readonly<Partial<Record<keyof ExternalTrustDomainProps, string>>> = {
  trustDomain: "write its name, such as 'partner.example'",
  bundleEndpointUrl: "write where its bundle is fetched, such as 'https://bundle.partner.example'",
  profile: 'write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…)',
};

/** Reads what is known of an external trust domain. Every mistake is one finding, and what it spoils is left out. */
export function readExternal({ props: given }: ExternalTrustDomain): ExternalReading {
  const findings: (FindingInput & { readonly property: string })[] = [];
  const usable: Record<string, unknown> = {};
  const onlyFetches = given.fetches != null && given.bundleEndpointUrl == null && given.profile == null;
  for (const [property, remedy] of Object.entries(REQUIRED)) {
    if (onlyFetches && property !== 'trustDomain') continue;
    if ((given as unknown as Record<string, unknown>)[property] != null) continue;
    findings.push({ rule: 'external-trust-domain', property, message: 'is missing', remedy });
  }
  for (const [property, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const check = Object.hasOwn(CHECKS, property) ? CHECKS[property as keyof typeof CHECKS] : unknownProblem;
    const found = check(value);
    if (!found) {
      usable[property] = value;
      continue;
    }
    const { at = '', ...rest } = found;
    findings.push({ ...rest, property: `${property}${at}` });
  }
  const { trustDomain } = usable;
  return {
    // The rest is worth a look nevertheless, and nothing is written as long as there are findings.
    props: {
      bundleEndpointUrl: `https://${trustDomain}`,
      profile: BundleEndpointProfile.httpsWeb(),
      ...(usable as Partial<ExternalTrustDomainProps>),
    } as ExternalTrustDomainProps,
    findings,
    serves: !onlyFetches,
    isMember: trustDomain !== undefined,
  };
}

/** Late values are not shown: they have no text yet. */
function problem(rule: string, value: unknown, text: { message: string; remedy: string }): Problem {
  return isLate(value) ? { rule, ...PLAIN_PROBLEM } : { rule, value, ...text };
}

function textProblem(remedy: string): (value: unknown) => Problem | undefined {
  return (value) => {
    if (typeof value === 'string') {
      return value === '' ? { rule: 'property-kind', value, message: 'is empty', remedy } : undefined;
    }
    return problem('property-kind', value, { message: 'is not text', remedy });
  };
}

function urlProblem(value: unknown): Problem | undefined {
  const rule = 'bundle-endpoint-url';
  const example = "such as 'https://bundle.partner.example'";
  if (typeof value !== 'string')
    return problem(rule, value, { message: 'is not text', remedy: `write a URL, ${example}` });
  const shown = withoutUserInfo(value);
  if (!/^https:\/\//i.test(value)) {
    return { rule, value: shown, message: 'does not begin with https://', remedy: `write a URL that does, ${example}` };
  }
  const url = parsedUrl(value);
  if (!url || /\s/.test(value)) return { rule, value: shown, message: 'is not a URL', remedy: `write one, ${example}` };
  if (url.username === '' && url.password === '') return undefined;
  const message = 'has a user name or password in it';
  return { rule, value: shown, message, remedy: 'remove it: bundles are public' };
}

function profileProblem(value: unknown): Problem | undefined {
  const rule = 'bundle-endpoint-profile';
  if (isLate(value)) return { rule, ...PLAIN_PROBLEM };
  const { type, endpointSPIFFEID: id } = value as { type?: unknown; endpointSPIFFEID?: unknown };
  if (type === 'https_web') return undefined;
  if (type !== 'https_spiffe') {
    const shown = typeof value === 'string' ? { value } : {};
    const remedy = REQUIRED.profile as string;
    return { rule, ...shown, message: 'is not a profile of a bundle endpoint', remedy };
  }
  const at = '.endpointSPIFFEID';
  if (isLate(id)) return { rule, at, ...PLAIN_PROBLEM };
  const parsed = SpiffeId.tryParse(id as string);
  if (parsed.ok) return undefined;
  return { rule, at, ...(typeof id === 'string' && { value: id }), ...problemOf(parsed.error) };
}

function trustProblem(value: unknown): Problem | undefined {
  if (isLate(value)) return { rule: 'web-trust', ...PLAIN_PROBLEM };
  // One is enough: they are about one and the same value.
  const [found] = webTrustFindings('', value);
  if (!found) return undefined;
  const { property = '', ...rest } = found;
  return { ...rest, at: property };
}

function hostProblem(value: unknown): Problem | undefined {
  const rule = 'external-trust-domain';
  if (isLate(value)) return { rule, ...PLAIN_PROBLEM };
  if (TrustDomain.is(value)) return undefined;
  const parsed = TrustDomain.tryParse(value as string);
  return parsed.ok ? undefined : { rule, ...(typeof value === 'string' && { value }), ...problemOf(parsed.error) };
}

function unknownProblem(): Problem {
  const message = 'is not a property';
  return { rule: 'property-unknown', message, remedy: `write one of ${Object.keys(CHECKS).join(', ')}` };
}
