import { anyText, text } from './options';

/** The options that all programs have which ask the Workload API. */
export const clientOptions = {
  socket: text(
    'ADDRESS',
    "where the Workload API listens, such as 'unix:///spiffe-workload-api/spire-agent.sock'; default: the environment variable SPIFFE_ENDPOINT_SOCKET",
    anyText,
    undefined,
  ),
  hint: text(
    'HINT',
    'for a workload with several identities: the one with this hint; default: the first',
    anyText,
    undefined,
  ),
} as const;

/**
 * Chooses among SVIDs by a hint.
 *
 * @param hint the hint; without one there is nothing to choose, and the first is taken
 */
export function pickerFor(
  hint: string | undefined,
): (<T extends { readonly hint?: string }>(svids: readonly T[]) => T | undefined) | undefined {
  return hint === undefined ? undefined : (svids) => svids.find((svid) => svid.hint === hint);
}
