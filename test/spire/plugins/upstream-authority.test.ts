import { writeHcl } from '../../../lib/spire/config';
import { UpstreamAuthority } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

test('a Secret', () => {
  const plugin = UpstreamAuthority.disk({ secret: 'ca' });
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"cert_file_path = "/run/spire/upstream-ca/tls.crt"
key_file_path = "/run/spire/upstream-ca/tls.key"
"
`);
  expect(plugin.needs.volumes).toEqual([
    { name: 'upstream-ca', mountPath: '/run/spire/upstream-ca', source: { secret: { secretName: 'ca' } } },
  ]);
  expect(plugin.findings).toEqual([]);
  expect(UpstreamAuthority.disk({ secret: 'ca', certKey: 'c', keyKey: 'k', bundleKey: 'b' }).data).toEqual({
    cert_file_path: '/run/spire/upstream-ca/c',
    key_file_path: '/run/spire/upstream-ca/k',
    bundle_file_path: '/run/spire/upstream-ca/b',
  });
});

test('cert-manager', () => {
  const plugin = UpstreamAuthority.certManager({ namespace: 'spire', issuerName: 'root' });
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"namespace = "spire"
issuer_name = "root"
issuer_kind = "Issuer"
issuer_group = "cert-manager.io"
"
`);
  expect(plugin.needs.rules).toEqual([
    {
      scope: 'namespace',
      namespace: 'spire',
      apiGroups: ['cert-manager.io'],
      resources: ['certificaterequests'],
      verbs: ['create', 'get', 'list', 'delete'],
    },
  ]);
  const other = UpstreamAuthority.certManager({
    namespace: 'spire',
    issuerName: 'root',
    issuerKind: 'ClusterIssuer',
    issuerGroup: 'example.com',
  });
  expect(other.data).toMatchObject({ issuer_kind: 'ClusterIssuer', issuer_group: 'example.com' });
});

test('findings', () => {
  expect(
    lines([
      ...UpstreamAuthority.disk({ secret: '', certKey: '', keyKey: '' }).findings,
      ...UpstreamAuthority.certManager({ namespace: '', issuerName: '' }).findings,
      ...UpstreamAuthority.custom({ name: 'vault' }).findings,
    ]),
  ).toMatchInlineSnapshot(`
[
  "error: secret '' is empty; write the name of the Secret (conf-required)",
  "error: certKey '' is empty; write the certificate's key in the Secret, such as 'tls.crt' (conf-required)",
  "error: keyKey '' is empty; write the private key's key in the Secret, such as 'tls.key' (conf-required)",
  "error: namespace '' is empty; write the namespace for the CertificateRequests (conf-required)",
  "error: issuerName '' is empty; write the name of the issuer (conf-required)",
]
`);
});
