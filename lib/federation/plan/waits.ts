import { AGENT_SYNC, CONFIG_RELOAD, ENTRY_RELOAD, LEASE_PAUSE, RECONCILE_INTERVAL } from '../../core';
import { fetchesEvery, hintOf } from '../fetching';
import type { Member } from '../model';
import { span } from '../rules/wording';
import type { PlanWait, WaitPart } from './plan';

/** A part of a wait. */
export const part = (seconds: number, because: string): WaitPart => ({ seconds: Math.ceil(seconds), because });

/** What takes one after the other. What is undefined is left out. */
export function waitOf(...parts: readonly (WaitPart | undefined)[]): PlanWait {
  const all = parts.filter((each) => each !== undefined);
  return { seconds: all.reduce((sum, { seconds }) => sum + seconds, 0), parts: all };
}

/** The longest of what goes on at the same time; undefined when there is nothing. */
export function longestOf(parts: readonly WaitPart[]): WaitPart | undefined {
  return parts.reduce<WaitPart | undefined>(
    (most, each) => (most && most.seconds >= each.seconds ? most : each),
    undefined,
  );
}

/** Until the controller manager has done what objects say. */
export const reconciled = (what: string): WaitPart =>
  part(RECONCILE_INTERVAL, `the controller manager makes ${what} within ${span(RECONCILE_INTERVAL)}`);

/** Until each of a member's servers has read its relationships. */
export const relationshipsRead = (): WaitPart =>
  part(CONFIG_RELOAD, `servers read their relationships every ${span(CONFIG_RELOAD)}`);

/** Until a server answers agents by what its entries say now. What the server is asked by a check, it answers before. */
export const entriesRead = (): WaitPart => ({
  ...part(ENTRY_RELOAD, `servers read their entries every ${span(ENTRY_RELOAD)}`),
  unseen: true,
});

/** Until agents have what their server has, and workloads with them. */
export const agentsAsk = (): WaitPart => ({
  ...part(AGENT_SYNC, `agents ask every ${span(AGENT_SYNC)}`),
  unseen: true,
});

/** A part of a wait that no check sees. */
export const unseen = (each: WaitPart): WaitPart => ({ ...each, unseen: true });

/** Until agents have asked their servers, of which these know nothing. */
export const agentsHaveAsked = (): WaitPart => unseen(agentsAsk());

/** Until the controller manager of a server that was started anew begins to act. */
export const leaseTaken = (): WaitPart =>
  part(
    LEASE_PAUSE,
    `a controller manager that was started anew waits up to ${span(LEASE_PAUSE)} for the lease of the one before`,
  );

/**
 * The longest time until one who believes a provider has fetched what has changed in its bundle, in seconds; undefined where
 * nobody can know.
 */
export const pollOf = (consumer: Member, provider: Member): number | undefined => {
  const interval = fetchesEvery(consumer, provider);
  return interval === undefined ? undefined : Math.ceil(interval);
};

/** The same as a part of a wait: the longest of all who believe the provider, of whom it can be known. */
export function fetchedBy(consumers: readonly Member[], provider: Member): WaitPart | undefined {
  return longestOf(
    consumers.flatMap((consumer) => {
      const seconds = pollOf(consumer, provider);
      return seconds === undefined ? [] : [part(seconds, fetchReason(consumer, provider, seconds))];
    }),
  );
}

function fetchReason(consumer: Member, provider: Member, seconds: number): string {
  const hint = hintOf(provider);
  const who = consumer.platform === 'external' ? consumer.name : 'servers';
  const why = hint === undefined || consumer.fetches?.interval !== undefined ? '' : `, by its hint of ${span(hint)}`;
  return `${who} ${who === 'servers' ? 'fetch' : 'fetches'} the bundle of ${provider.name} every ${span(seconds)}${why}`;
}
