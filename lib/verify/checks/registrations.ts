import type { ClusterCheck } from '../check';
import { actsOn } from '../discovery/manager-conf';
import { RESOURCES } from '../kube';
import type { HeldBundle } from '../observe/bundle';
import { peersNamedBy, type RegistrationObject } from '../observe/registrations';
import { EXEC, RIGHTS } from '../rights';
import { type Outcome, ok, wrong } from '../verdict';

interface Registration extends RegistrationObject {
  readonly status?: {
    readonly stats?: {
      readonly entryFailures?: number;
      readonly podEntryRenderFailures?: number;
      readonly entriesToSet?: number;
    };
    readonly rendered?: boolean;
    readonly set?: boolean;
    readonly masked?: boolean;
  };
}

export const REGISTRATIONS: ClusterCheck = {
  id: 'V19',
  title: 'Every registration becomes entries, and names no trust domain without a bundle',
  about: 'cluster',
  proves:
    'No ClusterSPIFFEID or ClusterStaticEntry counts failures, none names a trust domain whose bundle the server does not hold ' +
    '(its pods would get no identity at all, not even for their own trust domain), and every declared one is there.',
  causes: [
    'the bundle of a peer was not fetched yet, or never: see V25 of the edge to it',
    'the relationship with the peer is missing: see V21',
    'a template of the registration cannot be filled for a pod',
  ],
  next: 'kubectl --context {context} get clusterspiffeids,clusterstaticentries -o yaml',
  needs: [RIGHTS.spiffeIds, RIGHTS.staticEntries, ...EXEC],
  async run({ view, member, world }) {
    const [conf, spiffeIds, entries, held] = await Promise.all([
      view.managerConf(),
      view.objects.list<Registration>(RESOURCES.spiffeIds),
      view.objects.list<Registration>(RESOURCES.staticEntries),
      view.heldBundles(),
    ]);
    const own = [
      ...spiffeIds.map((object) => ({ kind: 'ClusterSPIFFEID', object })),
      ...entries.map((object) => ({ kind: 'ClusterStaticEntry', object })),
    ].filter(({ object }) => actsOn(conf, object.spec?.className));
    const found = own.flatMap(({ kind, object }) => registrationOutcomes(kind, object, held));
    if (world.declared) {
      const names = new Set(own.map(({ object }) => object.metadata.name));
      for (const { name } of [...(member.identities ?? []), ...(member.exporter ?? [])]) {
        if (!names.has(name))
          found.push(wrong(`the declared identity '${name}' is not there`, `cluster of context ${view.context}`));
      }
    }
    return found.length > 0
      ? found
      : [ok(`${own.length} registrations without a failure`, `cluster of context ${view.context}`)];
  },
};

/** What one registration says of itself, and what it names. */
export function registrationOutcomes(
  kind: string,
  { metadata, spec = {}, status = {} }: Registration,
  held: ReadonlyMap<string, HeldBundle>,
): Outcome[] {
  const place = `${kind} ${metadata.name}`;
  const found: Outcome[] = [];
  const lacking = peersNamedBy({ spec }).filter((name) => !held.has(name));
  if (lacking.length > 0) {
    found.push(
      wrong(`names ${lacking.join(', ')}, of which the server holds no bundle: its pods get no identity`, place, {
        next: `kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list${flagFor(lacking[0])}`,
      }),
    );
  }
  const { entryFailures = 0, podEntryRenderFailures = 0, entriesToSet = 0 } = status.stats ?? {};
  if (entryFailures > 0) {
    found.push(
      wrong(`${entryFailures} of ${entriesToSet} entries cannot be set`, place, {
        evidence: 'status.stats.entryFailures',
      }),
    );
  }
  if (podEntryRenderFailures > 0) {
    const what = `for ${podEntryRenderFailures} pods its templates give no entry`;
    found.push(wrong(what, place, { evidence: 'status.stats.podEntryRenderFailures' }));
  }
  if (status.rendered === false) found.push(wrong('gives no entry', place, { evidence: 'status.rendered is false' }));
  else if (status.set === false && status.masked !== true)
    found.push(wrong('its entry is not set', place, { evidence: 'status.set is false' }));
  return found;
}

/** What is no trust domain can be anything, and is not put into a command. */
const flagFor = (name = ''): string => (/^[\w.-]+$/.test(name) ? ` -id spiffe://${name}` : '');
