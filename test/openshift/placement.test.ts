import { newServer, said, specOf } from './installation';

const saidOf = (placement: object) => said(newServer(placement));

test('everything is passed on', () => {
  const placement = {
    labels: { team: 'a' },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1Gi' } },
    affinity: { nodeAffinity: {} },
    tolerations: [
      { operator: 'Exists' },
      { key: 'node-role.kubernetes.io/infra', value: 'x', effect: 'NoExecute', tolerationSeconds: 60 },
    ],
    nodeSelector: { 'node-role.kubernetes.io/infra': '' },
  };
  const server = newServer(placement);
  expect(specOf(server)).toMatchObject({
    ...placement,
    affinity: placement.affinity,
  });
  expect(said(server)).toEqual([]);
});

test('nothing is written where nothing is said', () => {
  const keys = ['labels', 'resources', 'affinity', 'tolerations', 'nodeSelector'];
  expect(Object.keys(specOf(newServer())).filter((key) => keys.includes(key))).toEqual([]);
});

test('labels', () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`l${at}`, '']));
  expect([
    ...saidOf({ labels: { '-a': 'b', b: 'c d' } }),
    ...saidOf({ labels: many }),
    ...saidOf({ labels: { 'app.kubernetes.io/name': 'x' } }),
    ...saidOf({ labels: { a: 1 } }),
    ...saidOf({ nodeSelector: { 'a b': '' } }),
  ]).toMatchInlineSnapshot(`
[
  "labels '-a' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (ztwim-placement)",
  "labels.b 'c d' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends (ztwim-placement)",
  "labels has 65 entries; leave at most 64 (ztwim-placement)",
  "warning: labels.app.kubernetes.io/name 'x' has no effect, because the operator sets this label itself; leave it out (no-effect)",
  "labels {"a":1} is not a map of text; write { 'example.com/key': 'value' } (property-kind)",
  "nodeSelector 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (ztwim-placement)",
]
`);
});

test('tolerations', () => {
  expect([
    ...saidOf({ tolerations: [{ operator: 'In', key: 'a' }] }),
    ...saidOf({ tolerations: [{ effect: 'NoSchedule' }] }),
    ...saidOf({ tolerations: [{ operator: 'Exists', value: 'a' }] }),
    ...saidOf({ tolerations: [{ operator: 'Exists', effect: 'Evict' }] }),
    ...saidOf({ tolerations: [{ operator: 'Exists', tolerationSeconds: 1 }] }),
    ...saidOf({ tolerations: [null, { key: 'a b' }] }),
    ...saidOf({ tolerations: Array.from({ length: 51 }, () => ({ operator: 'Exists' })) }),
    ...saidOf({ tolerations: {} }),
  ]).toMatchInlineSnapshot(`
[
  "tolerations[0].operator 'In' is not an operator; write Exists or Equal (ztwim-placement)",
  "tolerations[0].key is missing; write the taint's key, or operator: 'Exists' for every taint (ztwim-placement)",
  "tolerations[0].value 'a' is not looked at with operator 'Exists'; leave it out (ztwim-placement)",
  "tolerations[0].effect 'Evict' is not an effect; write one of NoSchedule, PreferNoSchedule, NoExecute (ztwim-placement)",
  "tolerations[0].tolerationSeconds 1 goes with the effect NoExecute only; write effect: 'NoExecute', or leave it out (ztwim-placement)",
  "tolerations[0] null is not an object; write { operator: 'Exists' } (ztwim-placement)",
  "tolerations[1].key 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (ztwim-placement)",
  "tolerations has 51 entries; leave at most 50 (ztwim-placement)",
  "tolerations {} is not a list; write it in square brackets (property-kind)",
]
`);
});

test.each([
  ['100m', '1', 0],
  ['1', '999m', 1],
  ['1Gi', '1G', 1],
  ['1000Ki', '1Mi', 0],
  ['1025Ki', '1Mi', 1],
  ['1e3', '1k', 0],
  ['1', '1000000000n', 0],
])('a request of %s and a limit of %s: %s findings', (request, limit, count) => {
  const found = saidOf({ resources: { requests: { memory: request }, limits: { memory: limit } } });
  expect(found).toEqual(
    count === 0
      ? []
      : [
          `resources.requests.memory '${request}' is more than its limit, '${limit}'; ` +
            'request at most as much as the limit, or raise the limit (ztwim-placement)',
        ],
  );
});

test('amounts that are none', () => {
  expect([
    ...saidOf({ resources: { requests: { cpu: '1 core' } } }),
    ...saidOf({ resources: { limits: 'much' } }),
    ...saidOf({ resources: 'much' }),
  ]).toMatchInlineSnapshot(`
[
  "resources.requests.cpu '1 core' is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi' (ztwim-placement)",
  "resources.limits 'much' is not an object; write { cpu: '100m', memory: '128Mi' } (ztwim-placement)",
  "resources 'much' is not an object; write its properties in braces (property-kind)",
]
`);
});
