import type { ServerPod } from './federation-pods';

interface Id {
  readonly trust_domain: string;
  readonly path: string;
}

interface EntryRecord {
  readonly spiffe_id: Id;
  readonly parent_id: Id;
  readonly selectors: readonly { readonly type: string; readonly value: string }[];
  readonly federates_with: readonly string[];
  readonly dns_names: readonly string[];
}

interface RelationshipRecord {
  readonly trust_domain: string;
  readonly bundle_endpoint_url: string;
  readonly https_web?: object;
  readonly https_spiffe?: { readonly endpoint_spiffe_id: string };
}

/** A registration entry, as a server has it. */
export interface Entry {
  readonly spiffeId: string;
  readonly parentId: string;
  readonly selectors: readonly string[];
  readonly federatesWith: readonly string[];
  readonly dnsNames: readonly string[];
}

const text = ({ trust_domain, path }: Id): string => `spiffe://${trust_domain}${path}`;

/** All registration entries of a server, by SPIFFE ID; what is a set is sorted. DNS names have an order, the first is special. */
export function entriesOf(server: ServerPod): Entry[] {
  const { entries } = JSON.parse(server.must('entry', 'show', '-output', 'json')) as { entries: EntryRecord[] };
  const found = entries.map((entry) => ({
    spiffeId: text(entry.spiffe_id),
    parentId: text(entry.parent_id),
    selectors: entry.selectors.map(({ type, value }) => `${type}:${value}`).sort(),
    federatesWith: [...entry.federates_with].sort(),
    dnsNames: entry.dns_names,
  }));
  return found.sort((a, b) => (a.spiffeId < b.spiffeId ? -1 : 1));
}

/** All federation relationships of a server, a line each: trust domain, URL, profile. */
export function relationshipsOf(server: ServerPod): string[] {
  const answer = server.must('federation', 'list', '-output', 'json');
  const { federation_relationships: all } = JSON.parse(answer) as { federation_relationships: RelationshipRecord[] };
  return all
    .map(({ trust_domain, bundle_endpoint_url, https_spiffe }) =>
      [
        trust_domain,
        bundle_endpoint_url,
        https_spiffe ? `https_spiffe ${https_spiffe.endpoint_spiffe_id}` : 'https_web',
      ].join(' '),
    )
    .sort();
}

/** Foreign trust domains of which a server has a bundle. */
export function foreignBundlesOf(server: ServerPod): string[] {
  const answer = server.must('bundle', 'list', '-output', 'json');
  return (JSON.parse(answer) as { bundles: { trust_domain: string }[] }).bundles
    .map(({ trust_domain }) => trust_domain)
    .sort();
}
