import { writeHcl } from '../../../lib/spire/config';
import { BundlePublisher } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

const target = { cluster: 'demo', name: 'bundle', key: 'bundle.spiffe', namespace: 'spire', format: 'spiffe' } as const;

test('one ConfigMap', () => {
  const plugin = BundlePublisher.k8sConfigMap(target);
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"clusters = {
  "demo" = {
    configmap_name = "bundle"
    configmap_key = "bundle.spiffe"
    namespace = "spire"
    format = "spiffe"
  }
}
"
`);
  expect(plugin.needs.rules).toEqual([
    { scope: 'namespace', namespace: 'spire', apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
    {
      scope: 'namespace',
      namespace: 'spire',
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['bundle'],
      verbs: ['get', 'patch'],
    },
  ]);
  expect(plugin.traits).toEqual({ bundleConfigMap: [target] });
  expect(plugin.findings).toEqual([]);
});

test('two ConfigMaps are one plugin', () => {
  const plugin = BundlePublisher.k8sConfigMap(
    { ...target, refreshHint: '5m' },
    { ...target, cluster: 'pem', format: 'pem', key: 'ca.crt' },
  );
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"clusters = {
  "demo" = {
    configmap_name = "bundle"
    configmap_key = "bundle.spiffe"
    namespace = "spire"
    format = "spiffe"
    refresh_hint = "5m"
  }
  "pem" = {
    configmap_name = "bundle"
    configmap_key = "ca.crt"
    namespace = "spire"
    format = "pem"
  }
}
"
`);
  expect(plugin.traits.bundleConfigMap).toHaveLength(2);
  expect(plugin.findings).toEqual([]);
});

test('findings', () => {
  expect(
    lines([
      ...BundlePublisher.k8sConfigMap().findings,
      ...BundlePublisher.k8sConfigMap(target, { ...target, name: '', format: 'x' as never, refreshHint: '1s' })
        .findings,
      ...BundlePublisher.custom({ name: 'aws_s3' }).findings,
    ]),
  ).toMatchInlineSnapshot(`
[
  "error: names no ConfigMap, so the bundle would not be published; name one, or leave the plugin out (bundle-configmap)",
  "error: [1].name '' is empty; write the name of the ConfigMap (conf-required)",
  "error: [1].format 'x' is not a value that SPIRE knows here; write 'spiffe', 'jwks' or 'pem' (conf-choice)",
  "warning: [1].refreshHint '1s' is less than a minute, and SPIRE refreshes no more often than that; write at least '1m' (refresh-hint)",
  "error: [1].cluster 'demo' is given twice, so SPIRE would see only the last; give each ConfigMap a cluster name of its own (bundle-configmap)",
]
`);
});
