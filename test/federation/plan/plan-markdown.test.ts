import { meshFrom, type Plan, planMarkdown, ShellWords } from '../../../lib/federation';
import { clusterOf } from './fixtures';

const mesh = meshFrom({ members: [clusterOf('east', [])], edges: [] });
const markdown = (plan: Partial<Plan>) =>
  planMarkdown(
    { action: 'remove', order: 'planned', member: 'east', title: 'Title', facts: [], steps: [], seconds: 0, ...plan },
    new ShellWords(mesh),
  );

const stop = { safe: true, state: 'all is well' } as const;

test('boxes to tick', () => {
  const steps: Plan['steps'] = [
    {
      id: 'first',
      title: 'First',
      why: 'Because.',
      tasks: [
        { type: 'program', text: 'change it' },
        { type: 'server', member: 'east', args: ['bundle', 'list'], already: 'not found' },
        { type: 'command', words: ['spirekit', 'lock'] },
        { type: 'tell', member: 'east', text: 'do it.' },
      ],
      wait: {
        seconds: 80,
        parts: [
          { seconds: 75, because: 'servers fetch' },
          { seconds: 5, because: 'agents ask', unseen: true },
        ],
      },
      checks: [
        {
          holds: 'it is so',
          task: { type: 'kubectl', member: 'east', args: ['get', 'pods'] },
          shows: 'yes',
          lacks: 'no',
        },
        { holds: 'it answers', task: { type: 'kubectl', member: 'east', args: ['get', 'x'] } },
      ],
      stop,
    },
    { id: 'second', title: 'Second', why: 'Then.', tasks: [], checks: [], stop: { safe: false, state: 'half of it' } },
  ];
  expect(markdown({ steps, facts: ['A fact.'], seconds: 80 })).toMatchInlineSnapshot(`
"# Title (planned)

- A fact.

## 1. First

Because.

- [ ] In the program: change it; then synthesize it again.
- [ ] At east:

  \`\`\`sh
  kubectl --context east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle list
  \`\`\`

  An error that says 'not found' is as good: there is nothing left to do.
- [ ] Here:

  \`\`\`sh
  npx spirekit lock
  \`\`\`

- [ ] east: do it.
- [ ] Wait up to 1m20s:
  - 1m15s: servers fetch
  - 5s: agents ask: in full, as no check sees it
- [ ] Check that it is so:

  \`\`\`sh
  kubectl --context east get pods
  \`\`\`

  It must show: yes
  It must not show: no
- [ ] Check that it answers:

  \`\`\`sh
  kubectl --context east get x
  \`\`\`


**One may stop here.** all is well

## 2. Second

Then.


**Do not stop here.** half of it

In all: with waits of at most 1m20s together.
"
`);
});

test('nothing that comes from a mesh is markup', () => {
  const steps: Plan['steps'] = [
    {
      id: 'x',
      title: 'a|b `c` <d> *e* [f](g)',
      why: 'two\nlines',
      tasks: [{ type: 'kubectl', member: 'east', args: ['get', '```'] }],
      checks: [],
      stop,
    },
  ];
  const text = markdown({ title: '# _t_', facts: ['@all &lt;\u001b[2J'], steps });
  expect(text).toContain('# \\# \\_t\\_ (planned)');
  expect(text).toContain('- &#64;&#8203;all \\&lt;\\\\u001b\\[2J');
  expect(text).toContain('## 1. a\\|b \\`c\\` \\<d\\> \\*e\\* \\[f\\](g)');
  expect(text).toContain('\ntwo lines\n');
  // The fence is longer than what the text has.
  expect(text).toContain('  ````sh\n');
});
