import { clientOptions } from '../client-options';
import {
  anyText,
  duration,
  list,
  peerAddress,
  positiveDuration,
  readOptions,
  spiffeId,
  text,
  trustDomain,
  type Values,
} from '../options';
import { UsageError } from '../usage-error';

/** The options of the probe. */
export const probeOptions = {
  ...clientOptions,
  timeout: text('TIME', 'how long all of it may take, such as 500ms; default: 3s', positiveDuration, 3_000),
  minRemaining: text('TIME', 'how long the X.509-SVID has to be valid still, such as 5m; default: 0s', duration, 0),
  bundle: list('TRUST-DOMAIN', 'there has to be a bundle of this trust domain; repeat it for more', trustDomain),
  dial: text('HOST:PORT', 'connect to this server by mutual TLS; needs --expect', peerAddress, undefined),
  expect: text('SPIFFE-ID', 'the identity that the server has to have', spiffeId, undefined),
  audience: text(
    'AUDIENCE',
    'fetch a JWT-SVID for this audience, and validate it by the keys that the Workload API gives',
    anyText,
    undefined,
  ),
} as const;

/** What the probe is told. */
export type ProbeOptions = Values<typeof probeOptions>;

/**
 * Reads what the probe is told.
 *
 * @param args the words after its name
 * @throws {@link UsageError}
 */
export function readProbeOptions(args: readonly string[]): ProbeOptions {
  const { values } = readOptions(probeOptions, args);
  if ((values.dial === undefined) !== (values.expect === undefined)) {
    throw new UsageError([
      values.dial === undefined
        ? '--expect: no server is named; add --dial'
        : "--dial: nothing says who has to answer; add --expect and the server's SPIFFE ID",
    ]);
  }
  return values;
}
