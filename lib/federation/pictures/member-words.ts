import type { Member } from '../model';
import { type Arrow, WAY_WORDS } from './arrows';
import { PLATFORM_WORDS } from './marks';

/** What a member runs on. */
export function platformWords(member: Pick<Member, 'platform' | 'version'>): string {
  const product = productWords(member);
  return product === undefined ? PLATFORM_WORDS[member.platform] : `${PLATFORM_WORDS[member.platform]} · ${product}`;
}

/** The version of what runs there; undefined where it is not known. */
export const productWords = ({ platform, version }: Pick<Member, 'platform' | 'version'>): string | undefined =>
  version && `${{ kubernetes: 'SPIRE ', openshift: 'ZTWIM ', external: '' }[platform]}${version}`;

/** All that is told of a member when somebody points at it. */
export function memberWords(member: Member): string[] {
  const { name, trustDomain, endpoint } = member;
  return [
    name,
    `trust domain ${trustDomain}`,
    platformWords(member),
    endpoint ? `bundle by ${endpoint.profile} at ${endpoint.url}` : 'no bundle endpoint',
  ];
}

/** An arrow, in words. */
export function arrowWords({ from, to, way, both, single }: Arrow, members: readonly Member[]): string {
  const [consumer, provider] = [members[from]?.name, members[to]?.name];
  const by = `(${WAY_WORDS[way]})`;
  if (both) return `${consumer} and ${provider} believe each other ${by}`;
  const rest = single === undefined ? '' : `, one way${single === 'declared' ? ' as declared' : ' only'}`;
  return `${consumer} believes ${provider} ${by}${rest}`;
}
