import { MESH_RULES } from '../../lib/federation';
import { spirekit } from './fixtures';

test('all of them, a line each, in their order', async () => {
  const { code, stdout, stderr } = await spirekit('rules');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ +/)[0])).toEqual(MESH_RULES.map(({ id }) => id));
  expect(lines).toContain('E16  error    identities name peers that are believed already');
  expect(lines).toContain('W27  warning  a single server is back before its CA is due');
});

test('one in full, however its letters are written', async () => {
  const shown = await spirekit('rules', 'E40');
  expect(shown.stdout).toMatchInlineSnapshot(`
"E40  error  accepted warnings are there, and have a reason

A warning that somebody has looked at can be accepted by the id of its rule, and is then shown with the reason. An acceptance of something that is not found any more would hide the next one of its kind; an error cannot be accepted, for what it is about does not work.

Remedy: accept warnings that are found, each with its reason, and remove the acceptance with its cause.
Source: lib/federation/model.ts
"
`);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(await spirekit('rules', 'e40')).toEqual(shown);
});

test('one that there is not', async () => {
  expect(await spirekit('rules', 'E99')).toEqual({
    code: 2,
    stdout: '',
    stderr: "spirekit: there is no rule 'E99'; 'spirekit rules' shows them all\nSee 'spirekit rules --help'.\n",
  });
});
