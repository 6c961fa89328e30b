import type { World } from '../../lib/verify/check';
import { placeholdersOf, withPlaceholders } from '../../lib/verify/placeholders';

test.each([
  ['kubectl --context {context}', { context: 'east' }, 'kubectl --context east'],
  ['kubectl --context {context}', { context: 'admin@east:6443' }, 'kubectl --context admin@east:6443'],
  ['kubectl --context {context}', { context: "it's east" }, "kubectl --context 'it'\\''s east'"],
  ['kubectl --context {context}', { context: '$(reboot)' }, "kubectl --context '$(reboot)'"],
  ['-n {namespace} {pod}', { pod: 'a' }, '-n <namespace> a'],
  ['-id spiffe://{peer}', { peer: 'west.example.com' }, '-id spiffe://west.example.com'],
  ['-o=jsonpath={.data}', {}, '-o=jsonpath={.data}'],
])('%s', (text, values, filled) => {
  expect(withPlaceholders(text, values)).toBe(filled);
});

test('the folder of a cluster is that of the synth', async () => {
  const world = { viewOf: () => undefined } as unknown as World;
  const member = { name: 'prod/east', platform: 'kubernetes', trustDomain: 'east.example.com' } as const;
  expect(withPlaceholders('dist/{folder}/50-trust.yaml', await placeholdersOf(world, member))).toBe(
    'dist/prod-east/50-trust.yaml',
  );
});
