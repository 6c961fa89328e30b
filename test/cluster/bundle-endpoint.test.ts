import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, type KubernetesExposure, type OpenShiftExposure } from '../../lib/cluster';
import { KubeObject } from '../../lib/kube';
import { newChart } from '../core/fixtures';
import { install, untyped } from '../spire/installation';

const issuer = Issuer.acme({ email: 'pki@example.com' });
const trust = WebTrust.public();

test('https_spiffe: the options, and no certificate', () => {
  expect(BundleEndpoint.httpsSpiffe()).toEqual({ profile: 'https_spiffe' });
  expect(BundleEndpoint.httpsSpiffe({ host: 'federation.example.com', refreshHint: '10m', dnsRecord: true })).toEqual({
    profile: 'https_spiffe',
    host: 'federation.example.com',
    refreshHint: '10m',
    dnsRecord: true,
  });
});

describe('https_web', () => {
  test.each([
    [
      { issuer, duration: '720h', renewBefore: '240h' },
      { issuer, duration: '720h', renewBefore: '240h' },
    ],
    [
      { acme: { email: 'pki@example.com', tosAccepted: true } },
      { acme: { email: 'pki@example.com', tosAccepted: true } },
    ],
    [
      { secretName: 'tls', trust },
      { secretName: 'tls', trust },
    ],
    [{ router: { trust } }, { router: { trust } }],
    [{ issuer, secretName: undefined }, { issuer }],
    [{}, {}],
    [undefined, {}],
  ])('%#: what makes the certificate stands apart from the other options', (source, certificate) => {
    const seed = '{"keys":[]}';
    expect(BundleEndpoint.httpsWeb(untyped({ host: 'federation.example.com', seed, ...source }))).toEqual({
      profile: 'https_web',
      host: 'federation.example.com',
      seed,
      certificate,
    });
  });

  test('a construct that makes an issuer stands for its object', () => {
    const made = new Issuer(newChart(), 'issuer', { source: issuer, namespace: 'spire-server' });
    const { certificate } = BundleEndpoint.httpsWeb({ issuer: made });
    expect(certificate).toEqual({ issuer: made.source });
    // Another object is left to be found.
    const other = new KubeObject(newChart(), 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' } });
    expect(BundleEndpoint.httpsWeb({ issuer: untyped(other) }).certificate).toEqual({ issuer: other });
  });

  test('the options that were given are left as they are', () => {
    const options = { issuer, host: 'federation.example.com' };
    BundleEndpoint.httpsWeb(options);
    expect(options).toEqual({ issuer, host: 'federation.example.com' });
  });
});

test('types: what cannot go together does not compile', () => {
  const acme = { email: 'pki@example.com', tosAccepted: true } as const;
  // @ts-expect-error two certificates
  BundleEndpoint.httpsWeb({ issuer, acme });
  // @ts-expect-error two certificates
  BundleEndpoint.httpsWeb({ secretName: 'tls', trust, issuer });
  // @ts-expect-error no certificate
  BundleEndpoint.httpsWeb({ host: 'federation.example.com' });
  // @ts-expect-error who believes it?
  BundleEndpoint.httpsWeb({ secretName: 'tls' });
  // @ts-expect-error the terms must be accepted
  BundleEndpoint.httpsWeb({ acme: { email: 'pki@example.com', tosAccepted: false } });
  // @ts-expect-error a certificate of the profile https_web
  BundleEndpoint.httpsSpiffe({ issuer });
  // @ts-expect-error misspelt
  BundleEndpoint.httpsSpiffe({ hots: 'federation.example.com' });
  expect(acme.tosAccepted).toBe(true);
});

test('types: without an exposure, an endpoint is one of every platform', () => {
  const spiffe: BundleEndpoint<KubernetesExposure> & BundleEndpoint<OpenShiftExposure> = BundleEndpoint.httpsSpiffe();
  const web: BundleEndpoint<KubernetesExposure> & BundleEndpoint<OpenShiftExposure> = BundleEndpoint.httpsWeb({
    secretName: 'tls',
    trust,
  });
  expect([install({ bundleEndpoint: spiffe }), install({ bundleEndpoint: web })]).toHaveLength(2);
});
