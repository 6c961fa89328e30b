import { Waves } from '../../core';
import type { EdgeCheck, EdgeSubject } from '../check';
import { actsOn } from '../discovery/manager-conf';
import {
  declaredRelationships,
  differences,
  effectiveTrustDomains,
  type FederatedTrustDomain,
  federatedTrustDomains,
} from '../observe/relationships';
import { RIGHTS } from '../rights';
import { ok, wrong } from '../verdict';

/** What brings a relationship that the program has: its wave, as the engine of the program applies it. */
const AGAIN = `kubectl --context {context} apply -f dist/{folder}/${Waves.trust.order}-${Waves.trust.name}.yaml (the wave '${Waves.trust.name}' again), or pulumi up --refresh`;

/** What has become of the Job that makes a relationship with a bundle that it fetches. */
const JOB_LOG =
  'kubectl --context {context} -n {namespace} logs --tail=-1 -l app.kubernetes.io/name=spirekit-bundle-bootstrap';

export const EDGE_RELATIONSHIP: EdgeCheck = {
  id: 'V21',
  title: 'The relationship is there, as it is declared',
  about: 'edge',
  proves:
    'A ClusterFederatedTrustDomain of the right class names the trust domain of the peer with the declared URL, profile and ' +
    'endpoint ID, or the configuration of the server does.',
  causes: [
    'it was not applied (yet)',
    'it was changed by hand',
    'its class is another one: it is ignored without a word',
  ],
  next: 'kubectl --context {context} get clusterfederatedtrustdomains -o yaml',
  needs: [RIGHTS.federatedTrustDomains],
  async run(subject) {
    const { view, provider } = subject;
    const place = `cluster of context ${view.context}`;
    const watched = await effectiveTrustDomains(view).catch((error) =>
      hasStatic(subject) ? undefined : Promise.reject(error),
    );
    const object = watched?.get(provider.trustDomain);
    const fixed = (await view.serverConf().catch(() => undefined))?.federatesWith.find(
      ({ trustDomain }) => trustDomain === provider.trustDomain,
    );
    const declared = declaredRelationships(view).get(provider.trustDomain);
    if (!object) {
      if (fixed && !declared) return [ok('the configuration of the server has it', place, fixed.url)];
      const ignored = await ignoredOf(subject);
      if (ignored.length > 0) {
        const evidence = ignored.map(({ name, className = '' }) => `${name} has class '${className}'`).join(', ');
        return [
          wrong(`the ClusterFederatedTrustDomain of ${provider.trustDomain} is ignored for its class`, place, {
            evidence,
          }),
        ];
      }
      return [
        wrong(`no ClusterFederatedTrustDomain names ${provider.trustDomain}`, place, {
          ...(declared?.firstBundle === undefined
            ? { causes: ['it was not applied (yet)', 'it was deleted'], next: AGAIN }
            : {
                causes: ['the Job that makes it has not ended (yet), or has failed', 'it was deleted'],
                next: JOB_LOG,
              }),
        }),
      ];
    }
    const name = `ClusterFederatedTrustDomain ${object.name}`;
    const wrongs = declared ? differences(object, declared) : [];
    if (wrongs.length > 0) return [wrong(`has ${wrongs.join(', ')}`, name)];
    return [ok('is as declared', name, `${object.url}, ${object.profile}`)];
  },
};

const hasStatic = ({ consumer, provider }: EdgeSubject): boolean =>
  consumer.staticRelationships?.some(({ trustDomain }) => trustDomain === provider.trustDomain) ?? false;

async function ignoredOf({ view, provider }: EdgeSubject): Promise<readonly FederatedTrustDomain[]> {
  const [all, conf] = await Promise.all([federatedTrustDomains(view), view.managerConf()]);
  return all.filter(({ trustDomain, className }) => trustDomain === provider.trustDomain && !actsOn(conf, className));
}
