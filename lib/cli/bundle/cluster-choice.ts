import { nearest } from '../../core';
import type { Member, Mesh } from '../../federation';
import { type ClusterAccess, DEFAULT_BOUNDS } from '../../verify';
import { Clusters } from '../clusters';
import { contextsOf } from '../contexts';
import { UsageFailure } from '../failure';
import { COMMAND } from './bundle-input';

/** What the command line says of clusters. */
interface Given {
  readonly context?: readonly string[];
  readonly kubeconfig?: readonly string[];
}

/** Clusters whose API servers are asked for bundles. */
export interface ClusterChoice {
  /** Whether one context is named, for the one trust domain that is. */
  readonly isOfOne: boolean;
  /** @throws UsageFailure if a context is named for somebody who is no cluster of the federation */
  refuseStrangers(mesh: Mesh): void;
  /** Reads the kubeconfigs: gives the cluster of a member; undefined where it is not to be asked. */
  open(means: {
    readonly waitMs: number;
    readonly signal: AbortSignal;
  }): Promise<(member: Member | undefined) => Promise<ClusterAccess | undefined>>;
}

/**
 * Which clusters are asked: `--context NAME` for one trust domain, `--context MEMBER=NAME` for members of a federation; of a
 * `--kubeconfig` without a context those that are called like members.
 *
 * @returns undefined when none is
 * @throws UsageFailure if it cannot be meant
 */
export function clusterChoice({ context, kubeconfig }: Given, names: readonly string[]): ClusterChoice | undefined {
  if (context === undefined && kubeconfig === undefined) return undefined;
  const [only = '', ...others] = context ?? [];
  const isOfOne = context !== undefined && others.length === 0 && !only.includes('=');
  if (isOfOne && names.length !== 1) {
    throw new UsageFailure(
      `--context '${only}' is the cluster of one trust domain; name that alone, or write --context MEMBER=${only}`,
      COMMAND,
    );
  }
  const pairs = isOfOne ? new Map<string, string>() : contextsOf(context, COMMAND);
  return {
    isOfOne,
    refuseStrangers({ members }) {
      const clusters = members.flatMap(({ name, platform }) => (platform === 'external' ? [] : [name]));
      for (const member of pairs.keys()) {
        if (clusters.includes(member)) continue;
        const hint = nearest(member, clusters) || `; there is ${clusters.join(', ')}`;
        throw new UsageFailure(`--context names '${member}', which is no cluster of the federation${hint}`, COMMAND);
      }
    },
    async open({ waitMs, signal }) {
      const clusters = await Clusters.load(kubeconfig ?? [], pairs, { ...DEFAULT_BOUNDS, waitMs }, signal);
      if (isOfOne) return () => clusters.open(only);
      return async (member) => {
        if (member === undefined || member.platform === 'external') return undefined;
        const named = pairs.get(member.name) ?? (context === undefined ? member.name : undefined);
        const isThere = pairs.has(member.name) || clusters.names.includes(member.name);
        return named !== undefined && isThere ? clusters.open(named, member.name) : undefined;
      };
    },
  };
}
