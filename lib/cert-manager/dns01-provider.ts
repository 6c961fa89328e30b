import type { LateObject } from '../core';

/** A key of a Secret: in the issuer's namespace, or in cert-manager's own for a ClusterIssuer. */
export interface SecretKeyRef {
  /** Name of the Secret. */
  readonly name: string;
  /** Key in the Secret. */
  readonly key: string;
}

/** A domain of acme-dns. @see https://cert-manager.io/docs/configuration/acme/dns01/acme-dns/ */
export interface AcmeDns {
  /** URL of the acme-dns server. */
  readonly host: string;
  /** Accounts by domain, in JSON. */
  readonly accountSecretRef: SecretKeyRef;
}

/** Zones of Akamai. @see https://cert-manager.io/docs/configuration/acme/dns01/akamai/ */
export interface AkamaiDns {
  readonly serviceConsumerDomain: string;
  readonly accessTokenSecretRef: SecretKeyRef;
  readonly clientSecretSecretRef: SecretKeyRef;
  readonly clientTokenSecretRef: SecretKeyRef;
}

/** A zone of Azure. @see https://cert-manager.io/docs/configuration/acme/dns01/azuredns/ */
export interface AzureDns {
  readonly subscriptionID: string;
  readonly resourceGroupName: string;
  /** @default - found by the certificate's names */
  readonly hostedZoneName?: string;
  /** @default 'AzurePublicCloud' */
  readonly environment?: 'AzurePublicCloud' | 'AzureChinaCloud' | 'AzureGermanCloud' | 'AzureUSGovernmentCloud';
  /** @default 'AzurePublicZone' */
  readonly zoneType?: 'AzurePublicZone' | 'AzurePrivateZone';
  /** With `clientSecretSecretRef` and `tenantID`. @default - the pod's own identity */
  readonly clientID?: string;
  /** @default - the pod's own identity */
  readonly clientSecretSecretRef?: SecretKeyRef;
  /** @default - the pod's own identity */
  readonly tenantID?: string;
  /** A managed identity by its client ID or resource ID. @default - that of the pod */
  readonly managedIdentity?: { readonly clientID?: string; readonly resourceID?: string; readonly tenantID?: string };
}

/** A zone of Google Cloud. @see https://cert-manager.io/docs/configuration/acme/dns01/google/ */
export interface CloudDns {
  readonly project: string;
  /** @default - found by the certificate's names */
  readonly hostedZoneName?: string;
  /** @default - the pod's own identity */
  readonly serviceAccountSecretRef?: SecretKeyRef;
}

/** Zones of Cloudflare. @see https://cert-manager.io/docs/configuration/acme/dns01/cloudflare/ */
export interface CloudflareDns {
  /** A token that may edit the zone. @default - `apiKeySecretRef` is used */
  readonly apiTokenSecretRef?: SecretKeyRef;
  /** The account's global key, with `email`. @default - `apiTokenSecretRef` is used */
  readonly apiKeySecretRef?: SecretKeyRef;
  /** The account that the global key belongs to. @default - none */
  readonly email?: string;
}

/** Zones of DigitalOcean. @see https://cert-manager.io/docs/configuration/acme/dns01/digitalocean/ */
export interface DigitalOceanDns {
  readonly tokenSecretRef: SecretKeyRef;
}

/** Dynamic updates. @see https://cert-manager.io/docs/configuration/acme/dns01/rfc2136/ */
export interface Rfc2136Dns {
  /** Address and port of the primary server, such as `192.0.2.53:53`. */
  readonly nameserver: string;
  /** @default 'UDP' */
  readonly protocol?: 'TCP' | 'UDP';
  /** Name of the key. @default - updates are not signed */
  readonly tsigKeyName?: string;
  /** The key, in base64. @default - updates are not signed */
  readonly tsigSecretSecretRef?: SecretKeyRef;
  /** @default 'HMACMD5' */
  readonly tsigAlgorithm?: 'HMACMD5' | 'HMACSHA1' | 'HMACSHA256' | 'HMACSHA512';
}

/** Zones of AWS. @see https://cert-manager.io/docs/configuration/acme/dns01/route53/ */
export interface Route53Dns {
  /** @default - that of the pod's environment */
  readonly region?: string;
  /** @default - found by the certificate's names */
  readonly hostedZoneID?: string;
  /** ARN of a role to assume. @default - none */
  readonly role?: string;
  /** @default - the pod's own identity */
  readonly accessKeyID?: string;
  /** @default - the pod's own identity */
  readonly accessKeyIDSecretRef?: SecretKeyRef;
  /** @default - the pod's own identity */
  readonly secretAccessKeySecretRef?: SecretKeyRef;
  /** A service account of the issuer's namespace to act as. @default - the pod's own identity */
  readonly auth?: {
    readonly kubernetes: {
      readonly serviceAccountRef: { readonly name: string; readonly audiences?: readonly string[] };
    };
  };
}

/** Any provider, by a program beside cert-manager. @see https://cert-manager.io/docs/configuration/acme/dns01/webhook/ */
export interface WebhookDns {
  /** API group of the webhook. */
  readonly groupName: string;
  readonly solverName: string;
  /** What the webhook is told. @default - nothing */
  readonly config?: Readonly<Record<string, string | number | boolean | object>>;
}

/** DNS providers by cert-manager's field names. */
export interface Dns01Providers {
  readonly acmeDNS: AcmeDns;
  readonly akamai: AkamaiDns;
  readonly azureDNS: AzureDns;
  readonly cloudDNS: CloudDns;
  readonly cloudflare: CloudflareDns;
  readonly digitalocean: DigitalOceanDns;
  readonly rfc2136: Rfc2136Dns;
  readonly route53: Route53Dns;
  readonly webhook: WebhookDns;
}

/** Exactly one of several fields. */
type OneOf<T> = {
  [K in keyof T]: { readonly [P in K]: LateObject<T[K]> } & { readonly [P in Exclude<keyof T, K>]?: never };
}[keyof T];

/**
 * Where the DNS records of DNS-01 challenges are written, in cert-manager's own words: exactly one provider. Secrets are
 * named, never written.
 *
 * @see https://cert-manager.io/docs/configuration/acme/dns01/#supported-dns01-providers
 */
export type Dns01Provider = OneOf<Dns01Providers> & {
  /** Whether the record is written to where a CNAME of `_acme-challenge` leads. @default 'None' */
  readonly cnameStrategy?: 'None' | 'Follow';
};
