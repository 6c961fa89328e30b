import { Testing } from 'cdk8s';
import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { Issuer, WebTrust, AcmeSolver } from '../../lib/cert-manager';
import { KubernetesCluster } from '../../lib/spire';
import { FederationMesh } from '../../lib/federation';
import { findings, untyped } from '../spire/installation';
import { DEMO_ROOT } from '../core/fixtures-certificates';
const ok = () => BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT) });
const cases: Record<string, any> = {
  ok: ok(),
  trust: BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private('junk') }),
  noCert: BundleEndpoint.httpsWeb(untyped({})),
  fakeIssuer: BundleEndpoint.httpsWeb(untyped({ issuer: { name: 'x', trust: WebTrust.public() } })),
  acme: BundleEndpoint.httpsWeb(untyped({ acme: { email: '' } })),
  exposure: BundleEndpoint.httpsWeb(untyped({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT), exposure: Exposure.managedRoute() })),
  port: BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT), exposure: Exposure.other({ port: 70000 }) }),
  host: BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT), host: 'A b' }),
  hint: BundleEndpoint.httpsWeb({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT), refreshHint: '1 day' }),
  seed: BundleEndpoint.httpsWeb(untyped({ secretName: 'x', trust: WebTrust.private(DEMO_ROOT), seed: {} })),
  none: untyped({}),
  issuerBad: BundleEndpoint.httpsWeb({ issuer: Issuer.ca({ secretName: 'x', roots: 'junk' }) }),
};
test.each(Object.entries(cases))('%s', (name, bundleEndpoint) => {
  try { const app = Testing.app();
  const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example', bundleEndpoint });
  const west = new KubernetesCluster(app, 'west', { trustDomain: 'west.example', bundleEndpoint: ok() });
  new FederationMesh(app, 'mesh', { members: [east, west] });
  console.log(name, findings(app).join('\n')); } catch (e) { console.log(name, 'CRASH', (e as Error).stack?.split('\n').slice(0, 4).join('\n')); }
});
