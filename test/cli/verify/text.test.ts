import { countText, verifyText } from '../../../lib/cli/verify/text';
import { MIXED, verdict, verification } from '../../verify/data';

test('a table of clusters, one of checks, one of edges, and all that is not well in full', () => {
  expect(verifyText(verification(MIXED), 'mesh')).toMatchInlineSnapshot(`
"Federation mesh, as it is declared: 3 members, 2 directed edges

  member   context     trust domain         answers   SPIRE
  east     admin@east  east.example.com     yes       StatefulSet spire-server/spire-server
  west     west        west.example.com     no        —
  partner  —           partner.example.org  external  —

       check                                                                  east  west  partner
  V01  The cluster answers                                                    ok    ?     ·
  V02  SPIRE of the trust domain runs in the cluster                          ·     ?     ·
  V14  The server signs by a valid authority, and makes the next one in time  warn  ·     ·

  believes   1  2      3
  1 east     —  WRONG  ok
  2 west     ·  —      ·
  3 partner  ·  ·      —

Findings: 1 error, 2 not seen, 1 warning, 2 ok

  warning  V14  east: The server signs by a valid authority, and makes the next one in time
    what      is old
    where     server
    evidence  until tomorrow
    causes    1. a
              2. b
    next      look

  error  V24  east believes west: The consumer holds exactly the bundle that the peer has
    what      lacks <key>
    where     server
    causes    1. c
    next      kubectl

  not seen  V01, V02  west: 2 checks
    what      no way
    where     cluster of context west
    causes    1. the cluster is down
"
`);
});

test('nothing is wrong, and nothing was declared', () => {
  const text = verifyText(verification([verdict('V01')], { declared: false, edges: [] }), 'of the clusters');
  expect(text).toMatchInlineSnapshot(`
"Federation of the clusters, as the clusters have it: 3 members, 0 directed edges

  member   context     trust domain         answers   SPIRE
  east     admin@east  east.example.com     yes       StatefulSet spire-server/spire-server
  west     west        west.example.com     no        —
  partner  —           partner.example.org  external  —

       check                east  west  partner
  V01  The cluster answers  ok    ·     ·

Findings: none, 1 ok
"
`);
});

test('what clusters say cannot command a terminal', () => {
  const text = verifyText(
    verification([verdict('V01', { state: 'error', what: 'a\u001b[2Jb\nc', evidence: '\u202e' })]),
    'mesh',
  );
  expect(text).toContain('a\\u001b[2Jb c');
  expect(['\u001b', '\u202e'].filter((each) => text.includes(each))).toEqual([]);
});

test('of many members, counts', () => {
  const members = Array.from({ length: 30 }, (_, index) => ({
    name: `m${index}`,
    trustDomain: `m${index}.example.com`,
    context: 'c',
    answers: true,
  }));
  const edges = members.slice(1).map(({ name }) => ({ consumer: 'm0', provider: name }));
  const verdicts = [
    ...members.map(({ name }, index) =>
      verdict('V01', { member: name, state: index < 2 ? ('error' as const) : ('ok' as const) }),
    ),
    ...edges.map(({ consumer, provider }) => verdict('V24', { member: consumer, peer: provider })),
  ];
  const text = verifyText(verification(verdicts, { members, edges }), 'mesh');
  expect(text).toContain(
    '       check                ok  warning  error  unseen\n  V01  The cluster answers  28  0        2      0\n',
  );
  expect(text).toContain('  edges: 29 ok, 0 with warnings, 0 wrong, 0 not seen\n');
});

test.each([
  [[], 'none, 0 ok'],
  [MIXED, '1 error, 2 not seen, 1 warning, 2 ok'],
])('%#', (verdicts, text) => {
  expect(countText(verdicts)).toBe(text);
});

test('between whom nothing is declared, only what is wrong is shown', () => {
  const of = (member: string, peer: string, state: 'ok' | 'error') => verdict('V24', { member, peer, state });
  const text = verifyText(
    verification([of('east', 'west', 'ok'), of('west', 'east', 'error'), of('west', 'partner', 'ok')]),
    'mesh',
  );
  expect(text).toMatch(/^ {2}2 west {5}WRONG {2}— {3}·$/m);
  expect(text).toContain('  error  V24  west does not believe east: ');
});

test('what several checks did not see has a command where it is the same for all', () => {
  const blind = (check: string, next: string) => verdict(check, { state: 'unseen', what: 'no context', next });
  const said = (...nexts: readonly string[]) =>
    verifyText(verification(nexts.map((next, index) => blind(`V0${index + 1}`, next))), 'mesh').split(
      '\nFindings: ',
    )[1];
  expect(said('look', 'look')).toBe(
    '2 not seen, 0 ok\n\n  not seen  V01, V02  east: 2 checks\n    what      no context\n    next      look\n',
  );
  expect(said('look', 'look there')).not.toContain('look');
});
