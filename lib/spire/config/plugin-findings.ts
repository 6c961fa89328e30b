import type { AgentPlugin, PluginSide, ServerPlugin } from '../plugins/plugin';
import type { Checks } from './checks';

/** How many plugins of a type SPIRE takes; of those that are not named, any number. */
const CARDINALITY: Readonly<Record<PluginSide, Readonly<Record<string, readonly [least: number, most: number]>>>> = {
  server: { DataStore: [1, 1], KeyManager: [1, 1], UpstreamAuthority: [0, 1] },
  agent: { KeyManager: [1, 1], NodeAttestor: [1, 1], WorkloadAttestor: [1, Number.POSITIVE_INFINITY] },
};

/** Findings about the plugins as a whole, and what each has found about itself. */
export function pluginFindings(
  checks: Checks,
  side: PluginSide,
  plugins: readonly (ServerPlugin | AgentPlugin)[],
): void {
  for (const [type, [least, most]] of Object.entries(CARDINALITY[side])) {
    const named = plugins.filter((plugin) => plugin.type === type).map((plugin) => `"${plugin.name}"`);
    if (named.length >= least && named.length <= most) continue;
    checks.add({
      rule: 'plugin-cardinality',
      property: `plugins.${type}`,
      message:
        named.length === 0
          ? `is missing: ${article(side)} ${side} needs ${most === 1 ? 'exactly one' : 'at least one'}`
          : `is given ${named.length} times (${named.join(', ')}): ${article(side)} ${side} takes ${least === 1 ? 'exactly' : 'at most'} one`,
      remedy: named.length === 0 ? `add a ${type}` : 'keep one of them',
    });
  }
  const seen = new Set<string>();
  for (const plugin of plugins) {
    const property = `plugins.${plugin.type}.${plugin.name}`;
    if (seen.has(property)) {
      checks.add({
        rule: 'plugin-duplicate',
        property,
        message: 'is given twice, and SPIRE does not start with a plugin that is declared more than once',
        remedy: 'put both configurations into one',
      });
    }
    seen.add(property);
    if (plugin.side !== side) {
      checks.add({
        rule: 'plugin-side',
        property,
        message: `is a plugin of the ${plugin.side}, and this is ${article(side)} ${side}`,
        remedy:
          'use the factory of the right side, such as KeyManager for the server and AgentKeyManager for the agent',
      });
    }
    if (plugin.type === 'NodeAttestor' && plugin.name === 'join_token' && plugin.external) {
      checks.add({
        rule: 'plugin-external',
        property,
        message: 'is an external plugin, and SPIRE lets none take the place of its own join_token',
        remedy: 'give it another name',
      });
    }
    for (const finding of plugin.findings) {
      checks.add({
        ...finding,
        property: finding.property === undefined ? property : `${property}.${finding.property}`,
      });
    }
  }
}

const article = (side: PluginSide): string => (side === 'agent' ? 'an' : 'a');
