import { SpiffeId } from '@spirekit/runtime/id';
import { idProblem } from './id-problem';
import type { TemplateProblem } from './template-scan';

/** The prefix of IDs that SPIRE keeps for its own servers and agents. */
const RESERVED = /^\/spire(?:\/|$)/;

/**
 * What is wrong with a SPIFFE ID that an entry shall give to a workload; undefined when it is right.
 *
 * @param text such as `spiffe://example.org/ns/shop/sa/web`
 * @param trustDomain name of the trust domain that it must belong to; undefined when that is not known
 */
export function workloadIdProblem(text: string, trustDomain: string | undefined): TemplateProblem | undefined {
  const problem = memberIdProblem(text, trustDomain);
  if (problem) return problem;
  if (!RESERVED.test(pathOf(text))) return undefined;
  return {
    message: `is in the part of the trust domain that SPIRE keeps for itself: '/spire'`,
    remedy: "write a path that does not begin with '/spire/'",
  };
}

/** Like `workloadIdProblem`, for IDs of nodes too: `/spire/agent/…` is right. */
export function memberIdProblem(text: string, trustDomain: string | undefined): TemplateProblem | undefined {
  const parsed = SpiffeId.tryParse(text);
  if (!parsed.ok) return idProblem(parsed.error);
  const id = parsed.value;
  if (trustDomain !== undefined && id.trustDomain.name !== trustDomain) {
    return {
      message: `is not in trust domain '${trustDomain}'`,
      remedy: `begin it with 'spiffe://${trustDomain}/'`,
    };
  }
  if (id.path === '') {
    return { message: 'has no path', remedy: `add one, such as '${text}/web'` };
  }
  return undefined;
}

function pathOf(id: string): string {
  const slash = id.indexOf('/', 'spiffe://'.length);
  return slash < 0 ? '' : id.slice(slash);
}
