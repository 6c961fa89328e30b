import { activatedBefore, DEFAULT_CA_TTL, Duration, preparedBefore } from '../../core';
import type { ClusterCheck } from '../check';
import { installationName } from '../discovery/installation';
import { endOfTrust, type HeldBundle } from '../observe/bundle';
import { authorityName } from '../observe/bundle-comparison';
import type { LocalAuthorities } from '../observe/server-answers';
import { EXEC } from '../rights';
import { doubtful, type Outcome, ok, wrong } from '../verdict';

/** What makes an authority end sooner than is configured, which its certificate would show if the bundle had it. */
const SHORTENED = 'the upstream authority signs for less time than ca_ttl asks for: write there what it gives';

/** How much later than due a rotation may be, as a part of the CA's lifetime: SPIRE looks every few seconds, upstream takes time. */
const SLACK = 1 / 20;

export const OWN_AUTHORITIES: ClusterCheck = {
  id: 'V14',
  title: 'The server signs by a valid authority, and makes the next one in time',
  about: 'cluster',
  proves:
    'The active X.509 authority has not ended, the next one was prepared when SPIRE does it (half of its lifetime before its end, ' +
    '30 days at most), and the bundle has an authority that is valid.',
  causes: [
    'the upstream authority does not sign: its certificate has ended, or it cannot be reached',
    'the key manager cannot make keys: its volume is full or read-only',
    'the clock of the node is wrong',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} localauthority x509 show',
  needs: [...EXEC],
  async run({ view, member, world }) {
    const [installation, conf, authorities, bundle] = await Promise.all([
      view.installation(),
      view.serverConf().catch(() => undefined),
      view.localAuthorities(),
      view.ownBundle(),
    ]);
    const lifetime = conf?.caTtl ?? member.caTtl ?? DEFAULT_CA_TTL;
    const place = installationName(installation);
    return authorityOutcomes(authorities, bundle, lifetime, world.now(), place);
  },
};

/** @param configured lifetime of an authority in seconds, where the bundle does not have its certificate */
export function authorityOutcomes(
  { active, prepared }: LocalAuthorities,
  bundle: HeldBundle,
  configured: number,
  now: Date,
  place: string,
): Outcome[] {
  const found: Outcome[] = [];
  const end = endOfTrust(bundle);
  if (end === undefined || end < now)
    found.push(wrong('the bundle of the trust domain has no X.509 authority that is valid', place));
  const tainted = bundle.x509.filter((each) => each.tainted);
  if (tainted.length > 0) {
    found.push(
      doubtful(`tainted, and still believed: ${tainted.map(authorityName).join(', ')}`, place, {
        causes: ['a forced rotation was begun and not ended: it is revoked once nobody uses it any more'],
      }),
    );
  }
  if (!active) return [...found, wrong('the server has no active X.509 authority', place)];
  const left = (active.expiresAt.getTime() - now.getTime()) / 1000;
  const evidence = `active until ${active.expiresAt.toISOString()}, next ${prepared ? `until ${prepared.expiresAt.toISOString()}` : 'not prepared'}`;
  // One that was made before the configuration was changed goes by its own.
  const own = bundle.x509.find(({ authorityId }) => authorityId === active.authorityId);
  const lifetime = own ? (own.notAfter.getTime() - own.notBefore.getTime()) / 1000 : configured;
  const slack = lifetime * SLACK;
  const late = {
    evidence,
    ...(!own && active.upstream !== '' && { causes: [SHORTENED, ...OWN_AUTHORITIES.causes] }),
  };
  if (left <= 0) found.push(wrong('the active X.509 authority has ended: nothing can be signed', place, { evidence }));
  else if (left < activatedBefore(lifetime) - slack) {
    const due = text(activatedBefore(lifetime));
    found.push(
      wrong(
        `the rotation is overdue: the next authority begins to sign ${due} before the end of this one`,
        place,
        late,
      ),
    );
  } else if (!prepared && left < preparedBefore(lifetime) - slack) {
    const due = text(preparedBefore(lifetime));
    found.push(
      wrong(`no next X.509 authority is prepared, which is due ${due} before the end of this one`, place, late),
    );
  }
  return found.length > 0 ? found : [ok('signs by a valid authority', place, evidence)];
}

const text = (seconds: number): string => String(Duration.seconds(Math.round(seconds)));
