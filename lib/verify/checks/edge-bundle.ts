import type { EdgeCheck, EdgeSubject } from '../check';
import { installationName } from '../discovery/installation';
import { endOfTrust, fetchedEvery, type HeldBundle } from '../observe/bundle';
import { authorityWords, type BundleComparison, compareBundles } from '../observe/bundle-comparison';
import { EXEC } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

export const EDGE_BUNDLE: EdgeCheck = {
  id: 'V24',
  title: 'The consumer holds exactly the bundle that the peer has',
  about: 'edge',
  proves:
    "The authorities that the consumer's server holds for the peer's trust domain equal those of the peer's own server (of an " +
    'external peer: those that its endpoint serves), and at least one of them is valid.',
  causes: [
    'fetches fail: see V25',
    'a cache on the way serves an old document: see V13 of the peer',
    'the bundle was set by hand, and no relationship fetches it: see V23',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list -id spiffe://{peer} -format spiffe',
  needs: [...EXEC],
  async run(subject) {
    const { view, provider, world } = subject;
    const [bundles, installation] = await Promise.all([view.heldBundles(), view.installation()]);
    const place = installationName(installation);
    const held = bundles.get(provider.trustDomain);
    if (!held)
      return [wrong(`holds no bundle of ${provider.trustDomain}: its workloads can verify nobody of it`, place)];
    const end = endOfTrust(held);
    if (end === undefined || end < world.now()) {
      const since =
        end === undefined ? 'has no X.509 authority' : `has ended: its last authority ended ${end.toISOString()}`;
      return [wrong(`the bundle of ${provider.trustDomain} that it holds ${since}`, place)];
    }
    const truth = await truthOf(subject);
    if (typeof truth === 'string') {
      return [
        unseen(`what ${provider.trustDomain} has itself cannot be seen: ${truth}`, place, {
          evidence: `it holds ${contentText(held)}`,
        }),
      ];
    }
    return comparisonOutcomes(held, truth, place, world.now());
  },
};

/** What the peer has itself; else why that is not known. */
async function truthOf({ provider, providerView, world }: EdgeSubject): Promise<HeldBundle | string> {
  if (providerView) {
    try {
      return await providerView.ownBundle();
    } catch (error) {
      return (error as Error).message;
    }
  }
  if (!provider.endpoint) return 'it has no endpoint';
  const { here } = await world.endpointOf(provider);
  return here.bundle ?? here.problem?.message ?? 'its endpoint gives no bundle';
}

/** What a consumer holds, compared with what is true. */
export function comparisonOutcomes(held: HeldBundle, truth: HeldBundle, place: string, now: Date): Outcome[] {
  const compared = compareBundles(held, truth);
  const [missing, surplus] = [withoutEnded(compared.missing, now), withoutEnded(compared.surplus, now)];
  const evidence = `held: ${contentText(held)}; of the peer itself: ${contentText(truth)}`;
  const found: Outcome[] = [];
  const lacking = authorityWords(missing);
  if (lacking !== '') {
    // Made a moment ago, it is fetched with the next poll, and signs much later.
    const interval = fetchedEvery(held) * 1000;
    const areYoung = missing.x509.every(({ notBefore }) => now.getTime() - notBefore.getTime() < 2 * interval);
    const what = `lacks ${lacking}: SVIDs that they sign are refused`;
    // When a JWT key was made, nobody says.
    if (areYoung) found.push(doubtful(`${what}; fetches are due every ${interval / 1000} s`, place, { evidence }));
    else found.push(wrong(what, place, { evidence }));
  }
  const left = authorityWords(surplus);
  if (left !== '') {
    found.push(
      wrong(`still has ${left}, which the peer has no more: SVIDs that they signed are accepted`, place, { evidence }),
    );
  }
  return found.length > 0 ? found : [ok(`holds ${contentText(held)}`, place)];
}

/** What has ended verifies nobody, and is dropped by whoever has it, sooner or later. */
const withoutEnded = ({ x509, jwt }: BundleComparison['missing'], now: Date): BundleComparison['missing'] => ({
  x509: x509.filter(({ notAfter }) => notAfter > now),
  jwt,
});

const contentText = ({ x509, jwt }: HeldBundle): string => `${x509.length} X.509 and ${jwt.length} JWT authorities`;
