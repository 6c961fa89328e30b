import { EXPORTER_LABELS } from '../../federation';
import type { EdgeCheck } from '../check';
import { actsOn } from '../discovery/manager-conf';
import { RESOURCES } from '../kube';
import { peersNamedBy, type RegistrationObject } from '../observe/registrations';
import { RIGHTS } from '../rights';
import { doubtful, ok } from '../verdict';

export const EDGE_WORKLOADS: EdgeCheck = {
  id: 'V26',
  title: 'Some workload of the consumer gets the bundle of the peer',
  about: 'edge',
  proves:
    'At least one registration names the peer in `federatesWith`: without one the server fetches the bundle, and no workload ' +
    'ever sees it.',
  causes: ['the last step was left out: ClusterSPIFFEIDs need `federatesWith`', 'the peer is believed for later'],
  next: 'kubectl --context {context} get clusterspiffeids,clusterstaticentries -o yaml | grep -B2 -A4 federatesWith',
  needs: [RIGHTS.spiffeIds, RIGHTS.staticEntries],
  async run({ view, provider, consumer, world }) {
    // Whom a program does not let see the bundle, need not.
    const isMeant = consumer.identities?.some(({ federatesWith }) => federatesWith.includes(provider.trustDomain));
    if (world.declared && !isMeant) return [];
    const [conf, spiffeIds, entries] = await Promise.all([
      view.managerConf(),
      view.objects.list<RegistrationObject>(RESOURCES.spiffeIds),
      view.objects.list<RegistrationObject>(RESOURCES.staticEntries),
    ]);
    const naming = [...spiffeIds, ...entries].filter(
      (object) => actsOn(conf, object.spec?.className) && namesForWorkloads(object, provider.trustDomain),
    );
    const place = `cluster of context ${view.context}`;
    if (naming.length > 0) {
      const names = naming.map(({ metadata }) => metadata.name).join(', ');
      return [
        ok(
          `${naming.length} ${naming.length === 1 ? 'registration names' : 'registrations name'} the peer`,
          place,
          names,
        ),
      ];
    }
    return [doubtful(`no registration names ${provider.trustDomain}`, place)];
  },
};

const EXPORTER = Object.entries(EXPORTER_LABELS);

/** Whether a registration lets workloads see the bundle of a trust domain; the federation exporter sees it and serves nobody. */
export const namesForWorkloads = (registration: RegistrationObject, trustDomain: string): boolean =>
  peersNamedBy(registration).includes(trustDomain) &&
  !EXPORTER.every(([key, value]) => registration.metadata.labels?.[key] === value);
