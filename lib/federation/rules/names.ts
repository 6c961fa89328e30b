import { type IdError, TrustDomain } from '@spirekit/runtime/id';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';

/** Members can be told apart, by name and by trust domain. */
export const distinctNames: MeshRule = {
  id: 'E01',
  severity: 'error',
  title: 'trust domains are valid, and belong to one member each',
  text: 'A bundle is stored and looked up by the name of its trust domain alone. Of two clusters of one name others can believe one only, and they cannot believe each other.',
  remedy: 'give every member a name and a trust domain of its own',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#21-trust-domain',
  shownBy: ['spire/federation-rules', 'variants/bad-registrations'],

  *check(mesh) {
    const byName = new Map<string, Member>();
    const bySight = new Map<string, Member>();
    const byTrustDomain = new Map<string, Member>();
    for (const member of mesh.members) {
      yield* nameFindings(member, byName, bySight);
      yield* trustDomainFindings(member, byTrustDomain);
    }
  },
};

function* nameFindings(
  member: Member,
  known: Map<string, Member>,
  bySight: Map<string, Member>,
): Iterable<MeshFinding> {
  const { name } = member;
  const alike = bySight.get(seen(name));
  const place = { member: name, property: 'name', value: name };
  if (name === '') {
    yield { ...place, message: 'is empty', remedy: 'write a name that no other member has' };
  } else if (known.has(name)) {
    yield { ...place, message: 'is the name of another member too', remedy: 'give every member a name of its own' };
  } else if (alike) {
    yield {
      ...place,
      severity: 'warning',
      message: `looks like '${alike.name}': folders, contexts and people may take one for the other`,
      remedy: 'give them names that differ by more than case, width and space',
    };
  }
  known.set(name, member);
  bySight.set(seen(name), alike ?? member);
}

/** A name as it is read by people, and by file systems that know no upper case. */
const seen = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}]+/gu, '');

function* trustDomainFindings(member: Member, known: Map<string, Member>): Iterable<MeshFinding> {
  const { trustDomain } = member;
  const place = { member: member.name, property: 'trustDomain', value: trustDomain };
  const parsed = TrustDomain.tryParse(trustDomain);
  if (!parsed.ok) {
    yield { ...place, ...problemOf(parsed.error) };
    return;
  }
  if (parsed.value.name !== trustDomain) {
    yield { ...place, message: 'is a SPIFFE ID, not a name', remedy: `write '${parsed.value.name}'` };
  }
  const other = known.get(trustDomain);
  if (other) {
    yield {
      ...place,
      message: `is the trust domain of '${other.name}' too: others can believe only one of the two`,
      remedy: 'give every member a trust domain of its own',
    };
  }
  known.set(trustDomain, other ?? member);
}

/** The error of a refused name as message and remedy, which its text has in this order. */
export function problemOf({ message }: IdError): { message: string; remedy: string } {
  const at = message.lastIndexOf('; ');
  return { message: message.slice(message.indexOf('is not valid: '), at), remedy: message.slice(at + 2) };
}
