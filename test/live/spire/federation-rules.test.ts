import { meshCases } from './federation-rules';
import { asEast, federate, keysAt, register, WEST, World } from './federation-world';

// Each rule of the federation beside what real servers do when they are told what it forbids.
//
// Not here: E03 and the order of two objects in E02, which are the controller manager's (mesh-topology); ACME in E07; E19, which
// is the operator's.

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.end());

const fetched = new RegExp(`msg="Bundle refreshed".*trust_domain=${WEST}`);

test('what the table begins with is right: the live bundle is fetched with a seed of the root alone', async () => {
  const draft = world.draft();
  expect(world.findings(draft)).toEqual([]);
  await asEast(async (rig, server) => {
    expect(federate(rig, draft.east.relationships[0]).status).toBe(0);
    for (const each of draft.east.identities ?? []) expect(register(rig, each).status).toBe(0);
    await server.says(fetched);
    // The seed has no JWT key: what is there now is the live bundle.
    expect(keysAt(rig, WEST)).toEqual(keysAt(world.provider));
    const uses = keysAt(rig, WEST).map(({ use }) => use);
    expect(uses.sort()).toEqual(['jwt-svid', 'x509-svid']);
  });
});

test.each(meshCases)('$rule, $what: SPIRE says $says', async ({ change, finds, at, says }) => {
  const draft = world.draft();
  change(draft, world);
  expect(world.findings(draft)).toEqual(finds);
  await asEast(async (rig, server) => {
    const made = draft.east.relationships.map((each) => federate(rig, each)).at(-1);
    const entries = (draft.east.identities ?? []).map((each) => register(rig, each));
    if (at === 'log') await server.says(/Error updating bundle/, 30); // a resolver may take its time
    const statuses = { relationship: made?.status, entry: entries.at(-1)?.status, log: made?.status };
    const texts = { relationship: made?.text, entry: entries.at(-1)?.text, log: server.text };
    expect(texts[at]).toContain(says);
    expect(statuses[at]).toBe(at === 'log' ? 0 : 1);
    if (at !== 'log') return;
    expect(server.text).not.toMatch(fetched);
    // A seed, even one that is of no use for a fetch, is enough for entries that name the peer.
    expect(entries.map(({ status }) => status)).toEqual(entries.map(() => 0));
  });
});
