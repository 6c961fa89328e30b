import { SpiffeId } from '../../id';
import { quote } from '../../id/quote';
import { JwtSvid } from '../../jwt';
import type { WorkloadApiLimits } from '../limits';
import type { RequestOf, ResponseOf } from '../proto/messages';
import type { JsonObject } from '../proto/struct';
import { withUniqueHints } from './hints';
import { Refusal, requireAtMost, requireField } from './refusal';

/** What the Workload API found in a JWT-SVID that it was asked to validate. */
export interface ValidatedJwtSvid {
  /** Who bears the token. */
  readonly id: SpiffeId;
  /** Claims of the token, as many as the Workload API hands out. The object has no prototype. */
  readonly claims: JsonObject;
}

/**
 * The answer to FetchJWTSVID, in which every token has to be one that was asked for: for all the audiences, for the
 * SPIFFE ID if one was named, and not expired. One that is not refuses it all.
 *
 * @param response the message
 * @param request what was asked
 * @param limits how much is taken
 */
export function readJwtSvids(
  response: ResponseOf<'FetchJWTSVID'>,
  request: RequestOf<'FetchJWTSVID'>,
  limits: WorkloadApiLimits,
): JwtSvid[] {
  if (response.svids.length === 0) {
    throw new Refusal('it has no SVID');
  }
  requireAtMost(response.svids.length, limits.svids, 'SVIDs', 'svids');
  return withUniqueHints(response.svids).map(({ spiffeId, svid: token, hint }) => {
    requireField(spiffeId, 'spiffe_id');
    requireField(token, 'svid');
    const svid = JwtSvid.parseUnverified(token, hint === '' ? {} : { hint });
    const id = svid.id.toString();
    if (id !== spiffeId) {
      throw new Refusal(`the SVID of ${quote(spiffeId)} has a token of ${quote(id)}`);
    }
    if (request.spiffeId !== '' && id !== request.spiffeId) {
      throw new Refusal(`it has a token of ${quote(id)} where ${quote(request.spiffeId)} was asked for`);
    }
    const missing = request.audience.find((audience) => !svid.audience.includes(audience));
    if (missing !== undefined) {
      throw new Refusal(`the token of ${quote(id)} is not for the audience ${quote(missing)}`);
    }
    if (svid.expiresAt <= Date.now()) {
      throw new Refusal(`the token of ${quote(id)} expired at ${new Date(svid.expiresAt).toISOString()}`);
    }
    return svid;
  });
}

/**
 * The answer to ValidateJWTSVID.
 *
 * @param response the message
 */
export function readValidatedJwtSvid(response: ResponseOf<'ValidateJWTSVID'>): ValidatedJwtSvid {
  requireField(response.spiffeId, 'spiffe_id');
  if (response.claims === undefined) {
    throw new Refusal('its field claims is missing');
  }
  return Object.freeze({ id: SpiffeId.parse(response.spiffeId), claims: response.claims });
}
