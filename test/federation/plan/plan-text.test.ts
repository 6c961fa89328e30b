import { meshFrom, type Plan, planText, ShellWords } from '../../../lib/federation';
import { clusterOf } from './fixtures';

const mesh = meshFrom({ members: [clusterOf('east', [])], edges: [] });
const textOf = (plan: Partial<Plan>) =>
  planText(
    { action: 'add', order: 'planned', member: 'east', title: 'Title', facts: [], steps: [], seconds: 0, ...plan },
    new ShellWords(mesh),
  );

const stop = { safe: true, state: 'all is well' } as const;
const task = { type: 'kubectl', member: 'east', args: ['get', 'pods'] } as const;
const step = { id: 'a', title: 'A', why: 'Because.', tasks: [], checks: [], stop } as const;

test('what is done, waited for and held to', () => {
  const steps: Plan['steps'] = [
    {
      ...step,
      tasks: [
        { type: 'tell', member: 'east', text: 'do it.' },
        { type: 'server', member: 'east', args: ['agent', 'list'], already: 'not found' },
      ],
      wait: { seconds: 75, parts: [{ seconds: 75, because: 'servers fetch every 1m15s' }] },
      checks: [
        { holds: 'it is so', task, shows: 'yes', lacks: 'no' },
        { holds: 'it answers', task },
      ],
      stop: { safe: false, state: 'half of it is done' },
    },
  ];
  expect(textOf({ facts: ['A fact.'], steps, seconds: 75 })).toMatchInlineSnapshot(`
"Title (planned)

What it rests on:
  - A fact.

1. A
   Because.

   > east: do it.

   $ kubectl --context east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server agent list
     An error that says 'not found' is as good: there is nothing left to do.

   Wait up to 1m15s: servers fetch every 1m15s.

   Check that it is so:
   $ kubectl --context east get pods
     It must show: yes
     It must not show: no

   Check that it answers:
   $ kubectl --context east get pods

   Stop here? No: half of it is done

In all: 1 step, with waits of at most 1m15s together.
"
`);
});

test('what no check sees is waited for in full', () => {
  const parts = [
    { seconds: 10, because: 'servers read' },
    { seconds: 5, because: 'agents ask', unseen: true },
  ];
  expect(textOf({ steps: [{ ...step, wait: { seconds: 15, parts } }] })).toContain(
    ['   Wait up to 15s:', '        10s  servers read', '         5s  agents ask: in full, as no check sees it'].join(
      '\n',
    ),
  );
});

test('nothing is waited for', () => {
  expect(textOf({ steps: [{ ...step, wait: { seconds: 0, parts: [] } }] })).not.toContain('Wait');
});

test('lines fit, but for commands', () => {
  const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  const text = textOf({
    title: 'T',
    facts: [long],
    steps: [{ ...step, why: long, stop: { safe: true, state: long } }],
  });
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('nothing that comes from a mesh commands a terminal', () => {
  const odd = { type: 'kubectl', member: 'east', args: ['get', 'a\u001b[2J\u202e'] } as const;
  const text = textOf({ title: 'T\u001b[31m\nx', steps: [{ ...step, why: 'a\u001b[2Jb\nc', tasks: [odd] }] });
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u202e');
  expect(text).toMatch(/^T\\u001b\[31m x \(planned\)\n/);
  expect(text).toContain("kubectl --context east get 'a?[2J?'");
});
