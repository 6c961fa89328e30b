import { type Board, type GrafanaJson, grafanaJson, type Panel, type TablePanel } from '../../../lib/monitoring';

const STATES = [
  { value: 0, word: 'missing', tone: 'error' },
  { value: 1, word: 'held', tone: 'ok' },
] as const;

const place = { title: 'a panel', description: 'What it shows.', width: 12, height: 8 } as const;

const board = (...panels: Panel[]): Board => ({
  uid: 'spirekit-test',
  title: 'Test',
  description: 'A dashboard.',
  tags: ['spirekit'],
  interval: 15,
  range: '6h',
  variables: [],
  rows: [{ id: 1, title: 'a row', panels }],
});

interface Shown {
  readonly type: string;
  readonly targets?: readonly Record<string, unknown>[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig: {
    readonly defaults: Record<string, unknown> & { readonly custom?: Record<string, unknown> };
    readonly overrides: readonly object[];
  };
  readonly transformations?: readonly object[];
}

const panelsIn = ({ panels }: GrafanaJson) => panels as readonly (Shown & Record<string, unknown>)[];

/** What became of one panel. */
const shown = (panel: Panel): Shown => panelsIn(grafanaJson(board(panel)))[1] as Shown;

test('a dashboard without panels', () => {
  const { panels, ...rest } = grafanaJson({
    ...board(),
    variables: [
      {
        name: 'consumer',
        label: 'believes',
        options: [
          { text: 'prod, east', value: 'a[._]b' },
          { text: 'west', value: 'c' },
        ],
      },
      { name: 'provider', label: 'is believed', options: [], all: '.+' },
    ],
  });
  expect(panels).toEqual([
    { type: 'row', id: 1, title: 'a row', collapsed: false, panels: [], gridPos: { x: 0, y: 0, w: 24, h: 1 } },
  ]);
  expect(rest).toMatchInlineSnapshot(`
{
  "annotations": {},
  "description": "A dashboard.",
  "editable": true,
  "fiscalYearStartMonth": 0,
  "graphTooltip": 1,
  "links": [
    {
      "asDropdown": true,
      "icon": "",
      "includeVars": true,
      "keepTime": true,
      "placement": "inControlsMenu",
      "tags": [
        "spirekit",
      ],
      "targetBlank": false,
      "title": "spirekit",
      "tooltip": "",
      "type": "dashboards",
    },
  ],
  "refresh": "1m",
  "schemaVersion": 42,
  "tags": [
    "spirekit",
  ],
  "templating": {
    "list": [
      {
        "allowCustomValue": true,
        "auto": false,
        "auto_count": 30,
        "auto_min": "10s",
        "includeAll": false,
        "label": "Prometheus",
        "multi": false,
        "name": "datasource",
        "query": "prometheus",
        "skipUrlSync": false,
        "type": "datasource",
      },
      {
        "allowCustomValue": true,
        "auto": false,
        "auto_count": 30,
        "auto_min": "10s",
        "current": {
          "selected": true,
          "text": [
            "All",
          ],
          "value": [
            "$__all",
          ],
        },
        "includeAll": true,
        "label": "believes",
        "multi": true,
        "name": "consumer",
        "query": "prod\\, east : a[._]b,west : c",
        "skipUrlSync": false,
        "type": "custom",
      },
      {
        "allValue": ".+",
        "allowCustomValue": true,
        "auto": false,
        "auto_count": 30,
        "auto_min": "10s",
        "current": {
          "selected": true,
          "text": [
            "All",
          ],
          "value": [
            "$__all",
          ],
        },
        "includeAll": true,
        "label": "is believed",
        "multi": true,
        "name": "provider",
        "query": "",
        "skipUrlSync": false,
        "type": "custom",
      },
    ],
  },
  "time": {
    "from": "now-6h",
    "to": "now",
  },
  "timezone": "browser",
  "title": "Test",
  "uid": "spirekit-test",
}
`);
});

test('a number', () => {
  const { fieldConfig, options, targets, ...rest } = shown({
    ...place,
    id: 7,
    kind: 'stat',
    unit: 'seconds',
    steps: [
      { from: 0, tone: 'error' },
      { from: 60, tone: 'ok' },
    ],
    queries: [{ expr: 'up', legend: '{{job}}' }],
  });
  expect(rest).toEqual({
    type: 'stat',
    id: 7,
    title: 'a panel',
    description: 'What it shows.',
    transparent: false,
    repeatDirection: 'h',
    gridPos: { x: 0, y: 1, w: 12, h: 8 },
    datasource: { type: 'prometheus', uid: '$datasource' },
  });
  expect(targets).toEqual([
    {
      refId: 'A',
      expr: 'up',
      legendFormat: '{{job}}',
      datasource: { type: 'prometheus', uid: '$datasource' },
      editorMode: 'code',
      interval: '15s',
      instant: true,
      range: false,
    },
  ]);
  expect(fieldConfig.defaults).toEqual({
    unit: 's',
    thresholds: {
      mode: 'absolute',
      steps: [
        { value: null, color: 'red' },
        { value: 60, color: 'green' },
      ],
    },
  });
  expect(options).toMatchObject({ colorMode: 'background', textMode: 'auto', graphMode: 'none' });
});

test('names instead of numbers, and no colour where there is no limit', () => {
  const { options } = shown({ ...place, id: 7, kind: 'stat', unit: 'none', shows: 'name', queries: [{ expr: 'up' }] });
  expect(options).toMatchObject({ colorMode: 'value', textMode: 'name' });
});

test('numbers over time are asked for over time, and limits are lines', () => {
  const { targets, fieldConfig } = shown({
    ...place,
    id: 7,
    kind: 'series',
    unit: 'milliseconds',
    steps: [
      { from: 0, tone: 'ok' },
      { from: 30_000, tone: 'error' },
    ],
    queries: [{ expr: 'a' }, { expr: 'b' }],
  });
  expect(targets?.map(({ refId, instant, range }) => [refId, instant, range])).toEqual([
    ['A', false, true],
    ['B', false, true],
  ]);
  expect(fieldConfig.defaults).toMatchObject({
    unit: 'ms',
    min: 0,
    custom: { thresholdsStyle: { mode: 'line+area' } },
  });
  expect(fieldConfig.defaults.custom).not.toHaveProperty('stacking');
});

test('numbers that are far from each other have a scale that begins nowhere', () => {
  const { defaults } = shown({
    ...place,
    id: 7,
    kind: 'series',
    unit: 'seconds',
    scale: 'logarithmic',
    queries: [{ expr: 'a' }],
  }).fieldConfig;
  expect(defaults.min).toBeUndefined();
  expect(defaults.custom).toMatchObject({ scaleDistribution: { type: 'log', log: 10 } });
});

test('series whose names are numbers are called what these stand for', () => {
  const { fieldConfig } = shown({
    ...place,
    id: 7,
    kind: 'series',
    unit: 'count',
    stacked: true,
    states: STATES,
    queries: [{ expr: 'count_values("state", a)', legend: '{{state}}' }],
  });
  expect(fieldConfig.defaults.custom).toMatchObject({ stacking: { mode: 'normal', group: 'A' } });
  expect(fieldConfig.overrides).toEqual([
    {
      matcher: { id: 'byName', options: '0' },
      properties: [
        { id: 'displayName', value: 'missing' },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
      ],
    },
    {
      matcher: { id: 'byName', options: '1' },
      properties: [
        { id: 'displayName', value: 'held' },
        { id: 'color', value: { mode: 'fixed', fixedColor: 'green' } },
      ],
    },
  ]);
});

test.each(['series', 'timeline'] as const)('series of a %s are called as they are told', (kind) => {
  const queries = [{ expr: 'a', legend: '{{b}}' }];
  const names = { a_example: 'a' };
  const { fieldConfig } = shown(
    kind === 'series'
      ? { ...place, id: 7, kind, unit: 'count', queries, names }
      : { ...place, id: 7, kind, states: STATES, queries, names },
  );
  expect(fieldConfig.overrides).toEqual([
    { matcher: { id: 'byName', options: 'a_example' }, properties: [{ id: 'displayName', value: 'a' }] },
  ]);
});

test('states over time', () => {
  const { type, targets, fieldConfig } = shown({
    ...place,
    id: 7,
    kind: 'timeline',
    states: STATES,
    queries: [{ expr: 'a' }],
  });
  expect([type, targets?.[0]?.range]).toEqual(['state-timeline', true]);
  expect(fieldConfig.defaults.mappings).toEqual([
    {
      type: 'value',
      options: { 0: { text: 'missing', color: 'red', index: 0 }, 1: { text: 'held', color: 'green', index: 1 } },
    },
  ]);
});

describe('a table', () => {
  const COLUMNS: TablePanel['columns'] = [
    { title: 'bundle', expr: 'a', unit: 'none', states: STATES },
    { title: 'ends', expr: 'b', unit: 'moment', steps: [{ from: 0, tone: 'warning' }] },
  ];
  const table = (columns: 1 | 2): Shown =>
    shown({
      ...place,
      id: 7,
      kind: 'table',
      labels: [{ label: 'trust_domain_id', title: 'peer' }],
      columns: COLUMNS.slice(0, columns),
      names: { b_example: 'b' },
    });

  test('asks for tables of the present', () => {
    expect(table(2).targets?.map(({ refId, format, instant }) => [refId, format, instant])).toEqual([
      ['A', 'table', true],
      ['B', 'table', true],
    ]);
  });

  test('its columns are in their order, by their titles', () => {
    expect(table(2).transformations).toEqual([
      { id: 'filterFieldsByName', options: { include: { names: ['trust_domain_id', 'Value #A', 'Value #B'] } } },
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: { trust_domain_id: 0, 'Value #A': 1, 'Value #B': 2 },
          renameByName: { trust_domain_id: 'peer', 'Value #A': 'bundle', 'Value #B': 'ends' },
        },
      },
    ]);
  });

  test('of one query Grafana has another name for the numbers', () => {
    expect(table(1).transformations?.at(-1)).toMatchObject({
      options: { renameByName: { trust_domain_id: 'peer', Value: 'bundle' } },
    });
  });

  test('names stand for labels, words and colours for numbers', () => {
    const { defaults, overrides } = table(2).fieldConfig;
    expect(defaults.mappings).toEqual([{ type: 'value', options: { b_example: { text: 'b' } } }]);
    expect(overrides).toMatchInlineSnapshot(`
[
  {
    "matcher": {
      "id": "byName",
      "options": "bundle",
    },
    "properties": [
      {
        "id": "unit",
        "value": "none",
      },
      {
        "id": "mappings",
        "value": [
          {
            "options": {
              "0": {
                "color": "red",
                "index": 0,
                "text": "missing",
              },
              "1": {
                "color": "green",
                "index": 1,
                "text": "held",
              },
            },
            "type": "value",
          },
        ],
      },
      {
        "id": "custom.cellOptions",
        "value": {
          "type": "color-text",
        },
      },
    ],
  },
  {
    "matcher": {
      "id": "byName",
      "options": "ends",
    },
    "properties": [
      {
        "id": "unit",
        "value": "dateTimeFromNow",
      },
      {
        "id": "mappings",
        "value": [],
      },
      {
        "id": "thresholds",
        "value": {
          "mode": "absolute",
          "steps": [
            {
              "color": "orange",
              "value": null,
            },
          ],
        },
      },
      {
        "id": "custom.cellOptions",
        "value": {
          "type": "color-text",
        },
      },
    ],
  },
]
`);
  });
});

describe('a matrix', () => {
  const matrix = (states?: typeof STATES): Shown =>
    shown({
      ...place,
      id: 7,
      kind: 'matrix',
      expr: 'a',
      row: { label: 'trust_domain', title: 'consumer' },
      column: 'trust_domain_id',
      ...(states && { states }),
      names: { a_example: 'a' },
    });

  test('has a row and a column for each of two labels', () => {
    expect(matrix().transformations).toEqual([
      {
        id: 'groupingToMatrix',
        options: { rowField: 'trust_domain', columnField: 'trust_domain_id', valueField: 'Value', emptyValue: 'null' },
      },
      {
        id: 'organize',
        options: {
          excludeByName: {},
          indexByName: {},
          renameByName: { 'trust_domain\\trust_domain_id': 'consumer', a_example: 'a' },
        },
      },
    ]);
  });

  test('cells have the colours of states, and the names of rows none', () => {
    const { defaults, overrides } = matrix(STATES).fieldConfig;
    expect(defaults.custom).toMatchObject({ cellOptions: { type: 'color-background', mode: 'basic' } });
    expect(overrides).toEqual([
      {
        matcher: { id: 'byName', options: 'consumer' },
        properties: [
          { id: 'custom.cellOptions', value: { type: 'auto' } },
          { id: 'custom.align', value: 'left' },
          { id: 'mappings', value: [{ type: 'value', options: { a_example: { text: 'a' } } }] },
        ],
      },
    ]);
  });

  test('without states there are numbers', () => {
    const { defaults } = matrix().fieldConfig;
    expect([defaults.mappings, defaults.custom?.cellOptions]).toEqual([undefined, undefined]);
  });
});
