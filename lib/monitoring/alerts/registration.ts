import { RECONCILE_INTERVAL, SHORTEST_HINT } from '../../core';
import type { Alert } from './alert';
import type { ClusterTimes } from './cluster-facts';
import { atLeast, NOT_OK, OK, promDuration, series } from './promql';

/** How many rounds of the controller manager a window holds. */
const ROUNDS = 12;
/** How many tries the first fetch of a bundle is given, one a minute, before what waits for it counts as refused. */
export const FIRST_FETCHES = 5;

const windowOf = ({ interval }: ClusterTimes): number => atLeast(interval, ROUNDS * RECONCILE_INTERVAL);

/** The server refuses entries again and again. */
export const entriesRefused: Alert<ClusterTimes> = {
  name: 'SpireEntriesRefused',
  title: 'registration entries are refused by the SPIRE server',
  severities: ['critical'],
  make(times) {
    const { own, interval, trustDomain } = times;
    const window = windowOf(times);
    const lasts = atLeast(interval, FIRST_FETCHES * SHORTEST_HINT);
    const failing = (
      name: 'spire_server_datastore_registration_entry_create' | 'spire_server_datastore_registration_entry_update',
    ) => `sum(increase(${series(name, [own, NOT_OK], window)})) > 0`;
    return [
      {
        severity: 'critical',
        // Compared first: a series that stands still would take the place of the other one, which has the same labels.
        expr: [
          failing('spire_server_datastore_registration_entry_create'),
          `or ${failing('spire_server_datastore_registration_entry_update')}`,
        ].join('\n'),
        lasts,
        summary: `Registration entries of ${trustDomain} are refused`,
        description: `The SPIRE server cannot make or change an entry, and whoever asks for it tries again and again. Most often the entry names a trust domain of which there is no bundle; then its pods get no identity at all. ${promDuration(lasts)} is the time of ${FIRST_FETCHES} first fetches of a bundle, one every ${promDuration(SHORTEST_HINT)}.`,
      },
    ];
  },
};

/** Nobody makes entries and relationships what objects say. */
export const controllerManagerStalled: Alert<ClusterTimes> = {
  name: 'SpireControllerManagerStalled',
  title: 'the controller manager does not ask the SPIRE server for its entries any more',
  severities: ['critical'],
  make(times) {
    const { own, controllerManager, trustDomain } = times;
    if (!controllerManager) return [];
    const window = windowOf(times);
    const lists = `increase(${series('spire_server_rpc_entry_v1_entry_list_entries', [own, OK], window)})`;
    return [
      {
        severity: 'critical',
        expr: [
          `(sum(${lists}) or vector(0)) == 0`,
          `and max(${series('spire_server_uptime_in_ms', [own])}) > ${window * 1000}`,
        ].join('\n'),
        lasts: window,
        summary: `Nobody registers the workloads of ${trustDomain}`,
        description: `The controller manager reads the entries of the SPIRE server every ${promDuration(RECONCILE_INTERVAL)}, and no such call has succeeded for ${promDuration(2 * window)}. New pods get no identity, and changes of ClusterSPIFFEIDs and ClusterFederatedTrustDomains do nothing.`,
      },
    ];
  },
};

/** A ClusterStaticEntry says something that cannot be an entry. */
export const staticEntryRefused: Alert<ClusterTimes> = {
  name: 'SpireStaticEntryRefused',
  title: 'the controller manager cannot make an entry of a ClusterStaticEntry',
  severities: ['warning'],
  make(times) {
    const { own, controllerManager, trustDomain } = times;
    if (!controllerManager) return [];
    const window = windowOf(times);
    return [
      {
        severity: 'warning',
        expr: `sum(increase(${series('cluster_static_entry_failures', [own], window)})) > 0`,
        lasts: window,
        summary: `A ClusterStaticEntry of ${trustDomain} cannot become an entry`,
        description: `Its specification cannot be read; the controller manager tries every ${promDuration(RECONCILE_INTERVAL)}, and has failed for ${promDuration(window)}. The status of the object says rendered: false.`,
      },
    ];
  },
};
