import type { EndpointCheck } from '../check';
import { blindnessOf } from '../endpoint/sight';
import { endOfTrust, type HeldBundle } from '../observe/bundle';
import { authorityWords, compareBundles } from '../observe/bundle-comparison';
import { EXEC, PORT_FORWARD } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

export const ENDPOINT_BUNDLE: EndpointCheck = {
  id: 'V13',
  title: 'The endpoint serves the bundle that the server has',
  about: 'endpoint',
  proves:
    'The document has at least one X.509 authority that is valid, a refresh hint, and exactly the authorities that the server ' +
    'itself has at the same time.',
  causes: [
    'a cache or content delivery network serves an old document',
    'the URL leads to another SPIRE server',
    'the publisher of the bundle fails: see V20',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle show -format spiffe',
  needs: [...EXEC, ...PORT_FORWARD],
  async run({ world, member, view }) {
    const sight = await world.endpointOf(member);
    const { url, here, inside } = sight;
    const served = here.bundle ?? inside?.bundle;
    if (!served) return [unseen(blindnessOf(sight), url)];
    const found = documentOutcomes(served, member.endpoint?.refreshHint, url, world.now());
    if (view) found.push(...equalityOutcomes(served, await view.ownBundle(), url));
    return found.length > 0 ? found : [ok(contentText(served), url)];
  },
};

/** What a document says of itself. */
export function documentOutcomes(served: HeldBundle, hint: number | undefined, url: string, now: Date): Outcome[] {
  const found: Outcome[] = [];
  const end = endOfTrust(served);
  if (end === undefined) found.push(wrong('the bundle has no X.509 authority: nobody can be verified by it', url));
  else if (end < now)
    found.push(wrong(`all X.509 authorities of the bundle have ended, the last ${end.toISOString()}`, url));
  if (served.refreshHint === 0) {
    found.push(
      doubtful(
        'the bundle has no refresh hint: SPIRE then fetches it once in a fortieth of the shortest lifetime in it',
        url,
        {
          causes: ['it is published by a plugin without refresh_hint'],
        },
      ),
    );
  } else if (hint !== undefined && served.refreshHint !== hint) {
    found.push(
      doubtful(`the bundle says to be fetched within ${served.refreshHint} s, and ${hint} s are declared`, url, {
        causes: ['what was declared is not applied yet'],
      }),
    );
  }
  return found;
}

function equalityOutcomes(served: HeldBundle, own: HeldBundle, url: string): Outcome[] {
  const { missing, surplus, isEqual } = compareBundles(served, own);
  if (isEqual) return [];
  const evidence = `served: sequence ${served.sequence}; the server's own: ${own.sequence}`;
  const found: Outcome[] = [];
  if (missing.x509.length + missing.jwt.length > 0) {
    found.push(wrong(`what is served lacks ${authorityWords(missing)}`, url, { evidence }));
  }
  if (surplus.x509.length + surplus.jwt.length > 0) {
    found.push(
      wrong(`what is served still has ${authorityWords(surplus)}, which the server has not`, url, { evidence }),
    );
  }
  return found;
}

const contentText = ({ x509, jwt, refreshHint, sequence }: HeldBundle): string =>
  `serves ${x509.length} X.509 and ${jwt.length} JWT authorities, refresh hint ${refreshHint} s, sequence ${sequence}`;
