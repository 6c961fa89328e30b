import { readFileSync } from 'node:fs';
import { HELP } from '../../../lib/cli/usage';
import { Duration } from '../../../lib/core';
import { type Member, meshFrom } from '../../../lib/federation';
import { EDGE_ALERTS, edgeAlerts } from '../../../lib/federation/alerts';
import { CLUSTER_ALERTS, clusterAlerts, METRICS, type MetricProgram } from '../../../lib/monitoring';
import { CHECKS } from '../../../lib/verify';
import { draft } from '../../federation/fixtures';
import { metricNamesIn, metricOf } from '../metric-names';
import { runbookUrl } from './written';

const TEXT = readFileSync('docs/runbooks.md', 'utf8');
const ALERTS = [...CLUSTER_ALERTS, ...EDGE_ALERTS];

/** The sections of the document, by their headings. */
const SECTIONS = new Map(
  TEXT.split(/^## /m)
    .slice(1)
    .map(
      (section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n') + 1).trim()] as const,
    ),
);

/** Cells of the table at the top, by the name of the alert. */
const TABLE = new Map(
  [...TEXT.matchAll(/^\| \[(\w+)\]\(#(\w+)\) .*$/gm)].map(([line, name = '', anchor = '']) => {
    const [, severities = '', title = '', from = '', checks = ''] = line
      .split('|')
      .slice(1, -1)
      .map((it) => it.trim());
    return [name, { anchor, severities, title, from, checks }] as const;
  }),
);

test('every alert is in the table, in the order of the catalogues', () => {
  expect([...TABLE.keys()]).toEqual(ALERTS.map(({ name }) => name));
});

const WORDS: Readonly<Record<MetricProgram, string>> = {
  'spire-server': 'SPIRE server',
  'spire-agent': 'SPIRE agent',
  'spire-controller-manager': 'controller manager',
  'spirekit-exporter': 'exporter',
};

/** The programs whose metrics an alert goes by, as the table has them. */
function programsOf(alert: string): string {
  const { east, west, partner, edges } = draft();
  const mesh = meshFrom({ members: [east, west, partner], edges });
  const [interval, table] = [Duration.seconds(30), new Map(METRICS.map((metric) => [metric.name, metric.program]))];
  const rules = [
    ...clusterAlerts({ trustDomain: 'east.example.org', interval, runbookUrl, replicas: 2 }),
    ...edgeAlerts(mesh, mesh.member('prod/east') as Member, { interval, runbookUrl }),
  ].flatMap((group) => group.rules.filter((rule) => rule.alert === alert));
  const names = rules.flatMap(({ expr }) => metricNamesIn(expr));
  const programs = names.map((name) => table.get(metricOf(name, new Set(table.keys())) ?? ''));
  return [...new Set(programs.map((program) => program && WORDS[program]))].join(', ');
}

test.each(ALERTS)(
  'the line of $name says how bad it is, when it fires, and from what',
  ({ name, title, severities }) => {
    expect(TABLE.get(name)).toEqual({
      anchor: name.toLowerCase(),
      severities: severities.join(', '),
      title,
      from: programsOf(name),
      checks: expect.stringMatching(/^(?:—|V\d\d(?:, V\d\d)*)$/),
    });
  },
);

test('the checks that belong to alerts exist, and each alert of a federation has one', () => {
  const known = new Set(CHECKS.map(({ id }) => id));
  expect([...TEXT.matchAll(/\bV\d\d\b/g)].filter(([id]) => !known.has(id))).toEqual([]);
  expect(EDGE_ALERTS.filter(({ name }) => !TABLE.get(name)?.checks.startsWith('V'))).toEqual([]);
});

test('every alert has a section, in the order of the catalogues, and every section is of an alert', () => {
  expect([...SECTIONS.keys()]).toEqual(ALERTS.map(({ name }) => name));
});

test.each(ALERTS)(
  'the section of $name says how bad it is, what it means, and what to do',
  ({ name, title, severities }) => {
    const section = SECTIONS.get(name) ?? '';
    expect(section.split('\n\n')[0]).toBe(`${severities.map((severity) => `*${severity}*`).join(' and ')}: ${title}.`);
    const steps = [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
    expect(steps.length).toBeGreaterThan(0);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
  },
);

test('references within the document lead somewhere', () => {
  const anchors = new Set([...SECTIONS.keys()].map((name) => name.toLowerCase()));
  const references = [...TEXT.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = '']) => anchor);
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

/**
 * SPIRE's own commands and the options that the text may give them.
 *
 * @see https://github.com/spiffe/spire/tree/v1.15.3/cmd/spire-server/cli
 */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'agent list': [],
  'bundle delete': ['-id', '-mode'],
  'bundle list': ['-id', '-format'],
  'bundle set': ['-id', '-format'],
  'bundle show': ['-format'],
  'entry count': [],
  'entry show': ['-federatesWith'],
  'federation delete': ['-id'],
  'federation list': [],
  'federation refresh': ['-id'],
  'federation show': ['-trustDomain'],
  healthcheck: [],
  'localauthority x509 activate': ['-authorityID'],
  'localauthority x509 show': [],
};

/** Commands in the text: lines of their own, and what stands between backticks, be there a line's end in it or not. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = '']) => line);
  const spans = [...text.replace(/^ {4,}.*$/gm, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  return [...blocks, ...spans].map((command) => command.replace(/\s+/g, ' '));
}

test('every command of SPIRE that is named exists, with its options', () => {
  const named = commandsIn(TEXT).flatMap((command) => {
    const [, rest] = /^(?:server|spire-server|kubectl .* -- \S*\/spire-server) ([a-z].*)$/.exec(command) ?? [];
    return rest ?? [];
  });
  expect(named.length).toBeGreaterThan(20);
  const used = new Set<string>();
  for (const command of named) {
    const [, words = '', options = ''] = /^([a-z0-9]+(?: [a-z0-9]+)*)((?: -.*| <.*)?)$/.exec(command) ?? [];
    used.add(words);
    const unknown = [...options.matchAll(/ (-\w+)/g)].filter(([, option = '']) => !COMMANDS[words]?.includes(option));
    expect([command, Object.hasOwn(COMMANDS, words), unknown.map(([, option]) => option)]).toEqual([command, true, []]);
  }
  expect(Object.keys(COMMANDS).filter((command) => !used.has(command))).toEqual([]);
});

test('every command of spirekit that is named exists', () => {
  const named = commandsIn(TEXT).flatMap((command) => /^spirekit ([a-z]+)/.exec(command)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((command) => !Object.hasOwn(HELP, command))).toEqual([]);
  const options = commandsIn(TEXT).flatMap((command) =>
    [...(/^spirekit verify (.*)/.exec(command)?.[1] ?? '').matchAll(/--[a-z-]+/g)].map(([option]) => option),
  );
  expect(options).toContain('--check');
  expect(options.filter((option) => !HELP.verify?.includes(`  ${option} `))).toEqual([]);
});

test('commands of kubectl name the namespaces and objects that the library makes', () => {
  const commands = commandsIn(TEXT).filter((command) => /(^|\{ )kubectl /.test(command));
  expect(commands.length).toBeGreaterThan(20);
  const namespaces = new Set(commands.flatMap((command) => /-n (\S+)/.exec(command)?.[1] ?? []));
  expect([...namespaces].sort()).toEqual(['spire-server', 'spire-system', 'zero-trust-workload-identity-manager']);
  const objects = new Set(commands.flatMap((command) => /\b(?:statefulset|daemonset)\/\S+/.exec(command)?.[0] ?? []));
  expect([...objects].sort()).toEqual(['daemonset/spire-agent', 'statefulset/spire-server']);
});
