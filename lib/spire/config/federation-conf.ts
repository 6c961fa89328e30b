import { isIP } from 'node:net';
import { type DurationLike, isLate, type Late } from '../../core';
import type { Checks } from './checks';
import { HclBlock, type HclBody } from './hcl';
import { bodyOf } from './model';
import { refreshHintFindings } from './refresh-hint';

/** Certificates of the bundle endpoint from an ACME authority. */
export interface BundleEndpointAcme {
  /** @default - Let's Encrypt */
  readonly directory_url?: Late<string>;
  /** Host name of the endpoint. */
  readonly domain_name: Late<string>;
  /** Address of the account at the authority. */
  readonly email: Late<string>;
  /** Whether the authority's terms of service are accepted; without it there is no certificate. @default false */
  readonly tos_accepted?: boolean;
}

/** Certificate of the bundle endpoint from files, which are read again when they change. */
export interface ServingCertFile {
  /** Absolute path (PEM). The file must exist when SPIRE starts. */
  readonly cert_file_path: string;
  /** Absolute path (PEM). The file must exist when SPIRE starts. */
  readonly key_file_path: string;
  /** How often the files are looked at. Always written: SPIRE does not start without it. @default '1h' */
  readonly file_sync_interval?: DurationLike;
}

/** How the bundle endpoint proves itself: by SPIRE's own identity, or by a certificate that browsers know too. */
export type BundleEndpointProfile =
  | { readonly https_spiffe: Readonly<Record<string, never>> }
  | { readonly https_web: { readonly acme: BundleEndpointAcme } | { readonly serving_cert_file: ServingCertFile } };

/** `server.federation.bundle_endpoint`: where others fetch this trust domain's bundle, at the path `/`. */
export interface ServerBundleEndpoint {
  /** IP address to listen at. SPIRE takes a host name silently for all addresses. */
  readonly address: string;
  /** TCP port, 1 to 65535. SPIRE takes any free one if it is left out. */
  readonly port: number;
  /** How often others should look for a new bundle, 1 minute to a day. @default '5m' */
  readonly refresh_hint?: DurationLike;
  readonly profile: BundleEndpointProfile;
}

/** `server.federation.federates_with`: where another trust domain's bundle is fetched. */
export interface FederatesWith {
  /** An https URL. An endpoint that SPIRE serves itself has the path `/`. */
  readonly bundle_endpoint_url: Late<string>;
  /** How the other endpoint proves itself. */
  readonly bundle_endpoint_profile:
    | { readonly https_web: Readonly<Record<string, never>> }
    | { readonly https_spiffe: { /** SPIFFE ID of the endpoint. */ readonly endpoint_spiffe_id: Late<string> } };
}

/** `server.federation`. */
export interface Federation {
  /** @default - others cannot fetch this trust domain's bundle from the server */
  readonly bundle_endpoint?: ServerBundleEndpoint;
  /** By trust domain. They override what is registered through the API, and its list does not show them. @default - none */
  readonly federates_with?: Readonly<Record<string, FederatesWith>>;
}

/** The section as it is written. */
export function federationBody({ bundle_endpoint, federates_with }: Federation): HclBody {
  const peers = Object.entries(federates_with ?? {});
  return {
    bundle_endpoint: bundle_endpoint && {
      ...bodyOf({ ...bundle_endpoint, profile: undefined }),
      profile: [profileBlock(bundle_endpoint.profile)],
    },
    // Written as a list, as nothing shows that it is a map, an empty one would be refused by SPIRE.
    federates_with: peers.length === 0 ? undefined : peers.map(peerBlock),
  };
}

function peerBlock([trustDomain, peer]: readonly [string, FederatesWith]): HclBlock {
  return new HclBlock(trustDomain, {
    bundle_endpoint_url: peer.bundle_endpoint_url,
    bundle_endpoint_profile: Object.entries(peer.bundle_endpoint_profile).map(
      ([name, body]) => new HclBlock(name, bodyOf(body)),
    ),
  });
}

function profileBlock(profile: BundleEndpointProfile): HclBlock {
  if ('https_spiffe' in profile) return new HclBlock('https_spiffe', {});
  const web = profile.https_web;
  if ('acme' in web) return new HclBlock('https_web', { acme: bodyOf(web.acme) });
  // SPIRE's documentation names a default of 1h, but the text '' is parsed before it is looked at.
  return new HclBlock('https_web', {
    serving_cert_file: bodyOf({
      ...web.serving_cert_file,
      file_sync_interval: web.serving_cert_file.file_sync_interval ?? '1h',
    }),
  });
}

/** Findings about the section. */
export function federationFindings(checks: Checks, federation: Federation | undefined, trustDomain: unknown): void {
  if (!federation) return;
  if (federation.bundle_endpoint) endpointFindings(checks, federation.bundle_endpoint);
  for (const [name, peer] of Object.entries(federation.federates_with ?? {})) {
    peerFindings(checks, `server.federation.federates_with.${name}`, name, peer);
    if (name === trustDomain) {
      checks.add({
        rule: 'federation-self',
        property: 'server.federation.federates_with',
        value: name,
        message: "is the server's own trust domain",
        remedy: 'leave it out: a server knows its own bundle',
      });
    }
  }
}

function endpointFindings(checks: Checks, endpoint: ServerBundleEndpoint): void {
  const property = 'server.federation.bundle_endpoint';
  if (isIP(endpoint.address) === 0) {
    checks.add({
      rule: 'bundle-endpoint-address',
      property: `${property}.address`,
      value: endpoint.address,
      message: 'is not an IP address, and SPIRE would listen at all addresses without a word',
      remedy: "write an address such as '0.0.0.0'",
    });
  }
  checks.required(`${property}.port`, endpoint.port, 'write a TCP port, such as 8443');
  checks.port(`${property}.port`, endpoint.port);
  refreshHintFindings(checks, `${property}.refresh_hint`, endpoint.refresh_hint);
  checks.required(`${property}.profile`, endpoint.profile, 'write https_spiffe or https_web');
  if (!endpoint.profile || !('https_web' in endpoint.profile)) return;
  const web = endpoint.profile.https_web;
  const at = `${property}.profile.https_web`;
  if ('acme' in web) {
    checks.url(`${at}.acme.directory_url`, web.acme.directory_url, ['https', 'http']);
    checks.required(`${at}.acme.domain_name`, web.acme.domain_name, 'write the host name of the endpoint');
    checks.required(`${at}.acme.email`, web.acme.email, 'write the address of the account at the authority');
    if (web.acme.tos_accepted !== true) {
      checks.add({
        rule: 'acme-terms',
        property: `${at}.acme.tos_accepted`,
        message: 'is not true, so the authority would give no certificate',
        remedy: "accept the authority's terms of service with true",
      });
    }
    return;
  }
  checks.absolutePath(`${at}.serving_cert_file.cert_file_path`, web.serving_cert_file.cert_file_path);
  checks.absolutePath(`${at}.serving_cert_file.key_file_path`, web.serving_cert_file.key_file_path);
  checks.positiveDuration(`${at}.serving_cert_file.file_sync_interval`, web.serving_cert_file.file_sync_interval);
}

function peerFindings(checks: Checks, property: string, name: string, peer: FederatesWith): void {
  checks.trustDomain('server.federation.federates_with', name);
  const at = `${property}.bundle_endpoint_url`;
  checks.required(at, peer.bundle_endpoint_url, "write the URL of the other trust domain's bundle endpoint");
  const url = peer.bundle_endpoint_url;
  if (!isLate(url) && url) checks.url(at, url, ['https'], 'federation-url');
  const profiles = Object.keys(peer.bundle_endpoint_profile ?? {});
  if (profiles.length !== 1) {
    checks.add({
      rule: 'federation-profile',
      property: `${property}.bundle_endpoint_profile`,
      message: `has ${profiles.length} profiles, and SPIRE takes exactly one`,
      remedy: 'write https_web or https_spiffe',
    });
  }
  if (peer.bundle_endpoint_profile && 'https_spiffe' in peer.bundle_endpoint_profile) {
    const id = peer.bundle_endpoint_profile.https_spiffe.endpoint_spiffe_id;
    checks.spiffeId(`${property}.bundle_endpoint_profile.https_spiffe.endpoint_spiffe_id`, id);
  }
}
