import { referenceKey } from '../../lib/kube';
import { secretReferences } from '../../lib/synth/secret-references';
import { untyped } from '../spire/installation';

const refer = (apiVersion: string, kind: string, spec: unknown): string[] =>
  secretReferences(untyped({ apiVersion, kind, metadata: { name: 'some', namespace: 'shop' }, spec }));
const secret = (namespace: string, name: string) => referenceKey('Secret', namespace, name);

const ACME = {
  acme: {
    privateKeySecretRef: { name: 'made-by-cert-manager' },
    externalAccountBinding: { keyID: 'id', keySecretRef: { name: 'account', key: 'secret' } },
    solvers: [{ dns01: { cloudflare: { apiTokenSecretRef: { name: 'cloudflare', key: 'token' } } } }],
  },
};

test.each([
  ['cert-manager.io/v1', 'Issuer', { ca: { secretName: 'ca' } }, [secret('shop', 'ca')]],
  ['cert-manager.io/v1', 'ClusterIssuer', { ca: { secretName: 'ca' } }, [secret('cert-manager', 'ca')]],
  ['cert-manager.io/v1', 'Issuer', ACME, [secret('shop', 'account'), secret('shop', 'cloudflare')]],
  ['route.openshift.io/v1', 'Route', { tls: { externalCertificate: { name: 'tls' } } }, [secret('shop', 'tls')]],
  [
    'operator.openshift.io/v1alpha1',
    'SpireServer',
    {
      federation: { bundleEndpoint: { httpsWeb: { servingCert: { externalSecretRef: 'tls' } } } },
      datastore: { tlsSecretName: 'db' },
      upstreamAuthority: { vault: { caCertSecretRef: { name: 'vault-ca' } } },
    },
    ['tls', 'db', 'vault-ca'].map((name) => secret('zero-trust-workload-identity-manager', name)),
  ],
  [
    'operator.openshift.io/v1alpha1',
    'SpireOIDCDiscoveryProvider',
    { externalSecretRef: 'oidc' },
    [secret('zero-trust-workload-identity-manager', 'oidc')],
  ],
])('%s %s: the Secrets of %j', (apiVersion, kind, spec, keys) => {
  expect(refer(apiVersion, kind, spec)).toEqual(keys);
});

test.each([
  ['example.com/v1', 'Issuer', { ca: { secretName: 'ca' } }],
  ['cert-manager.io/v1', 'Certificate', { secretName: 'made' }],
  ['cert-manager.io/v1', 'Issuer', undefined],
  ['cert-manager.io/v1', 'Issuer', { ca: { secretName: 7 } }],
  ['cert-manager.io/v1', 'Issuer', { ca: 'ca', acme: { solvers: ['dns01'] } }],
  ['route.openshift.io/v1', 'Route', { tls: { externalCertificate: 'tls' } }],
  ['operator.openshift.io/v1alpha1', 'SpireServer', {}],
])('%s %s: none in %j', (apiVersion, kind, spec) => {
  expect(refer(apiVersion, kind, spec)).toEqual([]);
});
