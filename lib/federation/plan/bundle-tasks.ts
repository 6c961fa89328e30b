import type { Member } from '../model';
import type { PlanCheck, ServerTask } from './plan';
import { idOf } from './subjects';
import { checkOf, serverTask } from './tasks';

/*
 * A member's bundle by the API servers of the clusters, which prove themselves by the kubeconfig: no endpoint is asked, so
 * that it works where an endpoint cannot be verified, or must not be believed.
 */

/** Name of what is kept of it. */
const nameOf = (member: Member): string => `BUNDLE_OF_${member.name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;

/** Keeps the bundle of a member, as its own server has it. */
export const keepBundle = (member: Member): ServerTask =>
  serverTask(member, ['bundle', 'show', '-format', 'spiffe'], { keeps: { name: nameOf(member) } });

/** Puts the bundle of a member, which was kept, in the place of the one that a consumer's server has. */
export const giveBundle = (consumer: Member, member: Member): ServerTask =>
  serverTask(consumer, ['bundle', 'set', '-id', idOf(member), '-format', 'spiffe'], { input: nameOf(member) });

/** That a consumer's server has a certificate, or a JWT key, of a provider; by what was kept of it. */
export const hasKeyCheck = (consumer: Member, provider: Member, key: string, kept: string): PlanCheck =>
  checkOf(`the server of ${consumer.name} has the ${key} of ${provider.name}`, listed(consumer, provider), {
    shows: kept,
  });

/** That it has it no more. */
export const lacksKeyCheck = (consumer: Member, provider: Member, key: string, kept: string): PlanCheck =>
  checkOf(`the server of ${consumer.name} no longer has the ${key} of ${provider.name}`, listed(consumer, provider), {
    lacks: kept,
  });

/** That a member's own bundle has it no more. */
export const ownLacksKeyCheck = (member: Member, key: string, kept: string): PlanCheck =>
  checkOf(
    `the bundle of ${member.name} no longer has the ${key}`,
    serverTask(member, ['bundle', 'show', '-output', 'json']),
    {
      lacks: kept,
    },
  );

const listed = (consumer: Member, provider: Member): ServerTask =>
  serverTask(consumer, ['bundle', 'list', '-id', idOf(provider), '-output', 'json']);
