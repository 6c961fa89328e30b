import type { EdgeCheck } from '../check';
import { installationName } from '../discovery/installation';
import { EXEC } from '../rights';
import { ok, wrong } from '../verdict';

export const EDGE_HELD: EdgeCheck = {
  id: 'V23',
  title: 'The server of the consumer has the relationship',
  about: 'edge',
  proves:
    'The server itself lists the relationship, or has it from its configuration: it fetches the bundle of the peer.',
  causes: ['the controller manager does not act: see V07 and V17', 'the object is not there: see V21'],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation show -trustDomain {peer}',
  needs: [...EXEC],
  async run({ view, provider }) {
    const [held, conf, installation] = await Promise.all([
      view.heldRelationships(),
      view.serverConf().catch(() => undefined),
      view.installation(),
    ]);
    const place = installationName(installation);
    const has =
      held.get(provider.trustDomain) ??
      conf?.federatesWith.find(({ trustDomain }) => trustDomain === provider.trustDomain);
    if (has) return [ok(`fetches from ${has.url}`, place)];
    return [wrong(`has no relationship with ${provider.trustDomain}`, place)];
  },
};
