import { ApiObject, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import type { GiveIdentityOptions } from '../../lib/cluster';
import type { ProgramImage } from '../../lib/image';
import { KubernetesCluster } from '../../lib/spire';
import { find, findings, type Manifest, podOf } from '../spire/installation';

/** An image with the programs of the runtime, as it is known by its reference. */
export const IMAGE: ProgramImage & { readonly image: string } = {
  image: `registry.example.com/shop/web@sha256:${'0'.repeat(64)}`,
  programs: { node: '/usr/local/bin/node', runtime: '/app/spirekit/runtime.cjs' },
};

/** A cluster with one namespace for the user's own programs. */
export function newShop() {
  const cluster = new KubernetesCluster(Testing.app(), 'demo', { trustDomain: 'demo.example.com' });
  return { cluster, shop: cluster.addNamespace('shop') };
}

/** A plain workload whose container runs from the image of the programs. */
export function plain(
  scope: Construct,
  id = 'web',
  {
    kind = 'Deployment',
    labels = { app: id },
    ...spec
  }: { kind?: string; labels?: object; [field: string]: unknown } = {},
): ApiObject {
  const containers = [{ name: 'main', image: IMAGE.image }];
  return new ApiObject(scope, id, {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: id },
    spec: {
      ...(kind !== 'Job' && { selector: { matchLabels: labels } }),
      template: { metadata: { labels }, spec: { containers, ...spec } },
    },
  });
}

/** The pod of a plain workload that was given an identity, which nothing is said against. */
export function podGiven(options: GiveIdentityOptions, fields: Parameters<typeof plain>[2] = {}): Manifest {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(plain(shop, 'web', fields), options);
  expectNone(findings(cluster));
  return podOf(find(cluster, fields.kind ?? 'Deployment', 'web')).spec;
}

function expectNone(lines: readonly string[]): void {
  if (lines.length > 0) throw new Error(lines.join('\n'));
}

/** What is said against a plain workload that was given an identity. */
export function said(options: unknown, fields: Parameters<typeof plain>[2] = {}): string {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(plain(shop, 'web', fields), options as GiveIdentityOptions);
  return findings(cluster).join('\n');
}
