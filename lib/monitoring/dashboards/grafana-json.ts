import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type Board,
  type BoardVariable,
  type Names,
  type Panel,
  queriesOf,
  type State,
  type TimelinePanel,
} from './board';
import { COLOURS, PLAIN, refId, thresholdsOf, UNITS, wordsOf } from './field-json';
import { type GridPlace, placed } from './grid';
import { type Grafana, loadGrafana } from './load-grafana';
import { matrixParts, tableParts } from './table-json';

/** A dashboard as Grafana reads it: plain JSON. */
export interface GrafanaJson {
  /** Its id, which is part of its address. */
  readonly uid: string;
  readonly title: string;
  readonly [field: string]: unknown;
}

/** The source of the answers is chosen in the dashboard. */
const DATASOURCE = { type: 'prometheus', uid: '$datasource' } as const;

/**
 * A dashboard in Grafana's format, by Grafana's own library. The same board gives the same JSON.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export function grafanaJson(board: Board): GrafanaJson {
  const grafana = loadGrafana();
  const { dashboard } = grafana;
  const made = new dashboard.DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.description)
    .tags([...board.tags])
    .time({ from: `now-${board.range}`, to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .link(
      new dashboard.DashboardLinkBuilder('spirekit')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['spirekit'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const variable of board.variables) made.withVariable(variableOf(grafana, variable));
  for (const { row, place, panels } of placed(board.rows)) {
    made.withRow(new dashboard.RowBuilder(row.title).id(row.id).gridPos({ ...place }));
    for (const [index, panel] of row.panels.entries()) {
      made.withPanel(panelOf(grafana, board, panel, panels[index] as GridPlace));
    }
  }
  // What the library keeps for itself, such as methods, is no part of it.
  return JSON.parse(JSON.stringify(made.build()));
}

function variableOf({ dashboard }: Grafana, { name, label, options, all }: BoardVariable) {
  const made = new dashboard.CustomVariableBuilder(name)
    .label(label)
    .values(options.map(({ text, value }) => `${text.replaceAll(',', '\\,')} : ${value}`).join(','))
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
  return all === undefined ? made : made.allValue(all);
}

function panelOf(grafana: Grafana, board: Board, panel: Panel, place: GridPlace) {
  const made = builderOf(grafana, panel)
    .id(panel.id)
    .title(panel.title)
    .description(panel.description)
    .gridPos({ ...place });
  const targets = targetsOf(grafana, board, panel);
  return targets.length === 0 ? made : made.datasource({ ...DATASOURCE }).targets(targets);
}

function builderOf(grafana: Grafana, panel: Panel) {
  switch (panel.kind) {
    case 'stat':
      return statOf(grafana, panel);
    case 'series':
      return seriesOf(grafana, panel);
    case 'table':
      return tableParts(grafana, panel);
    case 'matrix':
      return matrixParts(grafana, panel);
    case 'timeline':
      return timelineOf(grafana, panel);
  }
}

function targetsOf({ prometheus }: Grafana, { interval }: Board, panel: Panel) {
  const isTable = panel.kind === 'table' || panel.kind === 'matrix';
  return queriesOf(panel).map(({ expr, legend }, index) => {
    const target = new prometheus.DataqueryBuilder()
      .datasource({ ...DATASOURCE })
      .refId(refId(index))
      .editorMode(prometheus.QueryEditorMode.Code)
      .expr(expr)
      .interval(`${interval}s`);
    if (legend !== undefined) target.legendFormat(legend);
    if (isTable) target.format(prometheus.PromQueryFormat.Table);
    return panel.kind === 'series' || panel.kind === 'timeline' ? target.range() : target.instant();
  });
}

function statOf(grafana: Grafana, { unit, steps, shows = 'value', states }: Extract<Panel, { kind: 'stat' }>) {
  const { common, stat } = grafana;
  const made = new stat.PanelBuilder()
    .unit(UNITS[unit])
    .colorMode(steps ? common.BigValueColorMode.Background : common.BigValueColorMode.Value)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(shows === 'name' ? common.BigValueTextMode.Name : common.BigValueTextMode.Auto)
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .thresholds(thresholdsOf(grafana, steps ?? PLAIN));
  return nameStates(made, states);
}

function seriesOf(grafana: Grafana, panel: Extract<Panel, { kind: 'series' }>) {
  const { common, timeseries } = grafana;
  const made = new timeseries.PanelBuilder()
    .unit(UNITS[panel.unit])
    .lineWidth(1)
    .fillOpacity(panel.stacked ? 40 : 8)
    .showPoints(common.VisibilityMode.Never)
    .legend(legendBelow(grafana))
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .thresholds(thresholdsOf(grafana, panel.steps ?? PLAIN));
  if (panel.scale === 'logarithmic') {
    made.scaleDistribution(new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10));
  } else {
    made.min(0);
  }
  if (panel.stacked) made.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
  if (panel.steps) {
    made.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.LineAndArea),
    );
  }
  return nameSeries(nameStates(made, panel.states), panel.names);
}

/** The names of the series, below the panel. */
const legendBelow = ({ common }: Grafana) =>
  new common.VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .calcs([]);

/** What gives a series another name. */
interface Overridable<B> {
  overrideByName(name: string, properties: DynamicConfigValue[]): B;
}

/** Calls series by other names than their legends say. */
function nameSeries<B extends Overridable<B>>(made: B, names: Names = {}): B {
  for (const [legend, name] of Object.entries(names)) {
    made.overrideByName(legend, [{ id: 'displayName', value: name }]);
  }
  return made;
}

/** Series whose names are numbers get the names and colours of the states that these stand for. */
function nameStates<B extends Overridable<B>>(made: B, states: readonly State[] = []): B {
  for (const { value, word, tone } of states) {
    made.overrideByName(String(value), [
      { id: 'displayName', value: word },
      { id: 'color', value: { mode: 'fixed', fixedColor: COLOURS[tone] } },
    ]);
  }
  return made;
}

function timelineOf(grafana: Grafana, { states, names }: TimelinePanel) {
  const { common, statetimeline } = grafana;
  const made = new statetimeline.PanelBuilder()
    .mappings(wordsOf(grafana, states))
    .mergeValues(true)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.85)
    .legend(legendBelow(grafana));
  return nameSeries(made, names);
}
