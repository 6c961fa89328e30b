import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitYaml } from '../../../lib/kube';
import type { AlertGroup, AlertRule } from '../../../lib/monitoring';
import { type Outcome, run } from '../support/run';
import type { InputSeries, Labels } from './rule-series';

/** An alert that is to fire: what is not said follows from its rule. */
export interface Fired {
  readonly severity: AlertRule['labels']['severity'];
  /** Beside those that the rule has as they are. */
  readonly labels?: Labels;
  readonly summary: string;
}

/** What the rules are to make of some series. */
export interface RuleCase {
  readonly alert: string;
  /** When it is so, as the name of a test. */
  readonly when: string;
  readonly series: readonly InputSeries[];
  /** When it is looked at, from the first reading on, in Prometheus' format. */
  readonly at: string;
  /** What fires then; empty: the alert is silent. */
  readonly fires: readonly Fired[];
}

/** A rule file, as promtool sees it. */
export class RuleFile {
  private readonly path: string;
  private count = 0;

  /** @param interval seconds from one reading, and evaluation, to the next */
  constructor(
    private readonly groups: readonly AlertGroup[],
    private readonly interval = 30,
  ) {
    this.path = join(mkdtempSync(join(tmpdir(), 'rules-')), 'rules.yaml');
    writeFileSync(this.path, emitYaml({ groups }));
  }

  /** Whether Prometheus can load it. */
  check(): Outcome {
    return run('promtool', ['check', 'rules', this.path]);
  }

  /** Whether the rules make of series what they are to make. */
  test({ alert, series, at, fires }: RuleCase): Outcome {
    const file = `${this.path}.${this.count++}.test.yaml`;
    const interval = `${this.interval}s`;
    const expected = fires.map((fired) => this.expected(alert, fired));
    const tests = [
      { interval, input_series: series, alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }] },
    ];
    writeFileSync(file, emitYaml({ rule_files: [this.path], evaluation_interval: interval, tests }));
    return run('promtool', ['test', 'rules', file]);
  }

  private expected(alert: string, { severity, labels, summary }: Fired): object {
    const rules = this.groups.flatMap((group) => group.rules);
    const matching = rules.filter(
      (rule) => rule.alert === alert && rule.labels.severity === severity && agrees(rule.labels, labels),
    );
    const [rule] = matching;
    if (!rule || matching.length > 1) throw new Error(`${matching.length} rules '${alert}' of severity '${severity}'`);
    const description = rule.annotations.description.replace(
      /\{\{ \$labels\.(\w+) \}\}/g,
      (_, name: string) => labels?.[name] ?? '',
    );
    return {
      exp_labels: { ...rule.labels, ...labels },
      exp_annotations: { ...rule.annotations, summary, description },
    };
  }
}

/** Whether labels that a rule has as they are do not differ from those that are expected. */
const agrees = (rule: Labels, expected: Labels = {}): boolean =>
  Object.entries(expected).every(([name, value]) => rule[name] === undefined || rule[name] === value);
