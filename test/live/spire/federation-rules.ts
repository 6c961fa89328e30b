import { bundleOfRoots } from '../../../lib/federation';
import { Authority } from '../support/authority';
import { type Draft, EAST, identity, serverOf, WEST, type World } from './federation-world';

/** A mesh that rules call wrong, and what SPIRE says when it is told the same. */
export interface MeshCase {
  /** Ids of the rules that find something. */
  readonly rule: string;
  readonly what: string;
  readonly change: (draft: Draft, world: World) => void;
  readonly finds: readonly string[];
  /** Where SPIRE says it: at once, of a relationship or an entry that it refuses; or in its log, when it fetches. */
  readonly at: 'relationship' | 'entry' | 'log';
  readonly says: string;
}

/** Root that has nothing to do with the provider. */
const foreignRoot = ({ provider }: World): string =>
  new Authority(provider.folder, 'foreign-root', { uri: 'spiffe://other.example' }).certificate;

/** The provider's own root, certified for a time that is over. */
const endedRoot = ({ provider, root }: World): string =>
  new Authority(provider.folder, 'ended-root', { days: -1, of: root }).certificate;

/** A seed at the provider, and so at everybody who has it from there. */
function seed({ east, west }: Draft, bundle: string): void {
  west.seed = { bundle };
  east.relationships[0].bundle = bundle;
}

/** A URL at the provider, and so at everybody who has it from there. */
function url({ east, west }: Draft, text: string): void {
  west.endpoint.url = text;
  east.relationships[0].url = text;
}

export const meshCases: readonly MeshCase[] = [
  {
    rule: 'E01 E02',
    what: 'two clusters of one trust domain: neither can believe the other',
    change: ({ east, west }) => {
      west.trustDomain = EAST;
      west.endpoint.spiffeId = serverOf(EAST);
      Object.assign(east.relationships[0], { trustDomain: EAST, endpointSpiffeId: serverOf(EAST) });
      east.identities = [];
    },
    finds: [
      "E01 [west] trustDomain 'east.example.com' is the trust domain of 'east' too: others can believe only one of the two; give every member a trust domain of its own",
      "E02 [east] relationships[0].trustDomain 'east.example.com' is the own trust domain of the member; remove the relationship: servers of one trust domain share its bundle",
    ],
    at: 'relationship',
    says: 'unable to create federation relationship for server trust domain',
  },
  {
    rule: 'E01',
    what: 'capitals in a trust domain',
    change: ({ east, west }) => {
      west.trustDomain = 'West.example.com';
      east.relationships[0].trustDomain = 'West.example.com';
      east.identities = [];
    },
    finds: [
      "E01 [west] trustDomain 'West.example.com' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
    ],
    at: 'relationship',
    says: 'trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores',
  },
  {
    rule: 'E02',
    what: 'a relationship with itself',
    change: ({ east }) => {
      const [{ url, bundle, wave }] = east.relationships;
      const self = { trustDomain: EAST, url, profile: 'https_spiffe', endpointSpiffeId: serverOf(EAST) } as const;
      east.relationships.push({ ...self, className: 'spire', bundle, wave });
    },
    finds: [
      "E02 [east] relationships[1].trustDomain 'east.example.com' is the own trust domain of the member; remove the relationship: servers of one trust domain share its bundle",
    ],
    at: 'relationship',
    says: 'unable to create federation relationship for server trust domain',
  },
  {
    rule: 'E02',
    what: 'two relationships with one trust domain',
    change: ({ east }) => {
      east.relationships.push({ ...east.relationships[0] });
    },
    finds: [
      "E02 [east] relationships[1].trustDomain 'west.example.com' has another relationship on this member, and only the older one acts; remove one of the two",
    ],
    at: 'relationship',
    says: 'UNIQUE constraint failed: federated_trust_domains.trust_domain',
  },
  {
    rule: 'E04',
    what: 'a peer that has no bundle endpoint',
    change: ({ east, west }) => {
      delete (west as Partial<Draft['west']>).endpoint;
      east.relationships[0].url = 'https://localhost:1';
    },
    finds: [
      "E04 [west] endpoint is missing, and 'east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it",
    ],
    at: 'log',
    says: 'connection refused',
  },
  {
    rule: 'E05',
    what: 'the ID of another workload',
    change: ({ east }) => {
      east.relationships[0].endpointSpiffeId = `spiffe://${WEST}/other`;
    },
    finds: [
      "E05 [east] relationships[0].endpointSpiffeId 'spiffe://west.example.com/other' is not the ID of the endpoint of 'west'; write 'spiffe://west.example.com/spire/server'",
    ],
    at: 'log',
    says: 'unexpected ID \\"spiffe://west.example.com/spire/server\\"',
  },
  {
    rule: 'E05',
    what: 'an ID in a trust domain that is not believed',
    change: ({ east, west }) => {
      west.endpoint.spiffeId = serverOf('other.example');
      east.relationships[0].endpointSpiffeId = serverOf('other.example');
      delete east.relationships[0].bundle; // it would be no help: the ID is verified by the other's
      east.identities = [];
    },
    finds: [
      "E05 [west] endpoint.spiffeId 'spiffe://other.example/spire/server' is in the trust domain 'other.example', which 'east' cannot verify; write an ID in 'west.example.com', or make the consumers believe 'other.example' too",
    ],
    at: 'log',
    says: "can't perform SPIFFE Authentication: local copy of bundle not found",
  },
  {
    rule: 'E05',
    what: 'https_web, where the endpoint shows an SVID',
    change: ({ east }) => {
      east.relationships[0].profile = 'https_web';
      delete east.relationships[0].endpointSpiffeId;
    },
    finds: [
      "E05 [east] relationships[0].profile 'https_web' is not the profile of the endpoint of 'west'; write 'https_spiffe'",
    ],
    at: 'log',
    says: 'failed to authenticate bundle endpoint using web authentication but the server certificate contains SPIFFE ID \\"spiffe://west.example.com/spire/server\\": maybe use https_spiffe instead of https_web',
  },
  {
    rule: 'E05',
    what: 'no ID',
    change: ({ east }) => {
      delete east.relationships[0].endpointSpiffeId;
    },
    finds: [
      "E05 [east] relationships[0].endpointSpiffeId is missing, and https_spiffe verifies the endpoint by it; write 'spiffe://west.example.com/spire/server' for a SPIRE server",
    ],
    at: 'relationship',
    says: "endpoint SPIFFE ID is required if 'https_spiffe' endpoint profile is set",
  },
  {
    rule: 'E06',
    what: 'https_spiffe without a bundle to begin with',
    change: ({ east, west }) => {
      delete west.seed;
      delete east.relationships[0].bundle;
      east.identities = [];
    },
    finds: [
      "E06 [west] seed is missing: 'east' cannot verify the endpoint by https_spiffe the first time; give the roots of its authority (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), or a seed of them",
    ],
    at: 'log',
    says: "can't perform SPIFFE Authentication: local copy of bundle not found",
  },
  {
    rule: 'E08',
    what: 'a path',
    change: (draft, { port }) => url(draft, `https://localhost:${port}/bundle`),
    finds: [
      "E08 [west] endpoint.url 'https://localhost:PORT/bundle' has the path '/bundle', where a SPIRE server answers 404; write 'https://localhost:PORT/'",
    ],
    at: 'log',
    says: 'unexpected status 404 fetching bundle: 404 page not found',
  },
  {
    rule: 'E08',
    what: 'http',
    change: (draft, { port }) => url(draft, `http://localhost:${port}`),
    finds: [
      "E08 [west] endpoint.url 'http://localhost:PORT' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'",
    ],
    at: 'relationship',
    says: 'bundle endpoint URL must use the https scheme',
  },
  {
    rule: 'E08',
    what: 'a password',
    change: (draft, { port }) => url(draft, `https://me:secret@localhost:${port}`),
    finds: [
      "E08 [west] endpoint.url 'https://…@localhost:PORT' has a user name or password in it; remove it: bundles are public",
    ],
    at: 'relationship',
    says: 'bundle endpoint URL must not contain user info',
  },
  {
    rule: 'E08',
    what: 'a port that is not exposed',
    change: (draft) => url(draft, 'https://localhost:1'),
    finds: [
      "E08 [west] endpoint.url 'https://localhost:1' leads to port 1, but only PORT is exposed; write an exposed port into the URL, or expose this one",
    ],
    at: 'log',
    says: 'connection refused',
  },
  {
    rule: 'E10',
    what: 'a host without a DNS record',
    change: (draft) => {
      const { endpoint } = draft.west;
      url(draft, 'https://federation.west.invalid');
      Object.assign(endpoint, { host: 'federation.west.invalid', ports: [443], exposure: 'managed-route' });
      endpoint.appsDomain = 'apps.west.invalid';
    },
    finds: [
      "E10 [west] endpoint.host 'federation.west.invalid' is not one label below 'apps.west.invalid': the router's DNS record does not cover it; make a DNS record for 'federation.west.invalid' and say so (dnsRecord: true), or choose 'apps.west.invalid' as trust domain",
    ],
    at: 'log',
    says: 'dial tcp: lookup federation.west.invalid',
  },
  {
    rule: 'E15',
    what: 'the root of somebody else',
    change: (draft, world) => seed(draft, bundleOfRoots(foreignRoot(world))),
    finds: [
      "E15 [west] seed.bundle holds the CA of 'spiffe://other.example', not of 'west.example.com'; paste the bundle of 'west.example.com'",
    ],
    at: 'log',
    says: 'x509: certificate signed by unknown authority',
  },
  {
    rule: 'E15',
    what: 'a root that has ended',
    change: (draft, world) => seed(draft, bundleOfRoots(endedRoot(world))),
    finds: ['E15 [west] seed.bundle has a certificate that has ended at TIME; paste the bundle of today'],
    at: 'log',
    says: 'x509: certificate has expired or is not yet valid',
  },
  {
    rule: 'E15',
    what: 'a bundle without keys',
    change: (draft) => seed(draft, '{"keys":[]}'),
    finds: [
      "E15 [west] seed.bundle has no key for 'x509-svid': no X509-SVID of the trust domain will be believed; paste what 'spire-server bundle show -format spiffe' prints",
    ],
    at: 'log',
    says: 'x509: certificate signed by unknown authority',
  },
  {
    rule: 'E15',
    what: 'a key of another kind',
    change: (draft) => seed(draft, '{"keys":[{"use":"x509-svid","kty":"EC"}]}'),
    finds: ["E15 [west] seed.bundle.keys[0] has 0 certificates in 'x5c'; give every certificate a key of its own"],
    at: 'relationship',
    says: "unable to parse JWKS: go-jose/go-jose: unsupported elliptic curve ''",
  },
  {
    rule: 'E16',
    what: 'an identity that names a trust domain without a relationship',
    change: ({ east }) => {
      east.identities = [identity(WEST, 'other.example')];
    },
    finds: [
      "E16 [east] identities[0].federatesWith[1] 'other.example' has no relationship on this member: the workloads would get no identity at all; make it a member of the mesh, or remove it here",
    ],
    at: 'entry',
    says: 'unable to find federated bundle \\"spiffe://other.example\\"',
  },
  {
    rule: 'E17',
    what: "such an identity of SPIRE's own parts",
    change: ({ east }) => {
      east.identities = [{ ...identity(WEST), controlPlane: true }];
      east.relationships.splice(0);
    },
    finds: [
      "E04 [east] edges 'east → west' is declared, but 'east' has no relationship with 'west.example.com'; add the relationship, or remove the edge",
      "E16 [east] identities[0].federatesWith[0] 'west.example.com' has no relationship on this member: the workloads would get no identity at all; declare the edge to 'west.example.com', or remove it here",
      "E17 [east] identities[0].federatesWith names 'west.example.com', but 'shop' is an identity of SPIRE's own parts; remove the peers, and name them on an identity of the workloads that talk to them",
    ],
    at: 'entry',
    says: 'unable to find federated bundle \\"spiffe://west.example.com\\"',
  },
];
