import type { EdgeCheck } from '../check';
import { installationName } from '../discovery/installation';
import { differences, effectiveTrustDomains } from '../observe/relationships';
import { RIGHTS } from '../rights';
import { doubtful, ok, wrong } from '../verdict';

export const EDGE_STATIC: EdgeCheck = {
  id: 'V22',
  title: "The server's own configuration says nothing else of the peer",
  about: 'edge',
  proves:
    'Where `federates_with` of the server names the peer too, it says the same as the ClusterFederatedTrustDomain: it overrides ' +
    'that in silence, and `federation list` does not show it.',
  causes: ['the procedure by hand writes both', 'only one of the two was changed'],
  next: 'kubectl --context {context} -n {namespace} get configmaps -o yaml | grep -A6 federates_with',
  needs: [RIGHTS.federatedTrustDomains],
  async run({ view, provider, consumer, world }) {
    const [conf, installation] = await Promise.all([view.serverConf(), view.installation()]);
    const place = `server.conf of ${installationName(installation)}`;
    const fixed = conf.federatesWith.find(({ trustDomain }) => trustDomain === provider.trustDomain);
    const declared = consumer.staticRelationships?.find(({ trustDomain }) => trustDomain === provider.trustDomain);
    if (!fixed) {
      if (world.declared && declared) return [wrong(`does not name ${provider.trustDomain}, as it is declared`, place)];
      return [ok('does not name the peer', place)];
    }
    const object = (await effectiveTrustDomains(view).catch(() => undefined))?.get(provider.trustDomain);
    const wrongs = object ? differences(fixed, object) : declared ? differences(fixed, declared) : [];
    if (wrongs.length > 0) {
      const what = object ? 'overrides the ClusterFederatedTrustDomain' : 'is not as declared';
      return [wrong(`${what}: ${wrongs.join(', ')}`, place)];
    }
    if (world.declared && !declared) {
      return [doubtful(`names ${provider.trustDomain}, and nobody has declared that`, place, { evidence: fixed.url })];
    }
    return [ok(object ? 'says the same as the ClusterFederatedTrustDomain' : 'is as declared', place, fixed.url)];
  },
};
