import { describe as describeFinding } from '../../../lib/core';
import { diffMeshes, MESH_RULES, type MeshData, meshFrom, proveMesh } from '../../../lib/federation';
import { dataOf, draft, identity, NOW } from '../fixtures';
import { move } from '../fixtures-changes';

const RULES = MESH_RULES.filter(({ id }) => ['W41', 'E42'].includes(id));

/** East is somewhere else, has another CA and bundle, and an identity names another peer. */
function changed(): MeshData {
  const now = draft();
  move(now, 'west', { url: 'https://bundles.example.org/' });
  now.east.identities = [identity('shop', ['apps.west.example.org', 'partner.example'])];
  Object.assign(now.west.relationships[0] ?? {}, { bundle: '{"keys":[]}' });
  now.west.caTtl = 3600;
  return dataOf(now);
}

const previous = meshFrom(dataOf(draft()));

function found(data: MeshData, known = true): string[] {
  const findings = proveMesh(meshFrom(data), { now: NOW, rules: RULES, ...(known && { previous }) });
  return findings.map((each) => `${each.severity} ${each.rule} [${each.member}] ${describeFinding(each)}`);
}

const idOf = (kind: string): string =>
  diffMeshes(previous, meshFrom(changed())).find((change) => change.kind === kind)?.id ?? '';

test('W41 what nobody has decided about', () => {
  expect(found(changed())).toMatchInlineSnapshot(`
[
  "warning W41 [prod/east] has an identity 'shop', which names 'partner' from now on: its workloads can verify identities from there; approve it, or name fewer; give it out only when the bundles are there (approve: [{ change: 'identity-peers-added-98a27340', reason: '…' }])",
  "warning W41 [prod/west] is fetched by 'prod/east' at another host: whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'; make sure that the host is in the right hands, and approve it (approve: [{ change: 'endpoint-moved-cd096d91', reason: '…' }])",
]
`);
  expect(found(dataOf(draft()))).toEqual([]);
  expect(found(changed(), false)).toEqual([]);
});

test('W41 what somebody has decided about is not found', () => {
  const approved = ['endpoint-moved', 'identity-peers-added'].map((kind) => ({
    change: idOf(kind),
    reason: 'asked for',
  }));
  expect(found({ ...changed(), approved })).toEqual([]);
});

test('E42 approvals of other things', () => {
  const forbidden = draft();
  delete (forbidden.west as { endpoint?: unknown }).endpoint;
  const [refused] = diffMeshes(previous, meshFrom(dataOf(forbidden)));
  const approved = [
    { change: idOf('endpoint-moved'), reason: ' ' },
    { change: idOf('identity-peers-added'), reason: 'asked for' },
    { change: idOf('identity-peers-added'), reason: 'asked for' },
    { change: idOf('bundle-alone'), reason: 'renewed' },
    { change: idOf('ca-ttl-changed'), reason: 'shorter' },
    { change: 'edge-added-00000000', reason: 'of last week' },
  ];
  expect(found({ ...changed(), approved }).filter((line) => line.includes('E42'))).toMatchInlineSnapshot(`
[
  "error E42 [] approved[0].reason ' ' is empty; write why the change is wanted",
  "error E42 [] approved[2].change 'identity-peers-added-98a27340' is approved twice; remove one of the two",
  "warning E42 [] approved[3].change 'bundle-alone-4354fd69' needs no approval: it does nothing; remove it",
  "warning E42 [] approved[4].change 'ca-ttl-changed-22f86687' needs no approval: there is nothing to decide about; remove it",
  "warning E42 [] approved[5].change 'edge-added-00000000' approves what has not changed (any more); remove it; where the change is another by now, 'spirekit diff' shows its id",
]
`);
  expect(
    found({ ...dataOf(forbidden), approved: [{ change: refused?.id ?? '', reason: 'we want it' }] }),
  ).toMatchInlineSnapshot(`
[
  "error E42 [] approved[0].change 'operator-immutable-57271ed6' cannot be approved: it is refused, or breaks what is there; keep it, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew",
]
`);
});

test('E42 without what was before, nobody knows what an approval is of', () => {
  const approved = [
    { change: 'edge-added-00000000', reason: 'so' },
    { change: 'edge-added-00000000', reason: '' },
  ];
  expect(found({ ...changed(), approved }, false)).toMatchInlineSnapshot(`
[
  "error E42 [] approved[1].reason '' is empty; write why the change is wanted",
  "error E42 [] approved[1].change 'edge-added-00000000' is approved twice; remove one of the two",
]
`);
});

test('E42 nobody accepts whatever will change', () => {
  const accepted = [
    { rule: 'W27', reason: 'a lab' },
    { rule: 'W41', member: 'prod/east', reason: 'too many' },
  ];
  expect(found({ ...dataOf(draft()), accepted }, false)).toMatchInlineSnapshot(`
[
  "error E42 [] accepted[1].rule 'W41' would approve whatever changes later, unseen; approve changes by their ids, which 'spirekit diff' shows",
]
`);
});
