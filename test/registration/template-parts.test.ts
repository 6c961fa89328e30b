import { SpiffeIdTemplate, Template, templateProblem } from '../../lib/registration';

test('templates of SPIFFE IDs', () => {
  expect(SpiffeIdTemplate.serviceAccount()).toBe(
    'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}',
  );
  expect(SpiffeIdTemplate.path('/region/eu', Template.pod.namespace, Template.pod.label('app'))).toBe(
    'spiffe://{{ .TrustDomain }}/region/eu/{{ .PodMeta.Namespace }}/{{ index .PodMeta.Labels "app" }}',
  );
});

test('every part is one that the checker knows', () => {
  const { pod, node, ...cluster } = Template;
  const parts = [
    ...Object.values(cluster),
    ...[pod, node].flatMap((of) =>
      Object.values(of).map((part) => (typeof part === 'string' ? part : part('example.com/key'))),
    ),
  ];
  for (const part of parts) expect(templateProblem(SpiffeIdTemplate.path('x', part), 'spiffeId')).toBeUndefined();
  expect(parts).toMatchInlineSnapshot(`
[
  "{{ .TrustDomain }}",
  "{{ .ClusterName }}",
  "{{ .ClusterDomain }}",
  "{{ .PodMeta.Name }}",
  "{{ .PodMeta.Namespace }}",
  "{{ .PodMeta.UID }}",
  "{{ .PodSpec.ServiceAccountName }}",
  "{{ index .PodMeta.Labels "example.com/key" }}",
  "{{ index .PodMeta.Annotations "example.com/key" }}",
  "{{ .NodeMeta.Name }}",
  "{{ .NodeMeta.UID }}",
  "{{ index .NodeMeta.Labels "example.com/key" }}",
  "{{ index .NodeMeta.Annotations "example.com/key" }}",
]
`);
});
