import type { ClusterCheck } from '../check';
import { installationName } from '../discovery/installation';
import { doubtful, ok, wrong } from '../verdict';

export const SPIRE_FOUND: ClusterCheck = {
  id: 'V02',
  title: 'SPIRE of the trust domain runs in the cluster',
  about: 'cluster',
  proves:
    'Among all pods there is a SPIRE server whose own configuration says the trust domain of the member, whoever installed it.',
  causes: [
    'the context is that of another cluster',
    'SPIRE is not installed (yet), or the operator does not install it: see V08',
    'it was installed with another trust domain',
  ],
  next: 'kubectl --context {context} get pods -A | grep spire',
  needs: [],
  async run({ view, member }) {
    const place = `cluster of context ${view.context}`;
    const [found, all] = await Promise.all([view.installations(), view.objects.installations()]);
    const others = all.map(
      (each) =>
        `${installationName(each)}: ${each.trustDomain ?? `trust domain not known (${each.confProblem ?? 'no configuration'})`}`,
    );
    const [first, ...more] = found;
    if (!first) {
      const evidence = others.length === 0 ? 'there is no SPIRE server at all' : others.join('; ');
      return [wrong(`no SPIRE server of trust domain ${member.trustDomain} runs there`, place, { evidence })];
    }
    if (more.length === 0) return [ok(`${installationName(first)} serves trust domain ${member.trustDomain}`, place)];
    return [
      doubtful(
        `${found.length} servers say to be of trust domain ${member.trustDomain}; the first is looked at`,
        place,
        {
          evidence: found.map(installationName).join('; '),
          causes: ['SPIRE was installed twice', 'an old installation was not removed'],
        },
      ),
    ];
  },
};
