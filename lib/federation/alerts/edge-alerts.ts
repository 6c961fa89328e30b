import { type Alert, type AlertGroup, rulesOf } from '../../monitoring';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { bundleDiffers, bundleEnding, bundleMissing } from './bundle';
import { type EdgeAlertOptions, type EdgeFacts, edgeFacts } from './edge-facts';
import { endpointCertificateEnding } from './endpoint';
import { exporterAbsent, exporterBlind } from './exporter';
import { fetchFailing, fetchStalled, undeclaredPeer } from './fetching';

/** Every alert about whom a cluster believes, in the order of its rules. */
export const EDGE_ALERTS: readonly Alert<EdgeFacts>[] = [
  fetchStalled,
  fetchFailing,
  undeclaredPeer,
  bundleMissing,
  bundleEnding,
  bundleDiffers,
  endpointCertificateEnding,
  exporterAbsent,
  exporterBlind,
];

/**
 * The alerting rules about those whom a member believes; none of one that is no cluster. There are as many rules as there are
 * different times among its edges, and each names every edge that it is about once.
 */
export function edgeAlerts(mesh: Mesh, member: Member, options: EdgeAlertOptions): AlertGroup[] {
  if (member.platform === 'external') return [];
  const facts = edgeFacts(mesh, member, options);
  const frame = { trustDomain: member.trustDomain, runbookUrl: options.runbookUrl };
  return [{ name: 'spire-federation', rules: EDGE_ALERTS.flatMap((alert) => rulesOf(alert, facts, frame)) }];
}
