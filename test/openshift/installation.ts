// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { Chart, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { BundleEndpoint, type OpenShiftExposure } from '../../lib/cluster';
import { describe, findingsOf, gateOf, markCluster, objectsOf } from '../../lib/core';
import {
  OpenShiftCluster,
  type OpenShiftClusterProps,
  ZtwimLayout,
  type ZtwimLayoutProps,
  ZtwimSpireServer,
  type ZtwimSpireServerProps,
} from '../../lib/openshift';

/** What plain JavaScript may pass. */
export const untyped = (value: unknown): any => value;

/** A chart that stands for a cluster. */
export function newCluster(): Chart {
  const chart = new Chart(Testing.app(), 'demo', { disableResourceNameHashes: true });
  markCluster(chart);
  return chart;
}

/** The layout of the operator's own samples. */
export function layoutIn(chart: Chart, props: Partial<ZtwimLayoutProps> = {}): ZtwimLayout {
  return new ZtwimLayout(chart, { trustDomain: 'example.com', clusterName: 'prod-cluster', ...props });
}

/** A server in a cluster of its own. */
export function newServer(
  props: Partial<Record<keyof ZtwimSpireServerProps, unknown>> = {},
  layout: Partial<ZtwimLayoutProps> = {},
): ZtwimSpireServer {
  const chart = newCluster();
  return new ZtwimSpireServer(chart, 'server', untyped({ layout: layoutIn(chart, layout), ...props }));
}

/** What is found below a construct, without its place. */
export function said(root: IConstruct): string[] {
  return findingsOf(root).map((it) => `${it.severity === 'warning' ? 'warning: ' : ''}${describe(it)} (${it.rule})`);
}

/** All objects below a construct as an engine renders them. */
export function manifestsOf(root: IConstruct): any[] {
  return objectsOf(root.node.root)
    .filter(({ object }) => object.node.scopes.includes(root))
    .map(({ object }) => object.toJson());
}

/** The spec of a construct's only object. */
export function specOf(root: IConstruct): any {
  const [manifest, ...more] = manifestsOf(root);
  if (!manifest || more.length > 0) throw new Error(`${more.length + 1} objects`);
  return manifest.spec;
}

/** A cluster whose trust domain is its apps domain, changed by properties. */
export function openShift(props: Partial<Record<keyof OpenShiftClusterProps, unknown>> = {}): OpenShiftCluster {
  return new OpenShiftCluster(Testing.app(), 'demo', untyped({ trustDomain: 'apps.demo.example.com', ...props }));
}

/** An endpoint with a web certificate, of whatever plain JavaScript may pass. */
export const web = (props: object): BundleEndpoint<OpenShiftExposure> => BundleEndpoint.httpsWeb(untyped(props));

/** Objects of a cluster by wave, in their order: `20 SpireServer cluster`, with what is waited for. */
export function stepsOf(cluster: OpenShiftCluster, kinds: RegExp = /./): string[] {
  return objectsOf(cluster)
    .filter(({ object }) => kinds.test(object.kind))
    .map(({ object, wave }) => ({ object, wave, condition: gateOf(object)?.condition }))
    .sort((a, b) => a.wave.order - b.wave.order)
    .map(({ object, wave, condition }) => {
      const waited = condition && ('condition' in condition ? condition.condition : condition.type);
      return `${wave.order} ${object.kind} ${object.name}${waited === undefined ? '' : ` (${waited})`}`;
    });
}
