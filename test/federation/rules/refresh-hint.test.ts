import { publishedAhead } from '../../../lib/core/timing';
import { type Draft, tableOf } from '../fixtures';

const HOUR = 3600;
const DAY = 24 * HOUR;

test.each([
  [HOUR, HOUR / 3],
  [DAY, 8 * HOUR],
  [42 * DAY, 14 * DAY],
  [60 * DAY, 23 * DAY],
  [365 * DAY, 23 * DAY],
])('a CA of %d seconds is published %d seconds before it signs', (caTtl, ahead) => {
  expect(publishedAhead(caTtl)).toBe(ahead);
});

const east = (refreshHint: number, caTtl?: number) => (mesh: Draft) => {
  Object.assign(mesh.east, { caTtl });
  mesh.east.endpoint.refreshHint = refreshHint;
};
const west =
  (refreshHint: number, caTtl = DAY) =>
  (mesh: Draft) => {
    mesh.west.caTtl = caTtl;
    mesh.west.endpoint.refreshHint = refreshHint;
  };
/** The same on plain Kubernetes, where the CA signs itself. */
const itself = (refreshHint: number, caTtl: number) => (mesh: Draft) => {
  mesh.west.platform = 'kubernetes';
  west(refreshHint, caTtl)(mesh);
};

const partner = (refreshHint: number, caTtl: number) => (mesh: Draft) => {
  mesh.partner.caTtl = caTtl;
  mesh.partner.endpoint.refreshHint = refreshHint;
};

test('hints and lifetimes', () => {
  expect(
    tableOf({
      'a fifth of the time': east(96 * 60, DAY),
      'a little more than a fifth': east(96 * 60 + 1, DAY),
      'a third of the time': east(160 * 60, DAY),
      'a little more than a third': east(160 * 60 + 1, DAY),
      'a CA of 90 days': east(5 * DAY, 90 * DAY),
      'shorter than SPIRE takes': east(30, DAY),
      'a third of the time, of a CA that signs itself': itself(160 * 60, DAY),
      'a little more than a third, of a CA that signs itself': itself(160 * 60 + 1, DAY),
      'a CA for which every hint is too long': east(60, 10 * 60),
      'a CA for which every hint is too long, and this one more so': itself(300, 10 * 60),
      'what is then to be done': itself(60, 15 * 60),
      'the same on OpenShift': west(300, 10 * 60),
      'of a foreign system': partner(2 * HOUR, DAY),
      'of a foreign system, for whose CA every hint is too long': partner(300, 10 * 60),
      'of one with the shortest hint already': partner(60, 10 * 60),
      'a lifetime that is not known': east(7 * DAY),
      'as long as the operator takes': west(HOUR),
      'longer than the operator takes': west(HOUR + 1),
      'shorter than the operator takes': west(59),
      'longer than the operator takes, and than the CA allows': west(DAY),
    }),
  ).toMatchInlineSnapshot(`
"# a fifth of the time
# a little more than a fifth
warning E13 [prod/east] endpoint.refreshHint 5761 is 1h36m1s: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 4.9 times the hint, where the standard wants up to 5; write 1h36m or less
# a third of the time
warning E13 [prod/east] endpoint.refreshHint 9600 is 2h40m: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 3 times the hint, where the standard wants up to 5; write 1h36m or less
# a little more than a third
warning E13 [prod/east] endpoint.refreshHint 9601 is 2h40m1s: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 2.9 times the hint: so are the keys of its JWT-SVIDs, for which the standard wants 3 at least; write 1h36m or less
# a CA of 90 days
warning E13 [prod/east] endpoint.refreshHint 432000 is 120h: a CA of 2160h is published min(2160h/2, 720h) - min(2160h/6, 168h) = 552h before it signs, 4.6 times the hint, where the standard wants up to 5; write 110h24m or less
# shorter than SPIRE takes
warning E13 [prod/east] endpoint.refreshHint 30 is 30s, which SPIRE raises to 1m; write 1m or more
# a third of the time, of a CA that signs itself
warning E13 [prod/west] endpoint.refreshHint 9600 is 2h40m: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 3 times the hint, where the standard wants up to 5; write 1h36m or less
# a little more than a third, of a CA that signs itself
error E13 [prod/west] endpoint.refreshHint 9601 is 2h40m1s: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 2.9 times the hint, where the standard wants 3 at least; write 1h36m or less
# a CA for which every hint is too long
warning E13 [prod/east] endpoint.refreshHint 60 is 1m: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, 3.3 times the hint, where the standard wants up to 5; lengthen caTtl to 15m at least: hints shorter than 1m do not count
warning W27 [prod/east] caTtl is 10m with one server: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with JWT keys that 'prod/west' has not seen; lengthen caTtl to 3h at least, or run several servers on one datastore
# a CA for which every hint is too long, and this one more so
error E13 [prod/west] endpoint.refreshHint 300 is 5m: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, 0.6 times the hint, where the standard wants 3 at least; write 1m, and lengthen caTtl to 15m at least: hints shorter than 1m do not count
warning W27 [prod/west] caTtl is 10m with one server: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority
# what is then to be done
warning W27 [prod/west] caTtl is 15m with one server: a CA of 15m is published min(15m/2, 720h) - min(15m/6, 168h) = 5m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority
# the same on OpenShift
error E13 [prod/west] endpoint.refreshHint 300 is 5m: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, 0.6 times the hint, where the standard wants 3 at least; write 1m, and lengthen server.caValidity to 15m at least: hints shorter than 1m do not count
warning W27 [prod/west] caTtl is 10m with one server: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'prod/east' has not seen; lengthen server.caValidity to 3h at least
# of a foreign system
warning E13 [partner] endpoint.refreshHint 7200 is 2h: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 4 times the hint, where the standard wants up to 5; ask those who run it for a hint of 1h36m or less
# of a foreign system, for whose CA every hint is too long
error E13 [partner] endpoint.refreshHint 300 is 5m: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, 0.6 times the hint, where the standard wants 3 at least; ask those who run it for a hint of 1m, and for CAs of 15m at least: hints shorter than 1m do not count
# of one with the shortest hint already
warning E13 [partner] endpoint.refreshHint 60 is 1m: a CA of 10m is published min(10m/2, 720h) - min(10m/6, 168h) = 3m20s before it signs, 3.3 times the hint, where the standard wants up to 5; ask those who run it for CAs of 15m at least: hints shorter than 1m do not count
# a lifetime that is not known
# as long as the operator takes
# longer than the operator takes
error E13 [prod/west] endpoint.refreshHint 3601 is 1h1s, which the operator refuses; write 1m to 1h
# shorter than the operator takes
error E13 [prod/west] endpoint.refreshHint 59 is 59s, which the operator refuses; write 1m to 1h
# longer than the operator takes, and than the CA allows
error E13 [prod/west] endpoint.refreshHint 86400 is 24h, which the operator refuses; write 1m to 1h
error E13 [prod/west] endpoint.refreshHint 86400 is 24h: a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 0.3 times the hint, where the standard wants 3 at least; write 1h or less"
`);
});
