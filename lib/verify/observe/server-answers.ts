/** A relationship as the server itself has it. */
export interface HeldRelationship {
  readonly trustDomain: string;
  readonly url: string;
  readonly profile: 'https_web' | 'https_spiffe';
  readonly endpointSpiffeId?: string;
}

/** An authority by which a server signs. */
export interface LocalAuthority {
  readonly authorityId: string;
  readonly expiresAt: Date;
  /** Subject key id of the authority above it; empty where it signs itself. */
  readonly upstream: string;
}

/** The slots of SPIRE's rotation. */
export interface LocalAuthorities {
  readonly active?: LocalAuthority;
  readonly prepared?: LocalAuthority;
  readonly old?: LocalAuthority;
}

/** As `spire-server localauthority x509 show -output json` shows it. */
export interface LocalAuthorityJson {
  readonly authority_id?: string;
  readonly expires_at?: string | number;
  readonly upstream_authority_subject_key_id?: string;
}

/** An authority of the server's own command line. */
export const localAuthority = ({
  authority_id,
  expires_at,
  upstream_authority_subject_key_id,
}: LocalAuthorityJson): LocalAuthority => ({
  authorityId: authority_id ?? '',
  expiresAt: new Date(Number(expires_at ?? 0) * 1000),
  upstream: upstream_authority_subject_key_id ?? '',
});

/** As `spire-server federation list -output json` shows it. */
export interface RelationshipJson {
  readonly trust_domain?: string;
  readonly bundle_endpoint_url?: string;
  readonly https_spiffe?: { readonly endpoint_spiffe_id?: string };
  readonly https_web?: object;
}

/** A relationship of the server's own command line. */
export function heldRelationship({
  trust_domain,
  bundle_endpoint_url,
  https_spiffe,
}: RelationshipJson): HeldRelationship {
  return {
    trustDomain: trust_domain ?? '',
    url: bundle_endpoint_url ?? '',
    profile: https_spiffe === undefined ? 'https_web' : 'https_spiffe',
    ...(https_spiffe?.endpoint_spiffe_id && { endpointSpiffeId: https_spiffe.endpoint_spiffe_id }),
  };
}
