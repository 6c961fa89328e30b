import type { Verification } from '../../verify';

/**
 * What a verdict about two members is about: an edge, or that there is none.
 *
 * @param peers of which something was seen
 */
export function pairSubject(member: string, peers: readonly string[], edges: Verification['edges']): string {
  const isBelieved = (peer: string) => edges.some(({ consumer, provider }) => consumer === member && provider === peer);
  const [believed, others] = [peers.filter(isBelieved), peers.filter((peer) => !isBelieved(peer))];
  const parts = [
    ...(believed.length > 0 ? [`believes ${believed.join(', ')}`] : []),
    ...(others.length > 0 ? [`does not believe ${others.join(', ')}`] : []),
  ];
  return `${member} ${parts.join('; ')}`;
}
