import type { ClusterCheck } from '../check';
import { installationName } from '../discovery/installation';
import { differences, effectiveTrustDomains } from '../observe/relationships';
import { EXEC, RIGHTS } from '../rights';
import { type Outcome, ok, wrong } from '../verdict';

export const RELATIONSHIPS_HELD: ClusterCheck = {
  id: 'V17',
  title: 'The server has exactly the relationships of the objects',
  about: 'cluster',
  proves:
    'What the server lists equals what the ClusterFederatedTrustDomains say, which have no status of their own: the controller ' +
    'manager works, and works for this server.',
  causes: [
    'the controller manager does not run, or cannot reach the server: see V07',
    'the webhook was not there when the object was made, and the server refuses its values: see V20',
    'somebody has used `spire-server federation create` by hand',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation list',
  needs: [RIGHTS.federatedTrustDomains, ...EXEC],
  async run({ view, member }) {
    const [conf, installation] = await Promise.all([view.managerConf(), view.installation()]);
    const place = installationName(installation);
    // Then relationships are made by other means, and the objects are of no account.
    if (!conf.reconcilesTrustDomains) return [];
    const [objects, held] = await Promise.all([effectiveTrustDomains(view), view.heldRelationships()]);
    const wanted = new Map([...objects].filter(([trustDomain]) => trustDomain !== member.trustDomain));
    const found: Outcome[] = [];
    for (const [trustDomain, object] of wanted) {
      const has = held.get(trustDomain);
      if (!has)
        found.push(
          wrong(
            `has no relationship with ${trustDomain}, though ClusterFederatedTrustDomain ${object.name} asks for it`,
            place,
          ),
        );
      else {
        const wrongs = differences(has, object);
        if (wrongs.length > 0)
          found.push(wrong(`has another relationship with ${trustDomain}: ${wrongs.join(', ')}`, place));
      }
    }
    for (const { trustDomain, url } of held.values()) {
      if (wanted.has(trustDomain)) continue;
      found.push(wrong(`has a relationship with ${trustDomain} that no object asks for`, place, { evidence: url }));
    }
    return found.length > 0 ? found : [ok(`has the ${held.size} relationships of the objects`, place)];
  },
};
