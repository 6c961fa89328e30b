import { Duration, type DurationLike, isLate } from '../../core';
import type { AgentPlugin, ServerPlugin } from '../plugins/plugin';
import type { HealthChecks } from './common-conf';
import { HclBlock, type HclBody, type HclValue, hclKind } from './hcl';

/** A duration as SPIRE reads it; text is left as it was written. */
export function durationText(value: DurationLike | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** A part of a model with SPIRE's own keys, as what the writer takes: durations become text. */
export function bodyOf(section: object): HclBody {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, hclOf(value)]));
}

function hclOf(value: unknown): HclValue | undefined {
  if (typeof value !== 'object' || value === null || isLate(value) || hclKind(value) !== undefined) {
    return value as HclValue | undefined;
  }
  if (isDuration(value)) return Duration.parse(`${value.nanoseconds}ns`).toString();
  if (Array.isArray(value)) return value.map(hclOf) as HclValue[];
  return bodyOf(value);
}

/** By its shape: an engine that puts late values in may have copied the model, brands and all else left behind. */
function isDuration(value: object): value is { nanoseconds: bigint } {
  return typeof (value as { nanoseconds?: unknown }).nanoseconds === 'bigint';
}

/** The `plugins` section: one labelled block for each plugin, in the order given, which is the order SPIRE runs them in. */
export function pluginsBody(plugins: readonly (ServerPlugin | AgentPlugin)[]): HclBody {
  const body: Record<string, HclBlock[]> = {};
  for (const { type, name, data, external } of plugins) {
    body[type] ??= [];
    body[type].push(
      new HclBlock(name, {
        plugin_cmd: external?.command,
        plugin_args: external?.args,
        plugin_checksum: external?.checksum,
        plugin_data: data,
      }),
    );
  }
  return body;
}

/** The `health_checks` section of server and agent, in which SPIRE wants the port as text. */
export function healthBody(health: HealthChecks | undefined): HclBody | undefined {
  if (!health) return undefined;
  return bodyOf({ ...health, bind_port: health.bind_port === undefined ? undefined : String(health.bind_port) });
}
