import { shellWord } from '../core';
import type { Member } from '../federation';
import type { World } from './check';
import { askablePod } from './discovery/installation';

/** What stands for the placeholders of a command. */
export type Placeholders = Readonly<Record<string, string>>;

/** What a command about a member, or about an edge, is filled with. */
export async function placeholdersOf(world: World, member: Member, peer?: Member): Promise<Placeholders> {
  const view = world.viewOf(member);
  const found = view && (await view.installation().catch(() => undefined));
  const pod = found && askablePod(found);
  const url = (peer ?? member).endpoint?.url;
  return {
    // As a synth names it.
    folder: member.name.replaceAll('/', '-'),
    trustDomain: member.trustDomain,
    ...(peer && { peer: peer.trustDomain }),
    ...(url !== undefined && { url }),
    ...(view && { context: view.context }),
    ...(found && {
      namespace: found.namespace,
      container: found.container,
      server: view?.program ?? found.programs[0] ?? 'spire-server',
    }),
    ...(pod && { pod: pod.metadata.name }),
  };
}

/** Fills a command. What a shell would take apart is quoted; what is not known is left to whoever reads it. */
export const withPlaceholders = (text: string, values: Placeholders): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? shellWord(values[name] ?? '') : `<${name}>`,
  );
