import { readFileSync } from 'node:fs';
import { spirekit, tsx } from '../fixtures';

/** What the document shows of a rotation; `…` stands for what is left out. */
const [, shown = ''] =
  /```text\n\$ spirekit plan (rotate .*?)\n```/s.exec(readFileSync('docs/mesh-over-time.md', 'utf8')) ?? [];

test('docs/mesh-over-time.md shows what is printed of an emergency', async () => {
  const [command = '', ...lines] = shown.split('\n');
  expect(command).toBe("rotate warehouse --emergency --app 'npx tsx examples/regions/main.ts'");
  const app = tsx('examples/regions/main.ts');
  const { code, stdout } = await spirekit('plan', 'rotate', 'warehouse', '--emergency', '--app', app);
  expect(code).toBe(0);
  let from = 0;
  for (const part of lines.join('\n').split(/^ *…\n/m)) {
    const at = stdout.indexOf(part, from);
    expect({ part, found: at >= from }).toEqual({ part, found: true });
    from = at + part.length;
  }
}, 120_000);
