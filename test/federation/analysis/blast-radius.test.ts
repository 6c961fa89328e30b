import fc from 'fast-check';
import {
  type BlastRadius,
  blastRadius,
  blastRadiusTable,
  type Identity,
  type Member,
  type Mesh,
} from '../../../lib/federation';
import { EAST_ROOT, RSA_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { believing, bySvidOf, hostedBy, memberOf, meshOf, naming } from './fixtures';

const tableOf = (mesh: Mesh): string => `\n${blastRadiusTable(blastRadius(mesh)).join('\n')}\n`;

/** Identities as `member/name`. */
const shown = (identities: ReturnType<BlastRadius['deceived']>): string =>
  identities.map(({ member, identity }) => `${member}/${identity}`).join(' ');

/** Two clusters and a partner; `a` has a bundle of `b` to begin with, and none of the partner. */
const small = meshOf([
  memberOf('a', {
    ...believing(['b.example'], ['partner.example']),
    identities: [
      naming('shop', ['b.example']),
      naming('pay', ['partner.example', 'b.example'], { accepts: ['spiffe://b.example/pay'] }),
      naming('local', []),
    ],
  }),
  memberOf('b', {
    upstream: { roots: WEST_ROOT },
    ...believing(['a.example']),
    identities: [naming('cart', ['a.example'])],
  }),
  memberOf('partner', { platform: 'external', caTtl: undefined as never }),
]);

test('what an exporter names is neither lost nor deceived: it serves nobody', () => {
  const data = small.data();
  const exporter = [naming('own', []), naming('b', ['b.example']), naming('partner', ['partner.example'])];
  const watched = meshOf(data.members.map((member) => (member.name === 'a' ? { ...member, exporter } : member)));
  expect(tableOf(watched)).toBe(tableOf(small));
});

describe('outages', () => {
  test('take identities of others that name who is away', () => {
    expect(blastRadius(small).outages).toEqual([
      // A day's CA is published 8 hours ahead: less two fetches of 75 seconds, and 5 for the agents.
      { member: 'a', trustDomains: 1, issuance: 0, authentication: 1, after: 8 * 3600 - 2 * 75 - 5 },
      { member: 'b', trustDomains: 1, issuance: 0, authentication: 2, after: 'never' },
      { member: 'partner', trustDomains: 1, issuance: 1, authentication: 1 },
    ]);
  });

  test('have lists of these', () => {
    const { withoutIssuance, withoutAuthentication } = blastRadius(small);
    expect(shown(withoutAuthentication({ member: 'b' }))).toBe('a/shop a/pay');
    expect(shown(withoutIssuance({ member: 'b' }))).toBe('');
    expect(shown(withoutIssuance({ member: 'partner' }))).toBe('a/pay');
    expect(shown(withoutAuthentication({ member: 'nobody' }))).toBe('');
  });

  test('know the first of these without the others', () => {
    const names = ['one', 'two', 'three', 'four'];
    const mesh = meshOf([
      memberOf('a', {
        identities: [naming('own', ['a.example']), ...names.map((name) => naming(name, ['c.example']))],
      }),
      memberOf('b', { identities: [naming('five', ['a.example', 'c.example'])] }),
      memberOf('c', { endpoint: bySvidOf('b.example') }),
    ]);
    const { firstWithoutAuthentication: first } = blastRadius(mesh);
    expect(['a', 'b', 'c', 'nobody'].map((member) => shown([...first({ member })]))).toEqual([
      'b/five',
      'a/one a/two a/three',
      'a/one a/two a/three',
      '',
    ]);
  });

  test('of a hub take the bundles that rest on it; its own identities are not others', () => {
    const hub = meshOf([
      memberOf('hub', { caTtl: 3600, identities: [naming('own', ['b.example'])] }),
      memberOf('b', { endpoint: bySvidOf('hub.example') }),
      memberOf('c', { endpoint: hostedBy('hub.example'), caTtl: 1800 }),
      memberOf('d', {
        ...believing([], ['b.example', 'c.example', 'hub.example']),
        identities: [naming('one', ['b.example', 'c.example', 'hub.example']), naming('two', ['c.example'])],
      }),
    ]);
    expect(blastRadius(hub).outages.slice(0, 2)).toEqual([
      // The first CA to sign unseen is that of c.
      { member: 'hub', trustDomains: 3, issuance: 2, authentication: 2, after: 600 - 2 * 75 - 5 },
      { member: 'b', trustDomains: 1, issuance: 1, authentication: 2, after: 8 * 3600 - 2 * 75 - 5 },
    ]);
    expect(shown(blastRadius(hub).withoutAuthentication({ member: 'b' }))).toBe('hub/own d/one');
  });

  test('come too long at a time that is not known as soon as one of the times is not', () => {
    const lostAfter = (...members: readonly Partial<Member>[]) =>
      blastRadius(
        meshOf([
          memberOf('hub', { upstream: {} }),
          ...members.map((member, index) => ({
            ...memberOf(`m${index}`, { endpoint: hostedBy('hub.example') }),
            ...member,
          })),
        ]),
      ).outages[0]?.after;
    const unknown = { caTtl: undefined as never };
    expect([lostAfter(), lostAfter({}, { upstream: {} }), lostAfter({}, unknown), lostAfter(unknown, {})]).toEqual([
      'never',
      8 * 3600 - 2 * 75 - 5,
      undefined,
      undefined,
    ]);
  });
});

describe('compromises', () => {
  test('of a CA deceive those who believe its trust domain, its own among them', () => {
    const { compromises, deceived, forgeable } = blastRadius(small);
    expect(compromises).toEqual([
      // `pay` accepts nobody but an ID of b.
      { kind: 'ca', of: 'a', forgeable: 1, deceived: 3 },
      { kind: 'ca', of: 'b', forgeable: 1, deceived: 3 },
      { kind: 'ca', of: 'partner', forgeable: 1, deceived: 0 },
    ]);
    expect(shown(deceived({ kind: 'ca', of: 'a' }))).toBe('a/shop a/local b/cart');
    expect(forgeable({ kind: 'ca', of: 'a' })).toEqual(['a.example']);
    expect([deceived({ kind: 'root', of: 'a' }), forgeable({ kind: 'ca', of: 'nobody' })]).toEqual([[], []]);
  });

  test('of a root reach all who are below it, and each of these can do the same', () => {
    const below = (name: string, roots: string) =>
      memberOf(name, { upstream: { roots }, identities: [naming('x', [])] });
    const { compromises, forgeable } = blastRadius(
      meshOf([
        below('a', EAST_ROOT),
        below('b', `${EAST_ROOT}${WEST_ROOT}`),
        below('c', WEST_ROOT),
        below('d', RSA_ROOT),
      ]),
    );
    expect(compromises.map(({ kind, of, ...rest }) => ({ kind, of: of.slice(0, 8), ...rest }))).toEqual([
      { kind: 'ca', of: 'a', forgeable: 2, deceived: 2 },
      { kind: 'ca', of: 'b', forgeable: 3, deceived: 3 },
      { kind: 'ca', of: 'c', forgeable: 2, deceived: 2 },
      { kind: 'ca', of: 'd', forgeable: 1, deceived: 1 },
      { kind: 'root', of: '4C:FB:48', forgeable: 2, deceived: 2 },
      { kind: 'root', of: '3A:83:D3', forgeable: 2, deceived: 2 },
    ]);
    expect(forgeable({ kind: 'ca', of: 'b' })).toEqual(['a.example', 'b.example', 'c.example']);
  });

  test('of who serves for others: by SVID its CA can do it too, by https_web the system alone', () => {
    const { compromises, forgeable } = blastRadius(
      meshOf([
        memberOf('hub'),
        memberOf('b', { endpoint: bySvidOf('hub.example') }),
        memberOf('c', { endpoint: hostedBy('mirror.example') }),
        memberOf('d', { endpoint: bySvidOf('c.example') }),
        memberOf('e', { identities: [naming('x', ['b.example', 'd.example'])] }),
      ]),
    );
    expect(compromises).toEqual([
      { kind: 'ca', of: 'hub', forgeable: 2, deceived: 1 },
      { kind: 'ca', of: 'b', forgeable: 1, deceived: 1 },
      { kind: 'ca', of: 'c', forgeable: 2, deceived: 1 },
      { kind: 'ca', of: 'd', forgeable: 1, deceived: 1 },
      { kind: 'ca', of: 'e', forgeable: 1, deceived: 1 },
      { kind: 'server', of: 'hub.example', forgeable: 2, deceived: 1 },
      { kind: 'server', of: 'mirror.example', forgeable: 3, deceived: 1 },
      { kind: 'server', of: 'c.example', forgeable: 2, deceived: 1 },
    ]);
    expect(forgeable({ kind: 'server', of: 'mirror.example' })).toEqual(['c.example', 'd.example', 'mirror.example']);
  });
});

test('it is computed once for a mesh', () => {
  expect(blastRadius(small)).toBe(blastRadius(small));
  expect(blastRadius(meshOf([memberOf('a')]))).not.toBe(blastRadius(small));
});

describe('as tables', () => {
  test('of a few members', () => {
    expect(tableOf(small)).toMatchInlineSnapshot(`
"
out of reach  bundles  no identity for new pods  no authentication of others  after
a             1        0                         1                            7h57m25s
b             1        0                         2                            never
partner       1        1                         1                            ?

in wrong hands     trust domains forged  identities deceived
the CA of a        1                     3
the CA of b        1                     3
the CA of partner  1                     0
"
`);
  });

  test('of more than 20, those that reach the farthest', () => {
    const names = Array.from({ length: 24 }, (_, index) => `m${index}`);
    const mesh = meshOf(
      names.map((name, index) =>
        memberOf(name, {
          identities: [
            naming(
              'x',
              names.slice(index + 1).map((peer) => `${peer}.example`),
            ),
          ],
        }),
      ),
    );
    const table = blastRadiusTable(blastRadius(mesh));
    expect([table[1], table[20], table[21], table[22], table[24], table.at(-1)]).toMatchInlineSnapshot(`
[
  "m23           1        0                         23                           7h57m25s",
  "m4            1        0                         4                            7h57m25s",
  "and 4 that take less",
  "",
  "the CA of m23   1                     24",
  "and 4 that deceive fewer",
]
`);
  });

  test('of nobody', () => {
    expect(blastRadiusTable(blastRadius(meshOf([])))).toEqual([]);
  });
});

const ROOTS = [EAST_ROOT, WEST_ROOT, WEB_ROOT, RSA_ROOT];
const trustDomainAt = (index: number): string => (index === 9 ? 'hub.example' : `m${index}.example`);
const peer = fc.integer({ min: 0, max: 9 });
const peers = fc.array(peer, { maxLength: 5 });

/** A member by what decides about its reach: who serves its bundle, what is above it, whom it believes and names. */
const drawn = fc.record({
  server: peer,
  bySvid: fc.boolean(),
  roots: fc.subarray(ROOTS),
  seeded: peers,
  unseeded: peers,
  identities: fc.array(
    fc.record({ names: peers, accepts: fc.oneof(fc.constant(undefined), fc.constant('any' as const), peers) }),
    { maxLength: 3 },
  ),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function memberFrom({ server, bySvid, roots, seeded, unseeded, identities }: Drawn, index: number): Member {
  const link = bySvid ? bySvidOf(trustDomainAt(server)) : hostedBy(trustDomainAt(server));
  const all = (numbers: readonly number[]) => numbers.map(trustDomainAt);
  return memberOf(`m${index}`, {
    endpoint: link,
    ...(roots.length > 0 && { upstream: { roots: roots.join('') } }),
    ...believing(all(seeded), all(unseeded)),
    identities: identities.map(({ names, accepts }, number): Identity => {
      const accepted = typeof accepts === 'object' ? all(accepts) : accepts;
      return naming(`i${number}`, all(names), accepted === undefined ? {} : { accepts: accepted });
    }),
  });
}

/** The same by definition: everybody asks everybody. */
function bruteForce(given: readonly Drawn[]) {
  const own = (index: number) => given[index]?.server === index;
  /** Whether the bundle of one rests on another, itself included. */
  const rests = (from: number, on: number, byWeb: boolean): boolean => {
    let at = from;
    for (let step = 0; step <= given.length; step++) {
      if (at === on) return true;
      const link = given[at];
      if (!link || own(at)) return false;
      if (!link.bySvid) return byWeb && link.server === on;
      at = link.server;
    }
    return false;
  };
  const numbers = [...given.keys()];
  const known = new Set([...numbers, ...given.map(({ server }) => server)]);
  const identities = numbers.flatMap((member) =>
    (given[member]?.identities ?? []).map(({ names, accepts }, number) => {
      const named = names.filter((name) => name !== member);
      const { seeded = [], unseeded = [] } = given[member] ?? {};
      const believes = [member, ...named].filter((name) => typeof accepts !== 'object' || accepts.includes(name));
      const waits = named.filter((name) => unseeded.includes(name) && !seeded.includes(name));
      return { member, named, waits, believes, text: `m${member}/i${number}` };
    }),
  );
  const textsOf = (chosen: typeof identities) => chosen.map(({ text }) => text).join(' ');
  const forgedBy = (signers: readonly number[], byWeb: boolean) =>
    [...known].filter((name) => signers.some((signer) => rests(name, signer, byWeb)));
  const deceivedBy = (forged: readonly number[]) =>
    textsOf(identities.filter(({ believes }) => believes.some((name) => forged.includes(name))));
  const below = (roots: readonly string[]) =>
    numbers.filter((name) => given[name]?.roots.some((root) => roots.includes(root)));
  return {
    outage: (away: number) => {
      const others = identities.filter(({ member }) => member !== away);
      const lost = (name: number) => rests(name, away, true);
      return {
        trustDomains: numbers.filter(lost).length,
        issuance: textsOf(others.filter(({ waits }) => waits.some(lost))),
        authentication: textsOf(others.filter(({ named }) => named.some(lost))),
      };
    },
    ca: (of: number) => {
      const forged = forgedBy([...new Set([of, ...below(given[of]?.roots ?? [])])], false);
      return { forged, deceived: deceivedBy(forged) };
    },
    server: (of: number) => {
      const forged = forgedBy([of], true);
      return { forged, deceived: deceivedBy(forged) };
    },
    roots: ROOTS.map((root) => {
      const forged = forgedBy(below([root]), false);
      return { holders: below([root]).length, forged, deceived: deceivedBy(forged) };
    }).filter(({ holders }) => holders > 1),
  };
}

test('it is what everybody finds who asks everybody', () => {
  const countOf = (texts: string): number => (texts === '' ? 0 : texts.split(' ').length);
  const namesOf = (numbers: readonly number[]) => numbers.map(trustDomainAt).sort();
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 7 }), (given) => {
      const radius = blastRadius(meshOf(given.map(memberFrom)));
      const naive = bruteForce(given);
      for (const [index, outage] of radius.outages.entries()) {
        const wanted = naive.outage(index);
        expect(outage).toMatchObject({
          trustDomains: wanted.trustDomains,
          issuance: countOf(wanted.issuance),
          authentication: countOf(wanted.authentication),
        });
        expect(shown(radius.withoutIssuance(outage))).toBe(wanted.issuance);
        expect(shown(radius.withoutAuthentication(outage))).toBe(wanted.authentication);
      }
      const roots = [...naive.roots];
      for (const compromise of radius.compromises) {
        const { kind, of, forgeable, deceived } = compromise;
        const number = of === 'hub.example' ? 9 : Number(/^m(\d)/.exec(of)?.[1]);
        const found = {
          forged: [...radius.forgeable(compromise)].sort(),
          deceived: shown(radius.deceived(compromise)),
        };
        expect([forgeable, deceived]).toEqual([found.forged.length, countOf(found.deceived)]);
        const same = ({ forged, deceived: who }: (typeof roots)[number] | ReturnType<typeof naive.ca>) =>
          JSON.stringify([namesOf(forged), who]) === JSON.stringify([found.forged, found.deceived]);
        if (kind === 'root') {
          const place = roots.findIndex(same);
          expect(place).toBeGreaterThanOrEqual(0);
          roots.splice(place, 1);
        } else expect(same(naive[kind](number))).toBe(true);
      }
      expect(roots).toEqual([]);
      const serving = new Set(given.flatMap(({ server }, index) => (server === index ? [] : [trustDomainAt(server)])));
      const servers = radius.compromises.filter(({ kind }) => kind === 'server');
      expect(servers).toHaveLength(serving.size);
    }),
    { numRuns: 300 },
  );
});

test('neither common roots nor long chains make it slow', () => {
  const names = Array.from({ length: 600 }, (_, index) => `m${index}`);
  const mesh = meshOf(
    names.map((name, index) =>
      memberOf(name, {
        endpoint: index === 0 ? {} : bySvidOf(`m${index - 1}.example`),
        identities: [
          naming(
            'x',
            names.map((peerName) => `${peerName}.example`),
          ),
        ],
      }),
    ),
  );
  const { outages, compromises } = blastRadius(mesh);
  expect([outages[0]?.trustDomains, outages.at(-1)?.authentication]).toEqual([600, 599]);
  expect([compromises[0]?.forgeable, compromises[599]?.deceived]).toEqual([600, 600]);
});
