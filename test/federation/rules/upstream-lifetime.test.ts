import { type Draft, NOW, tableOf } from '../fixtures';
import { ENDED_CA } from '../fixtures-certificates';

const HOUR = 3600;

const ends =
  (hours: number, caTtl: number | undefined = 24 * HOUR) =>
  (mesh: Draft) => {
    mesh.east.upstream = { notAfter: NOW.getTime() + hours * HOUR * 1000 };
    Object.assign(mesh.east, { caTtl });
  };

test('the authority above', () => {
  expect(
    tableOf({
      'twice the lifetime': ends(48),
      'less than twice the lifetime': ends(47),
      'exactly the lifetime': ends(24),
      'less than the lifetime': ends(20),
      over: ends(0),
      'over, by its roots': ({ east }) => {
        east.upstream = { roots: ENDED_CA };
      },
      'roots that are none': ({ east }) => {
        east.upstream = { roots: 'MII' };
      },
      'a lifetime that is not known': (mesh) => {
        ends(1)(mesh);
        delete mesh.east.caTtl;
      },
      'an end that is not known': ({ east }) => {
        east.upstream = {};
      },
    }),
  ).toMatchInlineSnapshot(`
"# twice the lifetime
# less than twice the lifetime
warning E14 [prod/east] upstream.notAfter '2026-06-02 23:00 UTC' leaves 47h, and a CA lives 24h (caTtl): not twice, so that the next one is cut short; renew the upstream authority soon
# exactly the lifetime
warning E14 [prod/east] upstream.notAfter '2026-06-02 00:00 UTC' leaves 24h, and a CA lives 24h (caTtl): not twice, so that the next one is cut short; renew the upstream authority soon
# less than the lifetime
error E14 [prod/east] upstream.notAfter '2026-06-01 20:00 UTC' leaves 20h, and a CA lives 24h (caTtl): SPIRE cuts it short, and all ends with the upstream authority; renew the upstream authority, or shorten caTtl to 10h
# over
error E14 [prod/east] upstream.notAfter '2026-06-01 00:00 UTC' is over: the upstream authority has expired; renew it before anything else
# over, by its roots
error E14 [prod/east] upstream.notAfter '2021-01-01 00:00 UTC' is over: the upstream authority has expired; renew it before anything else
error E15 [prod/east] seed.bundle holds none of the roots of the upstream authority, so that nobody could verify the member by it; leave it out: the bundle is made of the roots
# roots that are none
error E14 [prod/east] upstream.roots holds no certificate in PEM; paste the root certificates of the upstream authority in PEM
# a lifetime that is not known
# an end that is not known"
`);
});
