import { activatedBefore, preparedBefore } from '../../../core';
import { CA_LEFT } from '../../alerts/authority';
import type { BoardRow, Step } from '../board';
import { spanText } from '../wording';
import type { RowFacts } from './facts';

/** From one CA to the next. */
export function rotationRow({ own, caTtl }: RowFacts): BoardRow {
  const [prepared, activated] = [preparedBefore(caTtl), activatedBefore(caTtl)];
  const [overdue, urgent] = [activated * CA_LEFT.warning, activated * CA_LEFT.critical];
  const ends = `spire_server_manager_x509_ca_rotate_expiration{${own}}`;
  const steps: readonly Step[] = [
    { from: 0, tone: 'error' },
    { from: urgent, tone: 'warning' },
    { from: overdue, tone: 'ok' },
  ];
  const limits = `Less than ${spanText(overdue)} is overdue, less than ${spanText(urgent)} is urgent.`;
  return {
    id: 20,
    title: 'CA',
    panels: [
      {
        id: 21,
        kind: 'stat',
        title: 'CA ends in',
        description: `Of the CA that signs now, the first to end of all servers. It has a lifetime of ${spanText(caTtl)}: the next one is made ${spanText(prepared)} before its end and signs ${spanText(activated)} before it. ${limits}`,
        width: 6,
        height: 8,
        unit: 'seconds',
        steps,
        queries: [{ expr: `min(${ends}) - time()` }],
      },
      {
        id: 22,
        kind: 'series',
        title: 'Time that the CA has left',
        description: `Of each server: it falls from ${spanText(caTtl)} at most to ${spanText(activated)}, when the next CA takes over. ${limits}`,
        width: 12,
        height: 8,
        unit: 'seconds',
        steps,
        queries: [{ expr: `min by (host) (${ends}) - time()`, legend: '{{host}}' }],
      },
      {
        id: 23,
        kind: 'series',
        title: 'CAs and JWT keys that were made and used',
        description: `Within an hour. A failure to prepare leaves ${spanText(prepared - activated)} to mend it.`,
        width: 6,
        height: 8,
        unit: 'count',
        queries: [
          {
            expr: `sum by (status) (increase(spire_server_ca_manager_x509_ca_prepare{${own}}[1h]))`,
            legend: 'CA prepared: {{status}}',
          },
          { expr: `sum(increase(spire_server_ca_manager_x509_ca_activate{${own}}[1h]))`, legend: 'CA signs' },
          {
            expr: `sum by (status) (increase(spire_server_ca_manager_jwt_key_prepare{${own}}[1h]))`,
            legend: 'JWT key prepared: {{status}}',
          },
          { expr: `sum(increase(spire_server_manager_jwt_key_activate{${own}}[1h]))`, legend: 'JWT key signs' },
        ],
      },
    ],
  };
}
