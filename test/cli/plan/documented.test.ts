import { readFileSync } from 'node:fs';
import { spirekit, tsx } from '../fixtures';

/** The part of the document that shows a plan: its command, and what stands below it; `…` stands for what is left out. */
const [, shown = ''] =
  /```text\n\$ spirekit plan (.*?)\n```/s.exec(readFileSync('docs/mesh-over-time.md', 'utf8')) ?? [];

test('docs/mesh-over-time.md shows what is printed', async () => {
  const [command = '', ...lines] = shown.split('\n');
  expect(command).toBe("remove west --from lab --app 'npx tsx examples/kubernetes-federation/main.ts'");
  const app = tsx('examples/kubernetes-federation/main.ts');
  const { code, stdout } = await spirekit('plan', 'remove', 'west', '--from', 'lab', '--app', app);
  expect(code).toBe(0);
  let from = 0;
  for (const part of lines.join('\n').split(/^ *…\n/m)) {
    const at = stdout.indexOf(part, from);
    expect({ part, found: at >= from }).toEqual({ part, found: true });
    from = at + part.length;
  }
}, 120_000);
