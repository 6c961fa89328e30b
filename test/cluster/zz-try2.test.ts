import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { Issuer, WebTrust, AcmeSolver } from '../../lib/cert-manager';
import { install, findings, untyped, manifestsOf } from '../spire/installation';
const issuer = Issuer.acme({ email: 'pki@example.com', solver: AcmeSolver.dns01(untyped({ route53: { region: 'eu-central-1' } })) });
const cases: Record<string, () => any> = {
  ok: () => ({ bundleEndpoint: BundleEndpoint.httpsSpiffe() }),
  okWeb: () => ({ bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }) }),
  acmeNull: () => ({ bundleEndpoint: { profile: 'https_web', certificate: { acme: null } } }),
  certText: () => ({ bundleEndpoint: { profile: 'https_web', certificate: 'x' } }),
  acmeBoth: () => ({ bundleEndpoint: BundleEndpoint.httpsWeb(untyped({ acme: { email: '' } })) }),
  fakeIssuer: () => ({ bundleEndpoint: BundleEndpoint.httpsWeb(untyped({ issuer: { name: 'x', trust: WebTrust.public() } })) }),
  ranges: () => ({ bundleEndpoint: BundleEndpoint.httpsSpiffe({ exposure: Exposure.loadBalancer(untyped({ sourceRanges: 7, annotations: { a: true } })) }) }),
  exposure: () => ({ bundleEndpoint: BundleEndpoint.httpsSpiffe(untyped({ exposure: null, hots: 1 })) }),
  under: () => ({ trustDomain: 'my_domain.example', bundleEndpoint: BundleEndpoint.httpsSpiffe() }),
  invalid: () => ({ trustDomain: 'MY', bundleEndpoint: BundleEndpoint.httpsSpiffe() }),
  sw: () => ({ bundleEndpoint: BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private('junk') }) }),
};
test.each(Object.entries(cases))('%s', (name, make) => {
  try { const c = install(untyped(make())); const f = findings(c); manifestsOf(c); console.log(name, f.join('\n')); } catch (e) { console.log(name, 'CRASH', (e as Error).stack?.split('\n').slice(0, 4).join('\n')); }
});
test('more', () => {
  const c = install();
  for (const [n, f] of Object.entries({
    ns: () => c.addNamespace(untyped(undefined)), ns7: () => c.addNamespace(untyped(7)), nsBad: () => c.addNamespace('Bad/x'),
    idU: () => c.identity(untyped(undefined), { namespace: 'a' }), idBad: () => c.identity('Bad/x', { namespace: 'a' }),
    idSelf: () => c.identity('self', { namespace: 'a', federatesWith: [c, 'demo.example.com', untyped(7), untyped({ trustDomain: 1 }), untyped({}), untyped(null)] }),
    idText: () => c.identity('text', { namespace: 'a', federatesWith: untyped('partner.example') }),
  })) { try { f(); } catch (e) { console.log(n, 'CRASH', (e as Error).stack?.split('\n').slice(0, 4).join('\n')); } }
  console.log(findings(c).join('\n'));
});
