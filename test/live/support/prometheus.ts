import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, LiveProcess, sleep } from './process';
import type { Sample } from './prometheus-text';

/** What is scraped, and how often; the keys are Prometheus' own. */
export interface PrometheusOptions {
  /** Of the scrapes and of the rules, such as `2s`. */
  readonly interval: string;
  readonly scrapeConfigs: readonly object[];
  /** What a PrometheusRule has as its `spec`, or a file of rules. */
  readonly rules?: readonly { readonly groups: readonly object[] }[];
}

/** A target, as Prometheus sees it. */
export interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

/** An alert that is pending or fires. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** A part of time, in seconds since 1970, and how fine it is looked at. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** A series over time. */
export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** What Prometheus answers, by its HTTP API. */
export class PrometheusApi {
  /** @param url where it listens */
  constructor(readonly url: string) {}

  /** An instant vector by PromQL. */
  async query(expression: string): Promise<Sample[]> {
    const { result } = await this.get<{
      result: readonly { metric: Record<string, string>; value: readonly [number, string] }[];
    }>(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric: { __name__: name = '', ...labels }, value }) => ({
      name,
      labels,
      value: Number(value[1].replace('Inf', 'Infinity')),
    }));
  }

  /** The same over time, in seconds since 1970: points of each series. */
  async range(expression: string, { start, end, step }: TimeRange): Promise<readonly RangeSeries[]> {
    const { result } = await this.get<{
      result: readonly { metric: Record<string, string>; values: readonly (readonly [number, string])[] }[];
    }>(`query_range?query=${encodeURIComponent(expression)}&start=${start}&end=${end}&step=${step}`);
    return result.map(({ metric: { __name__: _, ...labels }, values }) => ({
      labels,
      points: values.map(([at, value]) => [at, Number(value.replace('Inf', 'Infinity'))] as const),
    }));
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.get<{ activeTargets: Target[] }>('targets?state=active')).activeTargets;
  }

  /** Alerts that are pending or fire. */
  async alerts(): Promise<readonly Alert[]> {
    return (await this.get<{ alerts: Alert[] }>('alerts')).alerts;
  }

  /** All rules of all groups. */
  async rules(): Promise<readonly Rule[]> {
    const { groups } = await this.get<{ groups: readonly { rules: readonly Rule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; error?: string; data: T };
    if (answer.status !== 'success') throw new Error(`${path}: ${answer.error}`);
    return answer.data;
  }
}

/** A real Prometheus on loopback, with its data in a folder that ends with it. */
export class LivePrometheus extends PrometheusApi {
  private constructor(
    url: string,
    private readonly folder: string,
    private readonly process: LiveProcess,
  ) {
    super(url);
  }

  static async start({ interval, scrapeConfigs, rules = [] }: PrometheusOptions): Promise<LivePrometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'spirekit-prometheus-'));
    const port = await freePort();
    mkdirSync(join(folder, 'rules'));
    for (const [index, { groups }] of rules.entries()) {
      // JSON is YAML too.
      writeFileSync(join(folder, 'rules', `${index}.yml`), JSON.stringify({ groups }));
    }
    const config = {
      global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
      rule_files: [join(folder, 'rules', '*.yml')],
      scrape_configs: scrapeConfigs,
    };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    const process = new LiveProcess(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { cwd: folder, env: { NO_PROXY: '*' } },
    );
    const prometheus = new LivePrometheus(`http://127.0.0.1:${port}`, folder, process);
    try {
      await process.says(/Server is ready to receive web requests/, 60);
    } catch (error) {
      await prometheus.end();
      throw error;
    }
    return prometheus;
  }

  /** Waits until an expression gives something. */
  async until(expression: string, seconds: number): Promise<Sample[]> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const found = await this.query(expression);
      if (found.length > 0) return found;
      if (Date.now() > end) throw new Error(`nothing within ${seconds} s: ${expression}`);
      await sleep(500);
    }
  }

  async end(): Promise<void> {
    await this.process.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
