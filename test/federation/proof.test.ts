import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  MESH_RULES,
  type MeshRule,
  UpstreamAuthority,
} from '../../lib';
import { describe as describeFinding } from '../../lib/core';
import { type Acceptance, meshFrom, proveMesh, withRules } from '../../lib/federation';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { findings, untyped } from '../spire/installation';
import { dataOf, draft, NOW } from './fixtures';
import { WEST_ROOT } from './fixtures-certificates';

/** Two clusters; the hint of east is so long that E13 warns. */
function program(props: Partial<FederationMeshProps> | ((east: KubernetesCluster) => Partial<FederationMeshProps>)) {
  const app = Testing.app();
  const cluster = (name: string, roots: string, refreshHint: string) =>
    new KubernetesCluster(app, name, {
      trustDomain: `${name}.example.com`,
      server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }), caTtl: '12h' },
      bundleEndpoint: BundleEndpoint.httpsSpiffe({ refreshHint }),
    });
  const [east, west] = [cluster('east', DEMO_ROOT, '50m'), cluster('west', WEST_ROOT, '5m')];
  const given = typeof props === 'function' ? props(east) : props;
  const mesh = new FederationMesh(app, 'mesh', { now: NOW, members: [east, west], ...given });
  return { app, mesh, findings: () => findings(app), proven: () => mesh.prove() };
}

const WARNING =
  'bundleEndpoint.refreshHint is 50m: a CA of 12h is published min(12h/2, 720h) - min(12h/6, 168h) = 4h before it ' +
  'signs, 4.8 times the hint, where the standard wants up to 5; write 48m or less (E13)';

describe('a warning that is put up with', () => {
  const reason = 'changes with the next release';

  test('says why', () => {
    expect(program({}).findings()).toEqual([`warning [east] ${WARNING}`]);
    const { proven } = program({ accept: [{ rule: 'E13', reason }] });
    expect(proven().map(({ rule, member, severity, accepted }) => ({ rule, member, severity, accepted }))).toEqual([
      { rule: 'E13', member: 'east', severity: 'warning', accepted: reason },
    ]);
  });

  test('of one member alone', () => {
    const { proven } = program((east) => ({ accept: [{ rule: 'E13', member: east, reason }] }));
    expect(proven().map(({ accepted }) => accepted)).toEqual([reason]);
  });

  test('what cannot be accepted is found, every line of it', () => {
    const { findings: found } = program((east) => ({
      accept: [
        { rule: 'E99', reason },
        { rule: 'E13', reason: ' ' },
        { rule: 'E16', reason },
        { rule: 'E13', member: untyped('nobody'), reason },
        untyped('E13'),
        untyped({ rule: 'E13', member: east }),
      ],
    }));
    expect(found().filter((line) => !line.includes(WARNING))).toMatchInlineSnapshot(`
[
  "error [mesh] accept[4] is not an accepted warning; write { rule: 'W27', reason: 'why it is put up with' } (mesh-accept)",
  "error [mesh] accept[5] is not an accepted warning; write { rule: 'W27', reason: 'why it is put up with' } (mesh-accept)",
  "error [mesh] accept[0].rule 'E99' is the id of no rule; write one such as 'W27': the findings show theirs (E40)",
  "error [mesh] accept[1].reason ' ' is empty; write why the warning is put up with (E40)",
  "warning [mesh] accept[2] 'E16' accepts what is not found any more, and would hide the next one; remove it (E40)",
  "error [mesh] accept[3].member 'nobody' is no member of the mesh; write the name of a member, or leave it out for all (E40)",
]
`);
  });

  test('an error cannot be accepted', () => {
    const mesh = draft();
    mesh.east.endpoint.refreshHint = 4 * 3600;
    delete mesh.east.upstream;
    const data = { ...dataOf(mesh), accepted: [{ rule: 'E13', reason }] };
    const found = proveMesh(meshFrom(data), { now: NOW });
    expect(found.map(({ rule, accepted }) => `${rule} ${accepted}`)).toEqual(['E13 undefined', 'E40 undefined']);
    expect(describeFinding(found[1] as never)).toBe(
      "accepted[0] 'E13' is found as an error of 'prod/east', which cannot be accepted; mend what the finding says",
    );
  });

  test('the first reason that is about it is the one', () => {
    const reasons = (...accepted: Acceptance[]) => {
      const mesh = draft();
      Object.assign(mesh.west, { replicas: 2 });
      Object.assign(mesh.east, { upstream: undefined, replicas: 2 });
      const proven = proveMesh(meshFrom({ ...dataOf(mesh), accepted }), { now: NOW });
      return proven.map(({ rule, member, accepted: why }) => `${rule} ${member || 'mesh'}: ${why}`);
    };
    const [all, west] = [
      { rule: 'E21', reason: 'all' },
      { rule: 'E21', member: 'prod/west', reason: 'west' },
    ];
    expect(reasons(all, west)).toEqual(['E21 prod/east: all', 'E21 prod/west: all']);
    expect(reasons(west, all)).toEqual(['E21 prod/east: all', 'E21 prod/west: west']);
    expect(reasons(west, { ...west, reason: 'again' })).toEqual(['E21 prod/east: undefined', 'E21 prod/west: west']);
    expect(reasons({ ...west, reason: ' ' }, { ...west, reason: 'again' })).toEqual([
      'E21 prod/east: undefined',
      'E21 prod/west: again',
      'E40 mesh: undefined',
    ]);
  });

  test('of a member that is none, of nobody', () => {
    const { proven } = program({ accept: [{ rule: 'E13', member: untyped({}), reason }] });
    expect(proven().map(({ rule, accepted }) => `${rule} ${accepted}`)).toEqual(['E13 undefined', 'E40 undefined']);
  });

  test('what is not said with a reason does not hide anything', () => {
    const { proven } = program({ accept: [{ rule: 'E13', reason: '' }] });
    expect(proven().map(({ accepted }) => accepted)).toEqual([undefined, undefined]);
  });
});

describe('rules of one’s own', () => {
  const rule = (check: MeshRule['check'], id = 'shop-1'): MeshRule => ({
    id,
    severity: 'warning',
    title: 'members are named by their place',
    text: 'Names tell where a cluster stands.',
    remedy: 'rename it',
    source: 'https://example.com/rules',
    check,
  });

  test('are asked beside the catalogue, and their warnings can be accepted', () => {
    const own = rule(function* ({ members }) {
      for (const { name } of members) {
        if (name === 'west')
          yield { member: name, property: 'name', value: name, message: 'is a side', remedy: 'move' };
      }
    });
    expect(program({ rules: [own] }).findings()).toEqual([
      `warning [east] ${WARNING}`,
      "warning [west] name 'west' is a side; move (shop-1)",
    ]);
    const { proven } = program({ rules: [own], accept: [{ rule: 'shop-1', reason: 'it stays' }] });
    expect(proven().map((finding) => `${finding.rule} ${finding.accepted}`)).toEqual([
      'E13 undefined',
      'shop-1 it stays',
    ]);
  });

  test('see what was found before them', () => {
    const seen: string[] = [];
    const own = rule((_, { findings: before, rules }) => {
      seen.push(...before.map(({ rule: id }) => id), String(rules.length - MESH_RULES.length));
      return [];
    });
    program({ rules: [own] }).proven();
    expect(seen).toEqual(['E13', '1']);
    expect(withRules([own]).map(({ id }) => id)).toEqual([
      ...MESH_RULES.map(({ id }) => id).filter((id) => id !== 'E40'),
      'shop-1',
      'E40',
    ]);
  });

  test('one that breaks off is a finding, beside what it had found', () => {
    const own = rule(function* () {
      yield { member: 'east', message: 'is first', remedy: 'wait' };
      throw new Error('no such file');
    });
    expect(program({ rules: [own] }).findings()).toEqual([
      `warning [east] ${WARNING}`,
      'error [mesh] broke off: no such file; mend the rule, or leave it out (shop-1)',
      'warning [east] is first; wait (shop-1)',
    ]);
  });

  test.each<[string, () => unknown]>([
    [
      'broke off: text',
      () => {
        throw 'text';
      },
    ],
    [
      'broke off: what it threw is no error',
      () => {
        throw Object.create(null);
      },
    ],
    ['broke off: it gave what is no finding', () => [null]],
    ['broke off: it gave what is no finding', () => [{ message: 'of nobody' }]],
    ['broke off: it gave what is no finding', () => [{ member: '', message: '', severity: 'fatal' }]],
    ['broke off: rule.check is not a function or its return value is not iterable', () => undefined],
  ])('whatever it gives or throws: %s', (message, check) => {
    const found = proveMesh(meshFrom(dataOf(draft())), { now: NOW, rules: [rule(untyped(check))] });
    expect(found.map((each) => `${each.severity} ${each.message}`)).toEqual([`error ${message}`]);
  });

  test('what is no rule is reported', () => {
    const none = () => [];
    const rules = [
      untyped<MeshRule>('E13'),
      untyped<MeshRule>({ id: 'x' }),
      rule(none, 'E13'),
      rule(none),
      rule(none),
      { ...rule(none, 'y'), severity: untyped<'error'>('fatal') },
    ];
    expect(program({ rules }).findings().slice(0, -1)).toMatchInlineSnapshot(`
[
  "error [mesh] rules[0] is not a rule; write { id, severity, title, text, remedy, source, check } (mesh-rules)",
  "error [mesh] rules[1] is not a rule; write { id, severity, title, text, remedy, source, check } (mesh-rules)",
  "error [mesh] rules[2].id 'E13' is the id of another rule; write an id of your own, such as 'shop-1' (mesh-rules)",
  "error [mesh] rules[4].id 'shop-1' is the id of another rule; write an id of your own, such as 'shop-1' (mesh-rules)",
  "error [mesh] rules[5].severity 'fatal' is not a severity; write 'error' or 'warning' (mesh-rules)",
]
`);
  });
});

describe('bounds', () => {
  test('are seconds and numbers in the model', () => {
    const budgets = { blastRadius: 20, federatesWith: 5, agentCalls: 2000, revocation: '2m', outage: '1h30m' };
    expect(program({ budgets }).mesh.model().budgets).toEqual({ ...budgets, revocation: 120, outage: 5400 });
  });

  test('that are none are reported', () => {
    const budgets = untyped<FederationMeshProps['budgets']>({
      blastRadius: -1,
      federatesWith: '5',
      revocation: 120,
      outage: '0s',
      latency: '5s',
    });
    const { findings: found, mesh } = program({ budgets });
    expect(found().slice(0, -1)).toMatchInlineSnapshot(`
[
  "error [mesh] budgets.blastRadius -1 is not a whole number; write one, such as 20 (mesh-budgets)",
  "error [mesh] budgets.federatesWith '5' is not a whole number; write one, such as 20 (mesh-budgets)",
  "error [mesh] budgets.revocation 120 is not text; write a number with a unit, such as '1h30m' (mesh-budgets)",
  "error [mesh] budgets.outage '0s' is no time at all; write a time such as '2h', or leave it out (mesh-budgets)",
  "error [mesh] budgets.latency is not a property; write one of blastRadius, federatesWith, agentCalls, revocation, outage (mesh-budgets)",
]
`);
    expect(mesh.model().budgets).toEqual({});
  });
});

describe('the federation as it was', () => {
  test('is what the model gives, written down and read again', () => {
    const data = JSON.parse(JSON.stringify(program({}).mesh.model()));
    expect(data).toEqual(JSON.parse(JSON.stringify(program({}).mesh.model().data())));
    expect(meshFrom(data).data()).toEqual(data);
    expect(program({ previous: data }).findings()).toEqual([`warning [east] ${WARNING}`]);
  });

  test('what cannot be read of it is reported', () => {
    const previous = untyped<FederationMeshProps['previous']>({
      // What another version has written beside is passed over.
      members: [{ name: 'east', trustDomain: 5, since: 'a later version' }],
      edges: 7,
    });
    expect(
      program({ previous })
        .findings()
        .filter((line) => line.includes('previous')),
    ).toMatchInlineSnapshot(`
[
  "error [mesh] previous.edges 7 is not a list; write it in square brackets (mesh-previous)",
  "error [mesh] previous[east].platform is missing; set it (mesh-previous)",
  "error [mesh] previous[east].trustDomain 5 is not text; write it in quotes (mesh-previous)",
]
`);
  });
});
