import type { ZtwimUpstreamAuthority } from '../../lib/openshift';
import { isIssuer, isVerifiedByRoots } from '../../lib/openshift/upstream-authority';
import { UpstreamAuthority } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { newServer, said, specOf } from './installation';

const saidOf = (upstreamAuthority: unknown) => said(newServer({ upstreamAuthority }));
const written = (upstreamAuthority: ZtwimUpstreamAuthority) => {
  const server = newServer({ upstreamAuthority });
  expect(said(server)).toEqual([]);
  expect(server.signsItself).toBe(false);
  return specOf(server).upstreamAuthority;
};

test('an issuer of cert-manager', () => {
  expect(written({ certManager: { issuerName: 'ca' } })).toEqual({
    certManager: {
      namespace: 'zero-trust-workload-identity-manager',
      issuerName: 'ca',
      issuerKind: 'Issuer',
      issuerGroup: 'cert-manager.io',
    },
  });
  const external = {
    namespace: 'cert-manager',
    issuerName: 'aws-pca-cluster-issuer',
    issuerKind: 'ClusterIssuer',
    issuerGroup: 'awspca.cert-manager.io',
  } as const;
  expect(written({ certManager: external })).toEqual({ certManager: external });
});

test('Vault', () => {
  expect(written({ vault: { vaultAddr: 'https://vault.example.com', k8sAuth: { k8sAuthRoleName: 'spire' } } })).toEqual(
    {
      vault: {
        vaultAddr: 'https://vault.example.com',
        pkiMountPoint: 'pki',
        insecureSkipVerify: false,
        k8sAuth: { k8sAuthMountPoint: 'kubernetes', k8sAuthRoleName: 'spire', audience: 'vault' },
      },
    },
  );
  const all = {
    vaultAddr: 'https://vault.example.com:8200',
    pkiMountPoint: 'pki_int',
    caCertSecretRef: { name: 'vault-ca', key: 'ca.crt' },
    insecureSkipVerify: false,
    vaultNamespace: 'admin',
    k8sAuth: { k8sAuthMountPoint: 'ocp', k8sAuthRoleName: 'spire', audience: 'v' },
  };
  expect(written({ vault: all })).toEqual({ vault: all });
});

test('what does not compile', () => {
  const vault = { vaultAddr: 'https://vault.example.com', k8sAuth: { k8sAuthRoleName: 'spire' } };
  // @ts-expect-error exactly one
  const both: ZtwimUpstreamAuthority = { certManager: { issuerName: 'ca' }, vault };
  // @ts-expect-error exactly one
  const none: ZtwimUpstreamAuthority = {};
  expect([...saidOf(both), ...saidOf(none)]).toEqual([
    'upstreamAuthority has both certManager and vault; write exactly one of the two (ztwim-upstream)',
    'upstreamAuthority has neither certManager nor vault; write exactly one of the two (ztwim-upstream)',
  ]);
});

test('ZTWIM 1.0 knows none', () => {
  const server = newServer({ upstreamAuthority: { certManager: { issuerName: 'ca' } } }, { version: '1.0' });
  expect(said(server)).toEqual([
    "upstreamAuthority is not known to ZTWIM 1.0; install '1.1', or leave it out (ztwim-upstream)",
  ]);
});

test('an authority of another kind is one finding', () => {
  const none = 'upstreamAuthority has neither certManager nor vault; write exactly one of the two (ztwim-upstream)';
  expect(saidOf(UpstreamAuthority.certManager({ issuerName: 'ca', namespace: 'spire' }))).toEqual([none]);
  expect(saidOf({ certmanager: { issuerName: 'ca' } })).toEqual([none]);
  const elsewhere = newServer({ upstreamAuthority: { name: 'disk', type: 'x' } }, { version: '1.0' });
  expect(said(elsewhere)).toHaveLength(1);
});

test('what it needs of the cluster, be it right or wrong', () => {
  const vaultAddr = 'https://vault.example.com';
  const givens = [
    { certManager: {} },
    { vault: { vaultAddr } },
    { vault: { vaultAddr, caCertSecretRef: { name: 'ca', key: 'ca.crt' } } },
    { vault: { vaultAddr, caCertSecretRef: null, insecureSkipVerify: false } },
    { vault: { vaultAddr, insecureSkipVerify: true } },
    { vault: { vaultAddr: 'http://vault.example.com' } },
    { vault: 'vault' },
    fakeOutput(),
    null,
  ];
  expect(givens.map(isIssuer)).toEqual([true, ...Array(8).fill(false)]);
  expect(givens.map(isVerifiedByRoots)).toEqual([false, true, false, true, false, false, false, false, false]);
});

test('what is wrong', () => {
  const vault = { vaultAddr: 'https://vault.example.com', k8sAuth: { k8sAuthRoleName: 'spire' } };
  expect([
    ...saidOf({ certManager: {} }),
    ...saidOf({ certManager: { issuerName: 'A', issuerKind: 'AWSPCAIssuer', issuerGroup: '', namespace: 'a.b' } }),
    ...saidOf({ certManager: { issuerName: fakeOutput(), kind: 'Issuer' } }),
    ...saidOf({ vault: {} }),
    ...saidOf({ vault: { ...vault, vaultAddr: 'vault.example.com' } }),
    ...saidOf({ vault: { ...vault, vaultAddr: 'http://vault.example.com', insecureSkipVerify: true } }),
    ...saidOf({ vault: { ...vault, insecureSkipVerify: 'true' } }),
    ...saidOf({ vault: { ...vault, caCertSecretRef: { name: 'vault-ca' } } }),
    ...saidOf({ vault: { ...vault, pkiMountPoint: '' } }),
    ...saidOf({ vault: { ...vault, k8sAuth: 'spire' } }),
    ...saidOf('vault'),
  ]).toMatchInlineSnapshot(`
[
  "upstreamAuthority.certManager.issuerName is missing; write it (ztwim-upstream)",
  "upstreamAuthority.certManager.namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (ztwim-upstream)",
  "upstreamAuthority.certManager.issuerName 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-upstream)",
  "upstreamAuthority.certManager.issuerKind 'AWSPCAIssuer' is not a word that is known here; write one of Issuer, ClusterIssuer (ztwim-upstream)",
  "upstreamAuthority.certManager.issuerGroup '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-upstream)",
  "upstreamAuthority.certManager.kind is not a property; write one of issuerName, issuerKind, issuerGroup, namespace (property-unknown)",
  "upstreamAuthority.vault.vaultAddr is missing; write it (ztwim-upstream)",
  "upstreamAuthority.vault.k8sAuth.k8sAuthRoleName is missing; write it (ztwim-upstream)",
  "upstreamAuthority.vault.vaultAddr 'vault.example.com' is not a URL; write one such as 'https://vault.example.com' (ztwim-upstream)",
  "warning: upstreamAuthority.vault.insecureSkipVerify true lets anyone on the way sign as this CA; name the CA in caCertSecretRef instead (ztwim-upstream)",
  "warning: upstreamAuthority.vault.vaultAddr 'http://vault.example.com' is not encrypted, so that the token can be read on the way; write an https URL (ztwim-upstream)",
  "upstreamAuthority.vault.insecureSkipVerify 'true' is not a boolean; write true or false, without quotes (ztwim-upstream)",
  "upstreamAuthority.vault.caCertSecretRef.key is missing; write it (ztwim-upstream)",
  "upstreamAuthority.vault.pkiMountPoint '' is empty; write it, or leave it out where there is a default (ztwim-upstream)",
  "upstreamAuthority.vault.k8sAuth 'spire' is not an object; write its properties in braces (property-kind)",
  "upstreamAuthority 'vault' is not an object; write its properties in braces (property-kind)",
]
`);
});
