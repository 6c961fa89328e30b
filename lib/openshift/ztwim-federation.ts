import type { IConstruct } from 'constructs';
import { LETS_ENCRYPT } from '../cert-manager';
import { Duration, type DurationLike, isLate, type Late } from '../core';
import { type NameProblem, subdomainProblem } from '../kube';
import { Parent } from '../registration';
import { Fields, word } from './fields';
import { hostProblem, type ZtwimLayout } from './layout';

/** A certificate that the SPIRE server itself gets from an ACME authority, which must reach it from outside. */
export interface ZtwimAcme {
  /** Directory of the authority. @default - Let's Encrypt's */
  readonly directoryUrl?: Late<string>;
  /** Address of the account, with at least two characters before the '@'. */
  readonly email: Late<string>;
  /** Accepts the authority's terms of service; without it there is no certificate. */
  readonly tosAccepted: true;
}

/** A certificate that OpenShift's router serves; between router and server there is one of OpenShift's service CA. */
export interface ZtwimServingCert {
  /**
   * Secret of type `kubernetes.io/tls` in the operator's namespace that the router serves.
   *
   * @default - the router's own certificate
   */
  readonly externalSecretRef?: string;
  /**
   * How often the server reads the certificate of the service CA anew, in whole seconds from 1 hour to 90 days. It has
   * nothing to do with the renewal of the Secret, which the router reads. Always written: where it is 0 the operator takes
   * another value than its definition says.
   *
   * @default '24h'
   */
  readonly fileSyncInterval?: DurationLike;
}

interface Options {
  /**
   * How often others shall look for a new bundle, in whole seconds from 1 minute to 1 hour; SPIRE looks four times as often.
   *
   * @default '5m'
   */
  readonly refreshHint?: DurationLike;
}

/** Who makes the Route. */
type RouteChoice =
  | {
      /** The operator makes it, for the host `federation.<trust domain>`. @default true */
      readonly managedRoute?: true;
      readonly host?: undefined;
    }
  | {
      /** You make it. The operator then never reports itself ready, and leaves a Route in place that it has made before. */
      readonly managedRoute: false;
      /** Host of your Route. @default - `federation.<trust domain>` */
      readonly host?: string;
    };

type ProfileChoice =
  | { readonly profile: 'https_spiffe'; readonly acme?: undefined; readonly servingCert?: undefined }
  | { readonly profile: 'https_web'; readonly acme: ZtwimAcme; readonly servingCert?: undefined }
  | { readonly profile: 'https_web'; readonly servingCert: ZtwimServingCert; readonly acme?: undefined };

/**
 * The bundle endpoint. Once there it cannot be removed, nor can its profile or the kind of its certificate be changed: that
 * takes a new installation.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/routes.go
 */
export type ZtwimFederation = Options & RouteChoice & ProfileChoice;

/** The bundle endpoint as others see it. */
export interface ZtwimEndpoint {
  readonly profile: 'https_spiffe' | 'https_web';
  /** Host of its Route, at port 443. */
  readonly host: string;
  /** Whether the operator makes the Route. */
  readonly managedRoute: boolean;
  /** Who ends TLS: the SPIRE server, or the router. */
  readonly termination: 'passthrough' | 'reencrypt';
  readonly refreshHint: Duration;
  /** SPIFFE ID by which it proves itself, with `https_spiffe`. */
  readonly spiffeId?: string;
  /** Where its certificate comes from, with `https_web`: ACME, a Secret, or the router's own. */
  readonly certificate?: 'acme' | 'secret' | 'router';
  /** Secret that the router serves. */
  readonly secretName?: string;
}

const RULE = 'ztwim-federation';
const AT = 'federation';
const KNOWN = ['profile', 'acme', 'servingCert', 'refreshHint', 'managedRoute', 'host'];
const DAY = 24 * 60 * 60;

/** The local part has two characters at least. */
const EMAIL =
  /^[a-zA-Z0-9][a-zA-Z0-9._%+-]*[a-zA-Z0-9]@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.[a-zA-Z]{2,}$/;

/** The bundle endpoint as the resource holds it, and as others see it; undefined when there is none. */
export function readFederation(
  scope: IConstruct,
  given: unknown,
  layout: ZtwimLayout,
): { readonly fields: object; readonly endpoint: ZtwimEndpoint } | undefined {
  if (given === undefined) return undefined;
  const fields = Fields.of(scope, RULE, AT, given, KNOWN);
  const profile = fields.raw('profile');
  if (profile !== 'https_spiffe' && profile !== 'https_web') {
    const problem = { message: 'is not a profile of a bundle endpoint', remedy: 'write https_web or https_spiffe' };
    fields.add('profile', problem, isLate(profile) ? undefined : (profile ?? null));
    return undefined;
  }
  const managedRoute = fields.flag('managedRoute') ?? true;
  const host = hostOf(fields, layout, managedRoute);
  const refreshHint = fields.seconds('refreshHint', 60, 3600) ?? 300;
  const common: Omit<ZtwimEndpoint, 'termination'> = {
    profile,
    host,
    managedRoute,
    refreshHint: Duration.seconds(refreshHint),
  };
  const result = (
    httpsWeb: object | undefined,
    endpoint: Pick<ZtwimEndpoint, 'termination' | 'spiffeId' | 'certificate' | 'secretName'>,
  ) => ({
    fields: {
      bundleEndpoint: { profile, refreshHint, ...(httpsWeb && { httpsWeb }) },
      managedRoute: word(managedRoute),
    },
    endpoint: { ...common, ...endpoint },
  });
  const kinds = (['acme', 'servingCert'] as const).filter((kind) => fields.raw(kind) !== undefined);
  if (profile === 'https_spiffe') {
    for (const kind of kinds) {
      fields.add(kind, { message: 'has no effect with https_spiffe', remedy: 'leave it out, or write https_web' });
    }
    return result(undefined, { termination: 'passthrough', spiffeId: Parent.server(layout.trustDomain) });
  }
  if (kinds.length !== 1) {
    const message = kinds.length === 0 ? 'has neither acme nor servingCert' : 'has both acme and servingCert';
    fields.add('', { message, remedy: 'write exactly one of the two with https_web' });
    return undefined;
  }
  if (kinds[0] === 'acme') {
    const acme = acmeOf(scope, fields.raw('acme'), host);
    return result({ acme }, { termination: 'passthrough', certificate: 'acme' });
  }
  const servingCert = servingCertOf(scope, fields.raw('servingCert'));
  const secretName = servingCert.externalSecretRef;
  return result(
    { servingCert },
    { termination: 'reencrypt', certificate: secretName ? 'secret' : 'router', ...(secretName && { secretName }) },
  );
}

function hostOf(fields: Fields, layout: ZtwimLayout, managedRoute: boolean): string {
  const ours = layout.federationHost;
  if (managedRoute && fields.raw('host') !== undefined && fields.raw('host') !== ours) {
    const message = `is not the host of the operator's Route, which is '${ours}'`;
    fields.add('host', { message, remedy: 'leave it out, or write managedRoute: false' }, fields.raw('host'));
    return ours;
  }
  const host = fields.plainText('host', { check: hostProblem, fallback: ours });
  if (host === ours && hostProblem(ours)) {
    const message = 'follows from the trust domain, and is not a host that a Route can have';
    fields.add('host', { message, remedy: 'choose a trust domain that is a DNS name of at most 242 characters' }, ours);
  }
  return host;
}

function acmeOf(scope: IConstruct, given: unknown, host: string): object {
  const fields = Fields.of(scope, RULE, `${AT}.acme`, given, ['directoryUrl', 'email', 'tosAccepted']);
  if (fields.raw('tosAccepted') !== true) {
    const message = 'is not true, so the operator would set up nothing';
    fields.add('tosAccepted', { message, remedy: "accept the authority's terms of service with true" });
  }
  return {
    directoryUrl: fields.text('directoryUrl', { check: directoryProblem, fallback: LETS_ENCRYPT }),
    domainName: host,
    email: fields.text('email', { check: emailProblem, required: true }),
    tosAccepted: word(true),
  };
}

function servingCertOf(scope: IConstruct, given: unknown): { externalSecretRef?: string; fileSyncInterval: number } {
  const fields = Fields.of(scope, RULE, `${AT}.servingCert`, given, ['externalSecretRef', 'fileSyncInterval']);
  const externalSecretRef = fields.plainText('externalSecretRef', { check: subdomainProblem });
  const fileSyncInterval = fields.seconds('fileSyncInterval', 3600, 90 * DAY) ?? DAY;
  return { ...(externalSecretRef !== undefined && { externalSecretRef }), fileSyncInterval };
}

function directoryProblem(url: string): NameProblem {
  if (/^https:\/\/[^/?#\s]+/.test(url) && URL.canParse(url)) return undefined;
  return { message: 'is not an https URL', remedy: "write the authority's directory, or leave it out" };
}

/** What is wrong with the address of an ACME account; undefined when the operator takes it. */
export function emailProblem(email: string): NameProblem {
  if (EMAIL.test(email)) return undefined;
  return {
    message: 'is not an address that ZTWIM accepts',
    remedy: "write one with at least two characters before the '@', such as 'pki@example.com'",
  };
}
