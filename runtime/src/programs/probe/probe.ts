import { quote } from '../../id/quote';
import type { X509Svid } from '../../svid';
import { WorkloadApiClient, type X509Context } from '../../workload-api';
import { pickerFor } from '../client-options';
import { ProbeError } from './probe-error';
import type { ProbeOptions } from './probe-options';

/**
 * Looks whether this workload can be who it is: once, without trying again.
 *
 * @param options what to look at
 * @returns what was found, in one line
 * @throws {@link SpiffeError} when something is not as it should be
 */
export async function probe(options: ProbeOptions): Promise<string> {
  const deadline = Date.now() + options.timeout;
  // Zero would mean to wait as long as it takes.
  const timeoutMs = (): number => Math.max(deadline - Date.now(), 1);
  using client = new WorkloadApiClient({ address: options.socket, timeoutMs: options.timeout });
  const context = await client.fetchX509Context({ timeoutMs: timeoutMs() });
  const svid = pick(context, options.hint);
  const found = [`${svid.id} until ${new Date(svid.notAfter).toISOString()}`];
  checkRemaining(svid, options.minRemaining);
  checkBundles(context, options);
  if (options.dial && options.expect) {
    // Only who asks for it waits until it is loaded.
    const { dial } = require('./dial') as typeof import('./dial');
    await dial(svid, context.bundles, options.dial, options.expect, timeoutMs());
    found.push(`reached ${options.expect}`);
  }
  if (options.audience !== undefined) {
    const { checkToken } = require('./token') as typeof import('./token');
    const token = await checkToken(client, options.audience, options.hint, timeoutMs);
    found.push(`JWT-SVID until ${new Date(token.expiresAt).toISOString()}`);
  }
  return found.join(', ');
}

function pick({ svids }: X509Context, hint: string | undefined): X509Svid {
  const picker = pickerFor(hint);
  const svid = picker ? picker(svids) : svids[0];
  if (svid === undefined) {
    const hints = svids.map((each) => (each.hint === undefined ? `none for ${each.id}` : quote(each.hint)));
    throw new ProbeError('hint', `X.509-SVID: none has the hint ${quote(hint)}; there are ${hints.join(', ')}`);
  }
  return svid;
}

function checkRemaining(svid: X509Svid, minRemainingMs: number): void {
  const remainingMs = svid.notAfter - Date.now();
  if (remainingMs < minRemainingMs) {
    throw new ProbeError(
      'remaining',
      `X.509-SVID ${quote(svid.id.toString())}: is valid for ${Math.floor(remainingMs / 1000)} s more, less than ` +
        `${Math.ceil(minRemainingMs / 1000)} s; look why it is not renewed`,
    );
  }
}

function checkBundles({ bundles }: X509Context, options: ProbeOptions): void {
  for (const trustDomain of options.bundle) {
    const bundle = bundles.x509BundleFor(trustDomain);
    if (bundle === undefined || bundle.isEmpty) {
      const there = bundles.x509Bundles.map((each) => each.trustDomain.name).join(', ');
      throw new ProbeError(
        'bundle',
        `bundle of trust domain '${trustDomain.name}': ${bundle ? 'is empty' : `is not there; there are ${there}`}`,
      );
    }
  }
}
