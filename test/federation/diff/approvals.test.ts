import {
  decidedChanges,
  MESH_RULES,
  type MeshData,
  meshFrom,
  pendingChanges,
  proveMesh,
} from '../../../lib/federation';
import { dataOf, draft, NOW, web } from '../fixtures';
import { move } from '../fixtures-changes';

/** West is somewhere else by https_web, and shall do what the operator refuses. */
function moved(): MeshData {
  const now = draft();
  now.partner.endpoint.url = 'https://partner.example/';
  Object.assign(now.east.relationships[1] ?? {}, { url: 'https://partner.example/' });
  delete (now.west as { endpoint?: unknown }).endpoint;
  now.east.caTtl = 3600;
  return dataOf(now);
}

const before = () => meshFrom(dataOf(draft()));

const pending = (approved: MeshData['approved'] = []) =>
  pendingChanges(before(), meshFrom({ ...moved(), approved })).map(({ kind }) => kind);

test('those that need an approval and have none, and those that cannot come about', () => {
  expect(pending()).toEqual(['operator-immutable', 'endpoint-moved']);
});

test('an approval is of one change, with a reason', () => {
  const changes = pendingChanges(before(), meshFrom(moved()));
  const [forbidden, approval] = changes.map(({ id }) => id);
  expect(pending([{ change: approval ?? '', reason: 'asked for' }])).toEqual(['operator-immutable']);
  expect(pending([{ change: approval ?? '', reason: ' ' }])).toEqual(['operator-immutable', 'endpoint-moved']);
  expect(pending([{ change: forbidden ?? '', reason: 'we want it' }])).toEqual([
    'operator-immutable',
    'endpoint-moved',
  ]);
  const decided = decidedChanges(
    before(),
    meshFrom({
      ...moved(),
      approved: [
        { change: approval ?? '', reason: '' },
        { change: approval ?? '', reason: 'the first' },
        { change: approval ?? '', reason: 'the second' },
      ],
    }),
  );
  expect(decided.map(({ change, approved }) => [change.kind, approved])).toEqual([
    ['operator-immutable', undefined],
    ['endpoint-moved', 'the first'],
    ['ca-ttl-changed', undefined],
  ]);
});

test('what is edited after it was approved is another change', () => {
  const change = pendingChanges(before(), meshFrom(moved()))[1]?.id ?? '';
  const now = draft();
  move(now, 'west', {});
  now.partner.endpoint.url = 'https://evil.example/';
  Object.assign(now.east.relationships[1] ?? {}, { url: 'https://evil.example/' });
  const data = { ...dataOf(now), approved: [{ change, reason: 'asked for' }] };
  expect(pendingChanges(before(), meshFrom(data)).map(({ kind }) => kind)).toEqual(['endpoint-moved']);
});

test('who approves another host or proof has answered E23, of that change alone', () => {
  const stranger = (host: string) => web('stranger.example', `https://${host}.stranger.example/`);
  const [was, is] = [draft(), draft()];
  for (const { west } of [was, is]) west.relationships.push(web('partner.example', 'https://bundle.partner.example/'));
  was.east.relationships.push(stranger('old'));
  is.east.relationships.push(stranger('new'));
  move(is, 'east', { profile: 'https_web', spiffeId: undefined });
  const previous = meshFrom(dataOf(was));
  const rules = MESH_RULES.filter(({ id }) => id === 'E23');
  const found = (...kinds: string[]) => {
    const approved = pendingChanges(previous, meshFrom(dataOf(is)))
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ id }) => ({ change: id, reason: 'asked for' }));
    return proveMesh(meshFrom({ ...dataOf(is), approved }), { now: NOW, rules, previous }).map(({ member }) => member);
  };
  expect(found()).toEqual(['prod/east', 'prod/east']);
  expect(found('endpoint-moved')).toEqual(['prod/east']);
  expect(found('profile-downgraded', 'endpoint-moved')).toEqual([]);
});

test('what is no approval is left out, and found by the rule about kinds', () => {
  const data = { ...dataOf(draft()), approved: [{ change: 1, reason: 'so' }, 'x', { change: 'a', reason: 'b' }] };
  const mesh = meshFrom(data as never);
  expect(mesh.approved).toEqual([{ change: 'a', reason: 'b' }]);
  expect(mesh.misfits.map(({ at, message }) => `${at} ${message}`)).toEqual([
    'approved[0].change is not text',
    'approved[1] is not an object',
  ]);
});
