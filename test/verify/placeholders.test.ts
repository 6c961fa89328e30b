import { withPlaceholders } from '../../lib/verify/placeholders';

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
