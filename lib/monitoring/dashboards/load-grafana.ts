/*
 * Grafana's own library of what a dashboard is made of. The one place that loads it, when a dashboard is made: it takes longer
 * to load than all of spirekit.
 */
import type * as common from '@grafana/grafana-foundation-sdk/common';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

/** The parts of the library that are used. */
export interface Grafana {
  readonly common: typeof common;
  readonly dashboard: typeof dashboard;
  readonly prometheus: typeof prometheus;
  readonly stat: typeof stat;
  readonly statetimeline: typeof statetimeline;
  readonly table: typeof table;
  readonly timeseries: typeof timeseries;
}

let loaded: Grafana | undefined;

/** Loads the library at the first call. */
export function loadGrafana(): Grafana {
  loaded ??= {
    common: require('@grafana/grafana-foundation-sdk/common'),
    dashboard: require('@grafana/grafana-foundation-sdk/dashboard'),
    prometheus: require('@grafana/grafana-foundation-sdk/prometheus'),
    stat: require('@grafana/grafana-foundation-sdk/stat'),
    statetimeline: require('@grafana/grafana-foundation-sdk/statetimeline'),
    table: require('@grafana/grafana-foundation-sdk/table'),
    timeseries: require('@grafana/grafana-foundation-sdk/timeseries'),
  };
  return loaded;
}
