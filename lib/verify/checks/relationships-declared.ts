import type { ClusterCheck } from '../check';
import { actsOn } from '../discovery/manager-conf';
import {
  declaredRelationships,
  effectiveTrustDomains,
  federatedTrustDomains,
  watchedTrustDomains,
} from '../observe/relationships';
import { RIGHTS } from '../rights';
import { doubtful, type Outcome, ok, wrong } from '../verdict';

export const RELATIONSHIPS_DECLARED: ClusterCheck = {
  id: 'V16',
  title: 'There are no other relationships than the declared ones, and all are acted on',
  about: 'cluster',
  proves:
    'No ClusterFederatedTrustDomain stands in the cluster that nobody has declared, none is about the own trust domain, no two ' +
    'are about one, and each has a class that a controller manager of the cluster acts on.',
  causes: [
    'somebody has made it by hand',
    'the class is missing or wrong: the controller manager ignores the object without a word',
    'a member was removed from the program, and its objects were not',
  ],
  next: 'kubectl --context {context} get clusterfederatedtrustdomains -o yaml',
  needs: [RIGHTS.federatedTrustDomains],
  async run({ view, member, world }) {
    const [all, watched, counting, conf, installations] = await Promise.all([
      federatedTrustDomains(view),
      watchedTrustDomains(view),
      effectiveTrustDomains(view),
      view.managerConf(),
      view.objects.installations(),
    ]);
    const place = `cluster of context ${view.context}`;
    const managers = installations.flatMap(({ manager }) => manager?.conf ?? []);
    const own = new Set(watched);
    const declared = declaredRelationships(view);
    const found: Outcome[] = [];
    for (const each of all) {
      const object = `ClusterFederatedTrustDomain ${each.name}`;
      if (!managers.some((manager) => actsOn(manager, each.className))) {
        const has = each.className === undefined ? 'no class' : `class '${each.className}'`;
        const evidence = `it has ${has}; the controller manager acts on ${conf.className === undefined ? 'objects without one' : `'${conf.className}'`}`;
        found.push(wrong('no controller manager acts on it', object, { evidence }));
        continue;
      }
      if (!own.has(each)) continue;
      if (each.trustDomain === member.trustDomain) {
        found.push(wrong('is about the own trust domain, which SPIRE refuses', object));
      } else if (counting.get(each.trustDomain) !== each) {
        const counts = counting.get(each.trustDomain)?.name;
        found.push(
          doubtful(`is one of several for ${each.trustDomain}, and of no account: '${counts}' is older`, object),
        );
      } else if (world.declared && !declared.has(each.trustDomain)) {
        found.push(
          wrong(`nobody has declared that ${member.trustDomain} believes ${each.trustDomain}`, object, {
            evidence: each.url,
          }),
        );
      }
    }
    if (found.length > 0) return found;
    return [
      ok(
        `${own.size} ${own.size === 1 ? 'relationship' : 'relationships'}, ${world.declared ? 'all declared' : 'all acted on'}`,
        place,
      ),
    ];
  },
};
