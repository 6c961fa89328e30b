import { diffMarkdown } from '../../../lib/cli/diff/markdown';
import { CHANGES, change, comparedMesh } from './fixtures';

test('a comment', () => {
  const vain = [{ change: 'edge-added-00000000', reason: 'of last week' }];
  expect(diffMarkdown([comparedMesh({ changes: CHANGES, vain })], 'mesh.lock.json')).toMatchInlineSnapshot(`
"**Changes of the federation: 1 forbidden, 1 to be approved, 1 approved, 1 without effect, 1 to be noted**

### Federation <code>mesh</code>: 5 changes since <code>mesh.lock.json</code>

#### Forbidden: 1

| Change | Was | Is | What it means |
| --- | --- | --- | --- |
| <code>f-1</code> |  |  | 'east' is about f-1<br>To do: undo it |

#### To be approved: 1

| Change | Was | Is | What it means |
| --- | --- | --- | --- |
| <code>a-1</code> | <code>this</code> | <code>that</code> | 'east' is about a-1<br>To do: approve it |

#### Without effect: 1

| Change | Was | Is | What it means |
| --- | --- | --- | --- |
| <code>e-1</code> |  |  | 'east' is about e-1<br>To do: nothing |

#### Approved: 1

| Change | Was | Is | What it means |
| --- | --- | --- | --- |
| <code>a-2</code> |  |  | 'east/shop' is about a-2<br>Approved: asked for |

#### To be noted: 1

| Change | Was | Is | What it means |
| --- | --- | --- | --- |
| <code>n-1</code> |  |  | the mesh is about n-1 |

Approvals of nothing, to be removed: <code>edge-added-00000000</code>

<details><summary>To approve them</summary>

\`\`\`ts
approve: [
    { change: 'a-1', reason: '…' },
],
\`\`\`

</details>
"
`);
});

test('nothing, one that is new, one that is gone', () => {
  const meshes = [
    comparedMesh(),
    comparedMesh({ name: 'b', state: 'new' }),
    comparedMesh({ name: 'c', state: 'gone' }),
  ];
  expect(diffMarkdown(meshes, 'mesh.lock.json')).toMatchInlineSnapshot(`
"**Changes of the federation: none**

### Federation <code>mesh</code>: no changes since <code>mesh.lock.json</code>

### Federation <code>b</code>: <code>mesh.lock.json</code> does not know it

### Federation <code>c</code>: the program has it no more

if it was renamed, give it back its name; if it was removed from all clusters, write --forget to 'spirekit lock'
"
`);
});

test('what comes from the program is shown as it is, and acts on nothing', () => {
  const hostile =
    '`x` | <img src=x> [a](https://evil.example) www.evil.example @team **b** ~~c~~ &lt; #1 \\| $m$ \n| d';
  const [, , , , , , , , row = ''] = diffMarkdown(
    [
      comparedMesh({
        changes: [{ change: change('a-1', 'note', { member: hostile, was: hostile, is: hostile, remedy: hostile }) }],
      }),
    ],
    'mesh.lock.json',
  ).split('\n');
  // Of the row nothing is left but its own borders, tags and entities.
  const cells = row.split('|');
  expect(cells).toHaveLength(6);
  for (const cell of cells.slice(1, -1)) {
    const bare = cell.replace(/<\/?code>|<br>To do: /g, '').replace(/&#\d+;/g, '');
    expect(bare).toMatch(/^[\w .,;/='"-]*$/);
  }
  expect(row).toContain('&#64;&#8203;team');
  expect(row).not.toMatch(/www\./);
});

test('of what is longer than a comment the rest is counted, the least urgent first', () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({
    change: change(`a-${index}`, 'approval', { is: 'x'.repeat(200) }),
  }));
  const text = diffMarkdown(
    [
      comparedMesh({ changes: [{ change: change('f-1', 'forbidden') }, ...many] }),
      comparedMesh({ name: 'b', changes: CHANGES }),
    ],
    'mesh.lock.json',
  );
  expect(text.length).toBeLessThan(65_000);
  expect(text).toContain('f-1');
  expect(text).toMatch(/\n\n\d{3} changes more: <code>spirekit diff<\/code> shows them all\.\n$/);
  expect(text).toContain(
    '**Changes of the federation: 2 forbidden, 1001 to be approved, 1 approved, 1 without effect, 1 to be noted**',
  );
});
