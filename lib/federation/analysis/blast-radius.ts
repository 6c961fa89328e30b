import type { Mesh } from '../mesh';
import { spanInDays } from '../rules/wording';
import { type Compromise, Forgery, type Source } from './compromises';
import { believed, type Concern, Concerned, type IdentityOf, named, unseeded } from './concerns';
import { Dependence } from './dependence';
import { type Outage, Outages } from './outages';
import { servingChains } from './serving-chains';
import { tableOf, UNKNOWN } from './table';

/** What outages and compromises reach. Counts are there at once, and lists are made when they are asked for. */
export interface BlastRadius {
  /** Of every member, in the order of the mesh. */
  readonly outages: readonly Outage[];
  /** Of every CA, then of roots in common, then of systems that serve for others. */
  readonly compromises: readonly Compromise[];
  /** The identities that an outage keeps from new pods; none of a member that is not in the mesh. */
  withoutIssuance(outage: Pick<Outage, 'member'>): IdentityOf[];
  /** The identities that cannot verify others after an outage; none of a member that is not in the mesh. */
  withoutAuthentication(outage: Pick<Outage, 'member'>): IdentityOf[];
  /** The first three of these, for whom nobody has to look for all. */
  firstWithoutAuthentication(outage: Pick<Outage, 'member'>): readonly IdentityOf[];
  /** The trust domains of which identities can be forged; none by what is not among the compromises. */
  forgeable(compromise: Pick<Compromise, 'kind' | 'of'>): string[];
  /** The identities that would believe a forged one; none of what is not among the compromises. */
  deceived(compromise: Pick<Compromise, 'kind' | 'of'>): IdentityOf[];
}

const KNOWN = new WeakMap<Mesh, BlastRadius>();

/**
 * Whom it hurts when one member cannot be reached, and whom it deceives when one key is stolen.
 *
 * Of members of one name, or of one trust domain, the first stands for all. It costs time linear in what identities name
 * where trust domains serve their own bundles, and for each identity as much more as chains of serving ones are long.
 * Computed once for a mesh.
 *
 * @see https://github.com/spiffe/spire/issues/1255
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#74-trustworthiness-of-the-bundle-endpoint-server
 */
export function blastRadius(mesh: Mesh): BlastRadius {
  const known = KNOWN.get(mesh);
  if (known) return known;
  const radius = radiusOf(mesh);
  KNOWN.set(mesh, radius);
  return radius;
}

function radiusOf(mesh: Mesh): BlastRadius {
  const members = mesh.members.filter(
    (member) => mesh.ofTrustDomain(member.trustDomain) === member && mesh.member(member.name) === member,
  );
  const dependence = new Dependence(members, servingChains(mesh).chains);
  const forgery = new Forgery(mesh, members, dependence);
  const [naming, waiting, believing] = [
    once(mesh, () => named),
    once(mesh, () => unseeded(mesh)),
    once(mesh, () => believed),
  ];
  const unreachable = (member: string): string[] => {
    const number = dependence.of(mesh.member(member)?.trustDomain ?? '');
    return number === undefined ? [] : dependence.resting([number], true);
  };
  const outages = new Outages(mesh, members, dependence);
  return {
    outages: outages.list,
    compromises: forgery.compromises(),
    withoutIssuance: ({ member }) => waiting().with(unreachable(member), member),
    withoutAuthentication: ({ member }) => naming().with(unreachable(member), member),
    firstWithoutAuthentication: ({ member }) => outages.firstOf(member),
    forgeable: (compromise) => forgery.forgeableBy(compromise),
    deceived: (compromise: Source) => believing().with(forgery.forgeableBy(compromise)),
  };
}

/** Identities by a concern, when they are asked for the first time. */
function once(mesh: Mesh, concern: () => Concern): () => Concerned {
  let concerned: Concerned | undefined;
  return () => {
    concerned ??= new Concerned(mesh, concern());
    return concerned;
  };
}

const KINDS: Readonly<Record<Compromise['kind'], string>> = {
  ca: 'the CA of',
  root: 'the root SHA-256',
  server: 'the bundle server of',
};

/**
 * Outages and compromises as two tables for people, with an empty line between them; of more than 20 rows each, those that
 * reach the farthest. `?` is not known. A mesh without members has no lines.
 *
 * @see blastRadius
 */
export function blastRadiusTable({ outages, compromises }: BlastRadius): string[] {
  const unreached = tableOf(
    ['out of reach', 'bundles', 'no identity for new pods', 'no authentication of others', 'after'],
    outages,
    ({ member, trustDomains, issuance, authentication, after }) => [
      member,
      String(trustDomains),
      String(issuance),
      String(authentication),
      typeof after === 'number' ? spanInDays(after) : (after ?? UNKNOWN),
    ],
    ({ issuance, authentication }) => issuance + authentication,
    'that take less',
  );
  const stolen = tableOf(
    ['in wrong hands', 'trust domains forged', 'identities deceived'],
    compromises,
    ({ kind, of, forgeable, deceived }) => [`${KINDS[kind]} ${of}`, String(forgeable), String(deceived)],
    // A trust domain more matters only among those that deceive as many.
    ({ deceived, forgeable }) => deceived + forgeable / (forgeable + 1),
    'that deceive fewer',
  );
  return unreached.length === 0 ? [] : [...unreached, '', ...stolen];
}
