import { Duration, type DurationLike, isLate } from '../../core';
import type { AgentPlugin, ServerPlugin } from '../plugins/plugin';
import { HclBlock, type HclBody, type HclValue, hclKind } from './hcl';

/** A duration as SPIRE reads it; text is left as it was written. */
export function durationText(value: DurationLike | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** A part of a model with SPIRE's own keys, as what the writer takes: durations become text. */
export function bodyOf(section: object): HclBody {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, valueOf(value)]));
}

function valueOf(value: unknown): HclValue | undefined {
  if (typeof value !== 'object' || value === null || isLate(value) || hclKind(value) !== undefined) {
    return value as HclValue | undefined;
  }
  if (Duration.is(value)) return value.toString();
  if (Array.isArray(value)) return value.map(valueOf) as HclValue[];
  return bodyOf(value);
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
