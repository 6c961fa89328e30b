import { meshFrom, proveMesh } from '../../../lib/federation';
import { dataOf, draft, fixed, NOW, web } from '../fixtures';
import { move, rename, tableOfChanges } from '../fixtures-changes';

const ID = 'spiffe://east.example.org/spire/server';

test('a bundle endpoint by https_web', () => {
  expect(
    tableOfChanges({
      'nothing changes': () => undefined,
      'https_spiffe becomes https_web': (now) => {
        move(now, 'east', { profile: 'https_web', spiffeId: undefined });
      },
      'at another host, too': (now) => {
        move(now, 'east', { profile: 'https_web', spiffeId: undefined, url: 'https://bundles.example.org/' });
      },
      'another host': (now) => {
        move(now, 'west', { url: 'https://bundles.example.org/' });
      },
      'the same host, written otherwise': (now) => {
        move(now, 'west', { url: 'https://Federation.apps.west.example.org:443' });
      },
      'another port and path of the same host': (now) => {
        move(now, 'west', { url: 'https://federation.apps.west.example.org:8443/west' });
      },
      'another hint and certificate': (now) => {
        move(now, 'west', { refreshHint: 60, certificate: { source: 'secret', trust: { type: 'public' } } });
      },
      'another host for several': (now, before) => {
        for (const mesh of [now, before]) {
          mesh.west.relationships.push(web('partner.example', 'https://bundle.partner.example/spiffe.json'));
        }
        now.partner.endpoint.url = 'https://partner.example/';
        for (const { relationships } of [now.east, now.west]) {
          const told = relationships.find(({ trustDomain }) => trustDomain === 'partner.example');
          Object.assign(told ?? {}, { url: now.partner.endpoint.url });
        }
      },
      'another host of one who is no member': (now, before) => {
        before.east.relationships.push(web('stranger.example', 'https://old.stranger.example'));
        now.east.relationships.push({
          ...web('stranger.example', 'https://new.stranger.example'),
          path: 'prod/east/it',
        });
      },
      'what was an entry of the configuration, and is an object': (now, before) => {
        const [told] = before.east.relationships.splice(0, 1);
        before.east.staticRelationships = [fixed(told?.trustDomain ?? '', told?.url ?? '')];
        move(now, 'west', { url: 'https://bundles.example.org/' });
      },
      'an entry of the configuration and an object': (now, before) => {
        for (const { east } of [now, before]) {
          east.staticRelationships = [fixed('apps.west.example.org', 'https://federation.apps.west.example.org/')];
        }
        move(now, 'west', { url: 'https://bundles.example.org/' });
        now.east.staticRelationships = [fixed('apps.west.example.org', 'https://bundles.example.org/')];
      },
      'a URL that is none': (now) => {
        move(now, 'west', { url: 'https://user:secret@' });
      },
      'those who believe it have other names now': (now) => {
        rename(now, 'prod/east', 'east');
        move(now, 'west', { url: 'https://bundles.example.org/' });
      },
      'nobody has believed it before': (now, before) => {
        before.east.relationships.splice(0, 1);
        move(now, 'west', { url: 'https://bundles.example.org/' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# nothing changes
# https_spiffe becomes https_web
warning E23 [prod/east] endpoint.profile 'https_web' was 'https_spiffe' for 'prod/west': from now on, whoever gets a web certificate for 'federation.east.example.org' says whom they believe as 'east.example.org'; keep https_spiffe, or accept E23 with the reason
# at another host, too
warning E23 [prod/east] endpoint.profile 'https_web' was 'https_spiffe' for 'prod/west': from now on, whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'east.example.org'; keep https_spiffe, or accept E23 with the reason
# another host
warning E23 [prod/west] endpoint.url 'https://bundles.example.org/' was 'https://federation.apps.west.example.org/' for 'prod/east': from now on, whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, then accept E23 with the reason
# the same host, written otherwise
# another port and path of the same host
# another hint and certificate
# another host for several
warning E23 [partner] endpoint.url 'https://partner.example/' was 'https://bundle.partner.example/spiffe.json' for 'prod/east' and 'prod/west': from now on, whoever gets a web certificate for 'partner.example' says whom they believe as 'partner.example'; make sure that the host is in the right hands, then accept E23 with the reason
# another host of one who is no member
warning E23 [prod/east/it] bundleEndpointUrl 'https://new.stranger.example' was 'https://old.stranger.example' for 'prod/east': from now on, whoever gets a web certificate for 'new.stranger.example' says whom they believe as 'stranger.example'; make sure that the host is in the right hands, then accept E23 with the reason
# what was an entry of the configuration, and is an object
warning E23 [prod/west] endpoint.url 'https://bundles.example.org/' was 'https://federation.apps.west.example.org/' for 'prod/east': from now on, whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, then accept E23 with the reason
# an entry of the configuration and an object
warning E23 [prod/west] endpoint.url 'https://bundles.example.org/' was 'https://federation.apps.west.example.org/' for 'prod/east': from now on, whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, then accept E23 with the reason
# a URL that is none
warning E23 [prod/west] endpoint.url 'https://…@' was 'https://federation.apps.west.example.org/' for 'prod/east': from now on, whoever gets a web certificate for 'https://…@' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, then accept E23 with the reason
# those who believe it have other names now
warning E23 [prod/west] endpoint.url 'https://bundles.example.org/' was 'https://federation.apps.west.example.org/' for 'east': from now on, whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, then accept E23 with the reason
# nobody has believed it before"
`);
});

test('a bundle endpoint by https_spiffe', () => {
  expect(
    tableOfChanges({
      'another host': (now) => {
        move(now, 'east', { url: 'https://east.example.org:8443/' });
      },
      'the same URL, written otherwise: the controller manager compares texts': (now) => {
        move(now, 'east', { url: 'https://federation.east.example.org:8443/' });
      },
      'another endpoint ID': (now) => {
        move(now, 'east', { url: 'https://federation.east.example.org:8443', spiffeId: 'spiffe://hub.example.org/a' });
      },
      'https_web before': (now, before) => {
        move(now, 'east', { url: 'https://federation.east.example.org:8443' });
        move(before, 'east', { url: 'https://federation.east.example.org:8443', profile: 'https_web' });
        for (const { relationships } of [before.west]) delete relationships[0]?.endpointSpiffeId;
      },
      'there was no endpoint ID': (now, before) => {
        move(now, 'east', { url: 'https://federation.east.example.org:8443' });
        delete before.west.relationships[0]?.endpointSpiffeId;
      },
      'another host, and no bundle in the program that could be taken': (now) => {
        move(now, 'east', { url: 'https://east.example.org:8443/' });
        delete now.west.relationships[0]?.bundle;
      },
      'another host in an entry of the configuration, which has no bundle': ({ west }, before) => {
        const [told, moved] = ['https://federation.east.example.org:8443', 'https://east.example.org:8443'].map(
          (url) => ({
            trustDomain: 'east.example.org',
            url,
            profile: 'https_spiffe' as const,
            endpointSpiffeId: ID,
          }),
        );
        before.west.staticRelationships = told && [told];
        west.staticRelationships = moved && [moved];
      },
    }),
  ).toMatchInlineSnapshot(`
"# another host
warning E23 [prod/east] endpoint.url 'https://east.example.org:8443/' was 'https://federation.east.example.org:8443' for 'prod/west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason
# the same URL, written otherwise: the controller manager compares texts
warning E23 [prod/east] endpoint.url 'https://federation.east.example.org:8443/' was 'https://federation.east.example.org:8443' for 'prod/west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason
# another endpoint ID
warning E23 [prod/east] endpoint.spiffeId 'spiffe://hub.example.org/a' was 'spiffe://east.example.org/spire/server' for 'prod/west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason
# https_web before
warning E23 [prod/east] endpoint.profile 'https_spiffe' was 'https_web' for 'prod/west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason
# there was no endpoint ID
warning E23 [prod/east] endpoint.spiffeId 'spiffe://east.example.org/spire/server' is new to 'prod/west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason
# another host, and no bundle in the program that could be taken
# another host in an entry of the configuration, which has no bundle"
`);
});

test('a bundle that has ended is an error of its own rule, and no less so when it is taken again', () => {
  const [now, before] = [draft(), draft()];
  move(now, 'east', { url: 'https://east.example.org:8443/', host: 'east.example.org' });
  const late = new Date('2200-01-01T00:00:00Z');
  const found = proveMesh(meshFrom(dataOf(now)), { now: late, previous: meshFrom(dataOf(before)) });
  const about = found.filter(({ rule }) => ['E15', 'E23'].includes(rule));
  expect(about.map(({ rule, severity, member }) => `${severity} ${rule} ${member}`)).toEqual([
    'error E15 prod/east',
    'warning E23 prod/east',
  ]);
});

test('it is accepted by a reason', () => {
  const [now, before] = [draft(), draft()];
  move(now, 'west', { url: 'https://bundles.example.org/' });
  const reason = 'moved on Friday, the host is ours';
  const mesh = meshFrom({ ...dataOf(now), accepted: [{ rule: 'E23', member: 'prod/west', reason }] });
  const found = proveMesh(mesh, { now: NOW, previous: meshFrom(dataOf(before)) });
  expect(found.filter(({ rule }) => ['E23', 'E40'].includes(rule))).toMatchObject([{ rule: 'E23', accepted: reason }]);
});
