import { activatedBefore, preparedBefore, ROTATION_LOOK } from '../../core';
import type { Alert, AlertParts } from './alert';
import type { ClusterTimes } from './cluster-facts';
import { atLeast, NOT_OK, promDuration, series } from './promql';

/** The parts of the time between the due change of a CA and its end that may go by: until the warning, and until it is urgent. */
export const CA_LEFT = { warning: 3 / 4, critical: 1 / 2 } as const;

/** The next CA does not begin to sign when it is due. */
export const caRotationOverdue: Alert<ClusterTimes> = {
  name: 'SpireCaRotationOverdue',
  title: 'a CA still signs when the next one is due',
  severities: ['warning', 'critical'],
  make(times) {
    const { caTtl, own, upstream, trustDomain, interval } = times;
    const due = activatedBefore(caTtl);
    const ends = `min by (instance) (${series('spire_server_manager_x509_ca_rotate_expiration', [own])})`;
    const shorter = upstream
      ? ' The upstream authority can be the reason too: it has ended soon itself, or signs for less time than caTtl asks for.'
      : '';
    const parts = (severity: 'warning' | 'critical'): AlertParts => ({
      severity,
      expr: `${ends} - time() < ${Math.ceil(due * CA_LEFT[severity])}`,
      // The gauge is of one moment: two readings, so that none is of a server that is just being replaced.
      lasts: Math.min(2 * interval, due / 4),
      summary: `The CA of SPIRE server {{ $labels.instance }} (${trustDomain}) ends in {{ $value | humanizeDuration }}, and still signs`,
      description: `A CA of ${promDuration(caTtl)} hands over min(${promDuration(caTtl)}/6, 7d) = ${promDuration(due)} before its end; there is less than ${promDuration(due * CA_LEFT[severity])} left. At its end this server signs no SVID any more, and all that it has signed is refused.${shorter}`,
    });
    return [parts('warning'), parts('critical')];
  },
};

/** A server cannot make its next CA or JWT key. */
export const caPreparationFailing: Alert<ClusterTimes> = {
  name: 'SpireCaPreparationFailing',
  title: 'a SPIRE server fails to make its next CA or JWT key',
  severities: ['warning'],
  make({ interval, own, caTtl, trustDomain }) {
    const window = atLeast(interval, 6 * ROTATION_LOOK);
    const failing = (name: 'spire_server_ca_manager_x509_ca_prepare' | 'spire_server_ca_manager_jwt_key_prepare') =>
      `sum by (instance) (increase(${series(name, [own, NOT_OK], window)})) > 0`;
    return [
      {
        severity: 'warning',
        // Compared first: a series that stands still would take the place of the other one, which has the same labels.
        expr: [
          failing('spire_server_ca_manager_x509_ca_prepare'),
          `or ${failing('spire_server_ca_manager_jwt_key_prepare')}`,
        ].join('\n'),
        lasts: window,
        summary: `SPIRE server {{ $labels.instance }} (${trustDomain}) cannot make its next CA or JWT key`,
        description: `It tries every ${promDuration(ROTATION_LOOK)}, and has failed for ${promDuration(2 * window)}. The first try was min(${promDuration(caTtl)}/2, 30d) = ${promDuration(preparedBefore(caTtl))} before the end of what it has, or at its start. The longer it takes, the less time peers have to see the new one before it signs.`,
      },
    ];
  },
};
