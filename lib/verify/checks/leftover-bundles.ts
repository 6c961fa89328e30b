import type { ClusterCheck } from '../check';
import { installationName } from '../discovery/installation';
import { endOfTrust } from '../observe/bundle';
import { declaredRelationships } from '../observe/relationships';
import type { SpireView } from '../observe/spire-view';
import { EXEC } from '../rights';
import { type Outcome, ok, wrong } from '../verdict';

export const LEFTOVER_BUNDLES: ClusterCheck = {
  id: 'V18',
  title: 'No bundle is left of a trust domain that is believed no more',
  about: 'cluster',
  proves:
    'For each bundle that the server holds there is a relationship: SPIRE keeps the bundle when a relationship is deleted, so ' +
    'that workloads go on to believe a trust domain that nobody believes any more.',
  causes: [
    'a ClusterFederatedTrustDomain was deleted: that ends the fetching, not the trust',
    'a bundle was set by hand (`spire-server bundle set`) to begin with',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list',
  needs: [...EXEC],
  async run({ view, world }) {
    const [held, relationships, conf, installation] = await Promise.all([
      view.heldBundles(),
      view.heldRelationships(),
      view.serverConf(),
      view.installation(),
    ]);
    const place = installationName(installation);
    const believed = new Set([...relationships.keys(), ...conf.federatesWith.map(({ trustDomain }) => trustDomain)]);
    const left = [...held.values()].filter(({ trustDomain }) => !believed.has(trustDomain));
    if (left.length === 0)
      return [ok(`holds ${held.size} ${held.size === 1 ? 'bundle' : 'bundles'}, each by a relationship`, place)];
    return Promise.all(
      left.map(async (bundle): Promise<Outcome> => {
        const { trustDomain } = bundle;
        const entries = await view.entriesNaming(trustDomain);
        const end = endOfTrust(bundle)?.toISOString();
        const evidence = `${entries} ${entries === 1 ? 'entry names' : 'entries name'} it${end === undefined ? '' : `; its last authority ends ${end}`}`;
        if (world.declared && isDeclared(view, trustDomain)) {
          // What has to be mended is the relationship: who deleted the bundle would end a trust that is meant.
          return wrong(`holds the bundle of ${trustDomain} as it was: the declared relationship is missing`, place, {
            evidence,
            causes: ['the relationship was deleted, or is not acted on: see V21 and V23'],
            next: `kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation list`,
          });
        }
        return wrong(`still holds the bundle of ${trustDomain}, with which it has no relationship`, place, {
          evidence,
          next:
            `kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle delete -id spiffe://${trustDomain} ` +
            `-mode ${entries > 0 ? 'dissociate' : 'restrict'}`,
        });
      }),
    );
  },
};

const isDeclared = (view: SpireView, trustDomain: string): boolean =>
  declaredRelationships(view).has(trustDomain) ||
  (view.member.staticRelationships ?? []).some((each) => each.trustDomain === trustDomain);
