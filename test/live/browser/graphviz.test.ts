import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Member, meshDot, meshFrom, Topology } from '../../../lib/federation';
import { findingsIn, LONGEST, meshOf, type Shape } from '../../federation/pictures/fixtures';
import { all, hasClass, read } from '../../federation/pictures/svg';
import { logFolder } from '../support/logs';

/** What Graphviz makes of a text; it must not have the least to say against it. */
function drawn(dot: string, program = 'dot'): string {
  const { stdout, stderr, status } = spawnSync(program, ['-Tsvg'], { input: dot, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

const SHAPES: readonly Shape[] = ['full', 'hub', 'groups', 'gateways', 'chain', 'none'];

test.each([0, 1, 3, 12, 40])('Graphviz draws %i members and their arrows', (count) => {
  for (const shape of SHAPES) {
    const mesh = meshOf(count, shape);
    const dot = meshDot(mesh, { findings: findingsIn(mesh) });
    const svg = drawn(dot, count > 12 ? 'sfdp' : 'dot');
    writeFileSync(join(logFolder(), `graphviz-${shape}-${count}.svg`), svg);
    const root = read(svg.replace(/<!DOCTYPE[^>]*>/, ''));
    const groups = all(root, 'g');
    expect(groups.filter((group) => hasClass(group, 'node'))).toHaveLength(count);
    expect(groups.filter((group) => hasClass(group, 'edge'))).toHaveLength(dot.match(/ -> /g)?.length ?? 0);
  }
});

test('names come out as they went in, whatever they hold', () => {
  const names = [
    '"',
    '\\',
    '\\"',
    '\\N \\G \\l',
    '"];a->b["',
    '&amp; &#60; &',
    '<b>x</b>',
    '東京 👩‍👩‍👧‍👦',
    'end;',
    '%s',
    '{|}',
  ];
  const members = names.map((name): Member => ({ name, platform: 'kubernetes', trustDomain: `${name}.example` }));
  const { edges } = Topology.hub('"').edgesAmong(names);
  const root = read(drawn(meshDot(meshFrom({ members, edges }))).replace(/<!DOCTYPE[^>]*>/, ''));
  const nodes = all(root, 'g').filter((group) => hasClass(group, 'node'));
  const shown = nodes.map((node) => all(node, 'text').map(({ textContent }) => textContent?.replaceAll('\u00a0', ' ')));
  expect(shown).toEqual(names.map((name) => [name, `${name}.example`, 'Kubernetes']));
});

test('names of 253 characters are shortened', () => {
  const members: Member[] = [{ name: LONGEST, platform: 'external', trustDomain: LONGEST }];
  const root = read(drawn(meshDot(meshFrom({ members, edges: [] }))).replace(/<!DOCTYPE[^>]*>/, ''));
  expect(all(root, 'text').map(({ textContent }) => textContent?.length)).toEqual([60, 60, 8]);
});
