import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { X509BundleSource } from '@spirekit/runtime/bundle';
import { X509Svid } from '@spirekit/runtime/svid';
import type { MeshCluster } from '../spire/mesh-cluster';
import type { Identity } from '../spire/mesh-workloads';

/**
 * What somebody shows who has got hold of a CA: an identity that it has signed, for as long as SVIDs live there. SPIRE signs it
 * by the CA that it signs with now.
 *
 * @param knows whom it can verify
 */
export function stolenSvid({ server, trustDomain }: MeshCluster, knows: X509BundleSource): Identity {
  const folder = mkdtempSync(server.pod.path('/tmp/mint-'));
  server.must('x509', 'mint', '-spiffeID', `spiffe://${trustDomain}/stolen`, '-ttl', '1h', '-write', folder);
  const [certificates, key] = ['svid.pem', 'key.pem'].map((name) => readFileSync(join(folder, name), 'utf8'));
  const svid = X509Svid.parsePem(certificates as string, key as string);
  return { x509Svid: () => svid, x509BundleFor: (domain) => knows.x509BundleFor(domain) };
}
