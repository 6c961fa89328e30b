import type {
  Acceptance,
  Endpoint,
  EndpointCertificate,
  Fetching,
  Identity,
  Member,
  MeshData,
  Relationship,
  StaticRelationship,
} from '../../../lib/federation';
import { dataOf, draft, identity } from '../fixtures';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { changesFrom } from './fixtures';

/*
 * Every property of the model is either a change when it becomes another one, or left out for a reason. The compiler holds the
 * tables complete, so that a new property is thought of.
 */

/** Another value; or why it is no change when it becomes another. */
type Others<T> = { readonly [name in keyof Required<T>]: T[name] | Ignored };

class Ignored {
  constructor(readonly reason: string) {}
}

const no = (reason: string) => new Ignored(reason);

/** The good mesh, with one of its parts as it is given. */
type Place = (data: MeshData, part: object) => MeshData;

const ofMember =
  (index: number, place: (member: Member, part: object) => Member): Place =>
  (data, part) => ({
    ...data,
    members: data.members.map((member, at) => (at === index ? place(member, part) : member)),
  });

const EAST = ofMember(0, (member, part) => ({ ...member, ...part }));

const member: Others<Member> = {
  name: 'prod/orient',
  platform: 'openshift',
  version: '9.9.9',
  trustDomain: 'orient.example.org',
  className: 'other',
  watchClassless: true,
  caTtl: 3600,
  keyType: 'rsa-4096',
  keysInMemory: true,
  upstream: { roots: WEST_ROOT },
  replicas: 9,
  agents: 9,
  fetches: no('of foreign systems alone'),
  proxy: { noProxy: [] },
  server: { namespace: 'other', workload: 'statefulset/other', container: 'other' },
  endpoint: no('its properties are changes'),
  seed: no('what peers are told of it is a change'),
  webRoots: [EAST_ROOT],
  relationships: no('its items are changes'),
  staticRelationships: [{ trustDomain: 'other.example', url: 'https://other.example/', profile: 'https_web' }],
  identities: no('its items are changes'),
  exporter: [identity('exporter', [])],
};

const endpoint: Others<Endpoint> = {
  url: 'https://other.example.org/',
  profile: 'https_web',
  spiffeId: 'spiffe://east.example.org/other',
  servedBySpire: false,
  hostedBy: no('with https_spiffe the SPIFFE ID says it'),
  exposure: 'ingress',
  termination: 'reencrypt',
  host: 'other.example.org',
  ports: [9999],
  certificate: no('its properties are changes'),
  refreshHint: 600,
  appsDomain: 'apps.example.org',
  dnsAcknowledged: true,
};

const certificate: Others<EndpointCertificate> = {
  source: 'cert-manager',
  dnsNames: ['other.example.org'],
  trust: { type: 'private', roots: EAST_ROOT },
  lifetime: 3600,
  renewBefore: 60,
};

const relationship: Others<Relationship> = {
  path: no('a name within the program'),
  object: no('whatever it is called, it says the same'),
  trustDomain: 'other.example',
  url: 'https://other.example.org/',
  profile: 'https_web',
  endpointSpiffeId: 'spiffe://east.example.org/other',
  className: no('one of another class is an error (E03)'),
  bundle: '{"keys":[]}',
  firstBundle: 'pin',
  wave: no('the order of one deployment'),
};

const staticRelationship: Others<StaticRelationship> = {
  trustDomain: 'other.example',
  url: 'https://other.example.org/',
  profile: 'https_spiffe',
  endpointSpiffeId: no('of no account with https_web'),
};

const anIdentity: Others<Identity> = {
  name: 'other',
  path: no('a name within the program'),
  federatesWith: [],
  controlPlane: no('what it is, SPIRE’s own part stays'),
  accepts: 'any',
  catchAll: true,
  wave: no('the order of one deployment'),
};

const fetches: Others<Fetching> = {
  profiles: ['https_spiffe'],
  interval: 9,
  fetchesPerHint: 9,
  forgetsOnFailure: true,
  poolsRoots: true,
};

const mesh: Others<MeshData> = {
  members: no('its items are changes'),
  edges: [{ consumer: 'prod/west', provider: 'partner' }],
  seedShelfLife: 60,
  sharedRoots: 'accepted',
  budgets: { outage: 60 },
  accepted: [{ rule: 'W27', reason: 'so' }],
  approved: no('what is decided is no change'),
};

const acceptance: Others<Acceptance> = { rule: 'W27', member: 'prod/west', reason: 'another' };

const STATIC: StaticRelationship = {
  trustDomain: 'partner.example',
  url: 'https://bundle.partner.example/spiffe.json',
  profile: 'https_web',
};

/** Each part with where it stands, and with what has to be there so that one of it can change. */
const PARTS: Readonly<Record<string, readonly [others: object, place: Place, before?: (data: MeshData) => MeshData]>> =
  {
    member: [member, EAST],
    endpoint: [endpoint, ofMember(0, (it, part) => ({ ...it, endpoint: { ...(it.endpoint as Endpoint), ...part } }))],
    certificate: [
      certificate,
      ofMember(2, (it, part) => {
        const known = it.endpoint as Endpoint;
        return {
          ...it,
          endpoint: { ...known, certificate: { ...(known.certificate as EndpointCertificate), ...part } },
        };
      }),
    ],
    relationship: [
      relationship,
      ofMember(1, (it, part) => ({ ...it, relationships: [{ ...(it.relationships?.[0] as Relationship), ...part }] })),
    ],
    staticRelationship: [
      staticRelationship,
      ofMember(0, (it, part) => ({ ...it, staticRelationships: [{ ...STATIC, ...part }] })),
      (data) => EAST(data, { staticRelationships: [STATIC] }),
    ],
    identity: [
      anIdentity,
      ofMember(0, (it, part) => ({ ...it, identities: [{ ...(it.identities?.[0] as Identity), ...part }] })),
    ],
    fetches: [
      fetches,
      ofMember(2, (it, part) => ({ ...it, fetches: { ...(it.fetches as Fetching), ...part } })),
      (data) => ofMember(2, (it) => ({ ...it, fetches: { profiles: ['https_web'] } }))(data, {}),
    ],
    mesh: [mesh, (data, part) => ({ ...data, ...part })],
    acceptance: [
      acceptance,
      (data, part) => ({ ...data, accepted: [{ rule: 'W28', reason: 'so', ...part }] }),
      (data) => ({ ...data, accepted: [{ rule: 'W28', reason: 'so' }] }),
    ],
  };

const CASES = Object.entries(PARTS).flatMap(([part, [others]]) =>
  Object.entries(others).map(([property, other]) => ({ part, property, other: other as unknown })),
);

test.each(CASES.filter(({ other }) => !(other instanceof Ignored)))(
  '$part.$property is a change',
  ({ part, property, other }) => {
    const [, place, before = (data: MeshData) => data] = PARTS[part] as (typeof PARTS)[string];
    const was = before(dataOf(draft()));
    expect(changesFrom(was, place(was, { [property]: other })).map(({ effect }) => effect)).not.toEqual([]);
  },
);

test('what is no change', () => {
  const ignored = CASES.flatMap(({ part, property, other }) =>
    other instanceof Ignored ? [`${part}.${property}: ${other.reason}`] : [],
  );
  expect(ignored).toMatchInlineSnapshot(`
[
  "member.fetches: of foreign systems alone",
  "member.endpoint: its properties are changes",
  "member.seed: what peers are told of it is a change",
  "member.relationships: its items are changes",
  "member.identities: its items are changes",
  "endpoint.hostedBy: with https_spiffe the SPIFFE ID says it",
  "endpoint.certificate: its properties are changes",
  "relationship.path: a name within the program",
  "relationship.object: whatever it is called, it says the same",
  "relationship.className: one of another class is an error (E03)",
  "relationship.wave: the order of one deployment",
  "staticRelationship.endpointSpiffeId: of no account with https_web",
  "identity.path: a name within the program",
  "identity.controlPlane: what it is, SPIRE’s own part stays",
  "identity.wave: the order of one deployment",
  "mesh.members: its items are changes",
  "mesh.approved: what is decided is no change",
]
`);
});
