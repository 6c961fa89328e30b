import { bundleOfRoots } from '../../../lib/federation';
import { type Draft, web } from '../fixtures';
import { EAST_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { move, tableOfChanges } from '../fixtures-changes';

const hinted = (pem: string, refreshHint = 300) => bundleOfRoots(pem, { refreshHint });

/** A seed at the provider, and so at everybody who has it from there. */
function seed({ east, west }: Draft, bundle: string): void {
  east.seed = { bundle };
  Object.assign(west.relationships[0] ?? {}, { bundle });
}

test('a bundle that changes alone', () => {
  expect(
    tableOfChanges({
      'nothing changes': () => undefined,
      'another root': (now) => seed(now, hinted(WEB_ROOT)),
      'a root more': (now) => seed(now, hinted(`${EAST_ROOT}${WEB_ROOT}`)),
      'another order of the same roots': (now, before) => {
        seed(now, hinted(`${EAST_ROOT}${WEB_ROOT}`));
        seed(before, hinted(`${WEB_ROOT}${EAST_ROOT}`));
      },
      'another hint, which is that of the live bundle before long': (now) => seed(now, hinted(EAST_ROOT, 600)),
      'where there was none': (_, before) => {
        delete before.west.relationships[0]?.bundle;
      },
      'where there is none any more': (now) => {
        delete now.west.relationships[0]?.bundle;
      },
      'where a Job has made the relationship with a bundle that it has fetched': (_, before) => {
        const was = before.west.relationships[0];
        delete was?.bundle;
        Object.assign(was ?? {}, { firstBundle: 'cluster', object: 'east.example.com-bootstrap' });
      },
      'where a Job makes it from now on': (now) => {
        const is = now.west.relationships[0];
        delete is?.bundle;
        Object.assign(is ?? {}, { firstBundle: 'cluster', object: 'east.example.com-bootstrap' });
      },
      'with the URL, so that it arrives': (now) => {
        seed(now, hinted(WEB_ROOT));
        move(now, 'east', { profile: 'https_web', spiffeId: undefined });
      },
      'with the class, which the server knows nothing of': (now) => {
        seed(now, hinted(WEB_ROOT));
        Object.assign(now.west.relationships[0] ?? {}, { className: 'other', path: 'prod/west/far', wave: 40 });
      },
      'at those who believe it by https_web, too: the endpoint need not answer': (now, before) => {
        for (const mesh of [now, before]) {
          const relationship = web('partner.example', 'https://bundle.partner.example/spiffe.json');
          mesh.west.relationships.push({ ...relationship });
        }
        now.partner.seed = { bundle: hinted(WEST_ROOT) };
        for (const { relationships } of [now.east, now.west]) {
          const told = relationships.find(({ trustDomain }) => trustDomain === 'partner.example');
          Object.assign(told ?? {}, { bundle: now.partner.seed.bundle });
        }
      },
      'of one who is no member': (now, before) => {
        const stranger = { ...web('stranger.example', 'https://stranger.example'), path: 'prod/west/it' };
        before.west.relationships.push({ ...stranger, bundle: hinted(WEB_ROOT) });
        now.west.relationships.unshift({ ...stranger, bundle: hinted(WEST_ROOT) });
      },
      'where an entry of the configuration becomes an object, which is made with it': (now, before) => {
        const [{ trustDomain, url, profile, endpointSpiffeId } = web('', '')] = before.west.relationships.splice(0, 1);
        before.west.staticRelationships = [{ trustDomain, url, profile, endpointSpiffeId: endpointSpiffeId ?? '' }];
        seed(now, hinted(WEB_ROOT));
      },
      'what is no bundle': (now, before) => {
        seed(now, '{"keys":1}');
        seed(before, 'PEM');
      },
    }),
  ).toMatchInlineSnapshot(`
"# nothing changes
# another root
warning E24 [prod/east] seed.bundle has other keys than before, and does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'; where it can, accept E24 with the reason
# a root more
warning E24 [prod/east] seed.bundle has other keys than before, and does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'; where it can, accept E24 with the reason
# another order of the same roots
# another hint, which is that of the live bundle before long
# where there was none
warning E24 [prod/east] seed.bundle is new, and does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'; where it can, accept E24 with the reason
# where there is none any more
# where a Job has made the relationship with a bundle that it has fetched
warning E24 [prod/west] relationships[0].trustDomain 'east.example.org' has no effect as long as 'east.example.com-bootstrap' is there, which a Job has made: of two objects for one trust domain the older one acts; run 'kubectl delete clusterfederatedtrustdomain east.example.com-bootstrap' when it is applied; the server keeps its bundle meanwhile
# where a Job makes it from now on
# with the URL, so that it arrives
warning E23 [prod/east] endpoint.profile 'https_web' was 'https_spiffe' for 'prod/west': from now on, whoever gets a web certificate for 'federation.east.example.org' says whom they believe as 'east.example.org'; keep https_spiffe, or accept E23 with the reason
# with the class, which the server knows nothing of
warning E24 [prod/east] seed.bundle has other keys than before, and does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'; where it can, accept E24 with the reason
# at those who believe it by https_web, too: the endpoint need not answer
warning E24 [partner] seed.bundle is new, and does not arrive at 'prod/east' and 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'partner.example' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://partner.example'; where it can, accept E24 with the reason
# of one who is no member
warning E24 [prod/west/it] trustDomainBundle has other keys than before, and does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'stranger.example' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://stranger.example'; where it can, accept E24 with the reason
# where an entry of the configuration becomes an object, which is made with it
# what is no bundle"
`);
});
