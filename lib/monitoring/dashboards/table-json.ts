import type { ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { MatrixPanel, Names, TablePanel } from './board';
import { PLAIN, refId, thresholdsOf, UNITS, wordsOf } from './field-json';
import type { Grafana } from './load-grafana';

/** Grafana's table, whose columns come from several queries. */
export function tableParts(grafana: Grafana, { labels, columns, names }: TablePanel) {
  const { common, table } = grafana;
  // Grafana calls the answer of a single query otherwise.
  const nameOf = (index: number): string => (columns.length === 1 ? 'Value' : `Value #${refId(index)}`);
  const shown = [...labels.map(({ label }) => label), ...columns.map((_, index) => nameOf(index))];
  const titles = [...labels.map(({ title }) => title), ...columns.map(({ title }) => title)];
  const made = new table.PanelBuilder()
    .cellHeight(common.TableCellHeight.Sm)
    .filterable(true)
    .mappings(namedBy(grafana, names))
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names: shown } } })
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(shown.map((name, index) => [name, index])),
        renameByName: Object.fromEntries(shown.map((name, index) => [name, titles[index]])),
      },
    });
  for (const { title, unit, steps, states } of columns) {
    made.overrideByName(title, [
      { id: 'unit', value: UNITS[unit] },
      { id: 'mappings', value: states ? wordsOf(grafana, states) : [] },
      ...(steps ? [{ id: 'thresholds', value: thresholdsOf(grafana, steps).build() }] : []),
      ...(steps || states
        ? [{ id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.ColorText } }]
        : []),
    ]);
  }
  return made;
}

/** Grafana's table as a matrix: a cell for each pair. */
export function matrixParts(grafana: Grafana, { row, column, states, names = {} }: MatrixPanel) {
  const { common, table } = grafana;
  // So the field with the names of the rows is called.
  const corner = `${row.label}\\${column}`;
  const made = new table.PanelBuilder()
    .cellHeight(common.TableCellHeight.Sm)
    .align(common.FieldTextAlignment.Center)
    .thresholds(thresholdsOf(grafana, PLAIN))
    .withTransformation({
      id: 'groupingToMatrix',
      options: { rowField: row.label, columnField: column, valueField: 'Value', emptyValue: 'null' },
    })
    .withTransformation({
      id: 'organize',
      options: { excludeByName: {}, indexByName: {}, renameByName: { [corner]: row.title, ...names } },
    })
    .overrideByName(row.title, [
      { id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.Auto } },
      { id: 'custom.align', value: common.FieldTextAlignment.Left },
      { id: 'mappings', value: namedBy(grafana, names) },
    ]);
  if (!states) return made;
  return made.mappings(wordsOf(grafana, states)).cellOptions({
    type: common.TableCellDisplayMode.ColorBackground,
    mode: common.TableCellBackgroundDisplayMode.Basic,
  });
}

/** Shows names for values. */
function namedBy({ dashboard }: Grafana, names: Names = {}): ValueMapping[] {
  const known = Object.entries(names);
  if (known.length === 0) return [];
  const options = Object.fromEntries(known.map(([value, text]) => [value, { text }]));
  return [{ type: dashboard.MappingType.ValueToText, options }];
}
