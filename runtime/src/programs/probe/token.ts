import { type JwtSvid, validateJwtSvid } from '../../jwt';
import type { WorkloadApiClient } from '../../workload-api';
import { pickerFor } from '../client-options';
import { ProbeError } from './probe-error';

/**
 * Fetches a JWT-SVID and validates it, as its audience would.
 *
 * @param client whom to ask
 * @param audience for whom it is
 * @param hint which one of several
 * @param timeoutMs how long a call may take
 * @throws {@link WorkloadApiError}, {@link JwtError} or {@link ProbeError}
 */
export async function checkToken(
  client: WorkloadApiClient,
  audience: string,
  hint: string | undefined,
  timeoutMs: () => number,
): Promise<JwtSvid> {
  const [svids, bundles] = await Promise.all([
    client.fetchJwtSvids({ audience, timeoutMs: timeoutMs() }),
    client.fetchJwtBundles({ timeoutMs: timeoutMs() }),
  ]);
  const picker = pickerFor(hint);
  const svid = picker ? picker(svids) : svids[0];
  if (svid === undefined) {
    throw new ProbeError('hint', `JWT-SVID: none of the ${svids.length} has the hint '${hint}'`);
  }
  return validateJwtSvid(svid.token, bundles, { audience });
}
