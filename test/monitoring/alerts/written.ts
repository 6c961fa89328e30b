import { basename } from 'node:path';
import type { AlertGroup, AlertRule } from '../../../lib/monitoring';

/** Where runbooks are in these tests. */
export const runbookUrl = (alert: string): string => `https://wiki.example.com/runbooks.md#${alert.toLowerCase()}`;

/** Rules as text: name, severity and how long it must hold, further labels, expression, what it says. */
export const written = (groups: readonly AlertGroup[]): string =>
  groups.flatMap(({ rules }) => rules.map(ruleText)).join('\n\n');

function ruleText({ alert, expr, labels, annotations, ...rule }: AlertRule): string {
  const { severity, trust_domain: own, ...further } = labels;
  const more = Object.entries(further).map(([name, value]) => ` ${name}=${value}`);
  return [
    `${alert} (${severity}, ${rule.for ?? 'at once'}) ${own}${more.join('')} -> ${basename(annotations.runbook_url)}`,
    ...expr.split('\n').map((line) => `  ${line}`),
    annotations.summary,
    annotations.description,
  ].join('\n');
}

/** Rules as short lines: name, severity and time. */
export const outline = (groups: readonly AlertGroup[]): string[] =>
  groups.flatMap(({ rules }) => rules.map(({ alert, labels, for: lasts }) => `${alert} ${labels.severity} ${lasts}`));
