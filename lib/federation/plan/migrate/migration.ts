import type { Mesh } from '../../mesh';
import type { Endpoint, Member } from '../../model';
import { rootsDigest } from '../../roots-digest';
import { operatorImmutables } from '../../rules/operator-immutables';
import { hostIn } from '../../url';
import { PlanError } from '../plan-error';
import { plannedMember, runHere, runsHere } from '../subjects';

/** A bundle endpoint that is, or proves itself, otherwise than when the federation was deployed last. */
export interface Migration {
  readonly mesh: Mesh;
  readonly member: Member;
  readonly was: Endpoint;
  readonly is: Endpoint;
  /** Whether others have to be told: of a URL, a profile, an ID. */
  readonly isTold: boolean;
  /** Hosts of the URLs. */
  readonly oldHost: string;
  readonly newHost: string;
  /** Who believes the member, and has a server of this program. */
  readonly here: readonly Member[];
  /** Who believes it, and is run by others. */
  readonly foreign: readonly Member[];
  /** Whether its certificate is of another authority of the web than before, if it proves itself by one. */
  readonly hasOtherAuthority: boolean;
  /** Those of `here` whose servers have to believe that authority first, as not every system does. */
  readonly learning: readonly Member[];
}

/** @throws PlanError if there is no such member, nothing has changed, or it cannot be done to what is installed */
export function migrationOf(was: Mesh, is: Mesh, name: string): Migration {
  const member = plannedMember(is, name);
  const before = was.member(name) ?? was.ofTrustDomain(member.trustDomain);
  if (!before) {
    throw new PlanError(
      `'${name}' was no member when the federation was deployed last: there is nothing to migrate; 'spirekit plan add ${name}' has the steps for a new member`,
    );
  }
  if (before.trustDomain !== member.trustDomain) {
    throw new PlanError(
      `'${name}' had the trust domain '${before.trustDomain}' when the federation was deployed last, and has '${member.trustDomain}' now: that is another member; remove the one and add the other`,
    );
  }
  if (!before.endpoint) {
    throw new PlanError(
      `'${name}' had no bundle endpoint when the federation was deployed last: there is none to migrate`,
    );
  }
  if (!member.endpoint) {
    throw new PlanError(
      `'${name}' has no bundle endpoint any more: nobody can believe it; 'spirekit plan remove ${name}' has the steps for that`,
    );
  }
  refuseImmutable(was, is, member);
  const isTold = toldOf(before.endpoint) !== toldOf(member.endpoint);
  if (!isTold && exposed(before.endpoint) === exposed(member.endpoint)) {
    throw new PlanError(
      `nothing has changed in the bundle endpoint of '${name}' since the federation was deployed last: change it in the program first`,
    );
  }
  // Who comes to believe it now is told of the new endpoint alone.
  const told = new Set(was.believersOf(before.name).map(({ trustDomain }) => trustDomain));
  const believers = is.believersOf(name).filter(({ trustDomain }) => told.has(trustDomain));
  const here = runHere(believers);
  const { endpoint } = member;
  return {
    mesh: is,
    member,
    was: before.endpoint,
    is: endpoint,
    isTold,
    oldHost: hostIn(before.endpoint.url),
    newHost: hostIn(member.endpoint.url),
    here,
    foreign: believers.filter((each) => !runsHere(each)),
    hasOtherAuthority:
      member.endpoint.profile === 'https_web' && authorityOf(before.endpoint) !== authorityOf(member.endpoint),
    learning: here.filter((each) => !believesAuthority(was.ofTrustDomain(each.trustDomain), endpoint)),
  };
}

/** What the operator of OpenShift keeps as it was installed. */
function refuseImmutable(previous: Mesh, mesh: Mesh, { name }: Member): void {
  for (const finding of operatorImmutables.check(mesh, { previous, now: new Date(0), rules: [], findings: [] })) {
    if (finding.member !== name) continue;
    const { property = 'endpoint', message, remedy } = finding;
    throw new PlanError(`${property} of '${name}' ${message}: ${remedy}`);
  }
}

/** What others are told of an endpoint. */
const toldOf = ({ url, profile, spiffeId }: Endpoint): string => JSON.stringify([url, profile, spiffeId]);

/** What lies before it. */
const exposed = ({ exposure, termination, host, ports, certificate, servedBySpire, hostedBy }: Endpoint): string =>
  JSON.stringify([
    exposure,
    termination,
    host,
    ports,
    certificate?.source,
    certificate?.dnsNames,
    servedBySpire,
    hostedBy,
    certificate && authorityOf({ profile: 'https_web', certificate }),
  ]);

/** Who vouches for an endpoint by a certificate of the web. */
function authorityOf({ profile, certificate }: Pick<Endpoint, 'profile' | 'certificate'>): string {
  if (profile !== 'https_web') return '';
  const { type = 'public', roots } = certificate?.trust ?? {};
  return roots === undefined ? type : `${type} ${rootsDigest(roots)}`;
}

/** Whether a server believes the authority of an endpoint already. */
function believesAuthority(server: Member | undefined, { profile, certificate }: Endpoint): boolean {
  const { type, roots } = certificate?.trust ?? {};
  if (profile !== 'https_web' || type !== 'private' || roots === undefined) return true;
  const digest = rootsDigest(roots);
  return (server?.webRoots ?? []).some((each) => rootsDigest(each) === digest);
}
