import { ApiObject, App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import type { GiveIdentityOptions } from '../../lib/cluster';
import { setRegistrationClass } from '../../lib/cluster';
import type { GivenPods } from '../../lib/cluster/given-workload';
import { overlapFindings } from '../../lib/cluster/identity-overlap';
import { ClusterSpiffeId, selects } from '../../lib/registration';
import { fakeOutput } from '../core/fixtures';
import { findings, install, untyped } from '../spire/installation';
import { newShop, plain } from './program-image';

const WEB = 'spiffe://{{ .TrustDomain }}/web';
const inShop = { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } };

/** Findings for two workloads with some labels. */
function two(
  first: { labels: object; [field: string]: unknown },
  second: { labels: object; [field: string]: unknown },
  options: [GiveIdentityOptions?, GiveIdentityOptions?] = [],
): string[] {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(plain(shop, 'web', first), options[0]);
  cluster.giveIdentity(plain(shop, 'api', second), options[1]);
  return findings(cluster);
}

/** Findings for a workload with the labels `app: web, tier: front`, and another registration. */
function beside(spec: object, options: GiveIdentityOptions = {}): string[] {
  const { cluster, shop } = newShop();
  cluster.giveIdentity(plain(shop, 'web', { labels: { app: 'web', tier: 'front' } }), options);
  new ApiObject(cluster, 'raw', {
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterSPIFFEID',
    spec: { spiffeIDTemplate: WEB, className: 'spire', namespaceSelector: inShop, ...spec },
  });
  return findings(cluster);
}

test('workloads whose labels differ are fine', () => {
  expect(two({ labels: { app: 'web' } }, { labels: { app: 'api' } })).toEqual([]);
  expect(two({ labels: { app: 'web', part: 'shop' } }, { labels: { app: 'api', part: 'shop' } })).toEqual([]);
});

test('two that select each other are found once; one that selects the other, with the other', () => {
  const ids: [GiveIdentityOptions, GiveIdentityOptions] = [{ spiffeIdTemplate: WEB }, {}];
  const labels = { app: 'web' };
  expect(
    [
      ...two({ labels }, { labels }),
      ...two({ labels }, { labels }, ids),
      ...two({ labels }, { labels: { app: 'web', tier: 'back' } }, ids),
    ].join('\n'),
  ).toMatchInlineSnapshot(`
"error [demo/shop/web] has pods to which 'demo/shop/api' gives the same SPIFFE ID, and SPIRE keeps only the older of the two registrations; give the pods labels that only one of the two selects, or write different spiffeIdTemplates, each with a hint of its own (identity-overlap)
error [demo/shop/web] has pods that get the identity of 'demo/shop/api' too, and a program takes whichever of the two comes first; give the pods labels that only one of the two selects, or write a hint on each that the other does not have (identity-overlap)
error [demo/shop/api] has pods that get the identity of 'demo/shop/web' too, and a program takes whichever of the two comes first; give the pods labels that only one of the two selects, or write a hint on each that the other does not have (identity-overlap)"
`);
});

test('hints tell them apart; but not what SPIRE takes for one', () => {
  const labels = { app: 'web' };
  const hints = (a: string | undefined, b: string | undefined, spiffeIdTemplate?: string) =>
    two({ labels }, { labels }, [
      untyped({ hint: a, ...(spiffeIdTemplate && { spiffeIdTemplate }) }),
      untyped({ hint: b }),
    ]).length;
  expect(hints('a', 'b', WEB)).toBe(0);
  expect([hints('a', 'a', WEB), hints('a', undefined, WEB), hints(undefined, 'b', WEB), hints('a', 'b')]).toEqual([
    1, 1, 1, 1,
  ]);
});

test('identity() beside giveIdentity()', () => {
  const make = (account: string | undefined, props: object, options: GiveIdentityOptions = {}) => {
    const { cluster, shop } = newShop();
    cluster.giveIdentity(plain(shop, 'web', { ...(account && { serviceAccountName: account }) }), options);
    cluster.identity('more', { namespace: 'shop', spiffeIdTemplate: WEB, ...props });
    return findings(cluster);
  };
  expect(make(undefined, {}).join('\n')).toMatchInlineSnapshot(
    `"error [demo/shop/web] has pods that get the identity of 'demo/identity-more' too, and a program takes whichever of the two comes first; give the pods labels that only one of the two selects, or write a hint on each that the other does not have (identity-overlap)"`,
  );
  expect([
    make('web', { serviceAccount: 'web' }).length,
    make(undefined, { serviceAccount: 'default' }).length,
    make('web', { serviceAccount: 'default' }).length,
    make(undefined, { podLabels: { app: 'web' } }).length,
    make(undefined, { podLabels: { app: 'other' } }).length,
    make(undefined, { namespace: 'other' }).length,
    make(undefined, { hint: 'more' }, { hint: 'main' }).length,
  ]).toEqual([1, 1, 0, 1, 0, 0, 0]);
});

test('registrations of other makers: by the meaning of their selectors', () => {
  const expressions = (...matchExpressions: object[]) => beside({ podSelector: { matchExpressions } }).length;
  expect([
    beside({}).length,
    beside({ podSelector: { matchLabels: { app: 'web' } } }).length,
    expressions({ key: 'app', operator: 'In', values: ['api', 'web'] }),
    expressions({ key: 'app', operator: 'NotIn', values: ['api'] }),
    expressions({ key: 'tier', operator: 'Exists' }),
    expressions({ key: 'zone', operator: 'DoesNotExist' }),
    beside({ workloadSelectorTemplates: ['k8s:ns:shop', 'k8s:sa:default'] }).length,
  ]).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect([
    beside({ podSelector: { matchLabels: { app: 'api' } } }),
    beside({ podSelector: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } }),
    beside({ podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }),
    beside({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }),
    beside({ namespaceSelector: { matchLabels: { team: 'other' } } }),
    beside({ fallback: true }),
    beside({ workloadSelectorTemplates: ['k8s:sa:other'] }),
    beside({ hint: 'raw' }, { hint: 'own' }),
  ]).toEqual(Array.from({ length: 8 }, () => []));
});

test('what is not known is not found: labels of controllers, single processes, values known late', () => {
  expect([
    beside({ podSelector: { matchExpressions: [{ key: 'job-name', operator: 'DoesNotExist' }] } }),
    beside({ workloadSelectorTemplates: ['k8s:container-name:main'] }),
    beside({ workloadSelectorTemplates: ['k8s:sa:{{ .PodSpec.ServiceAccountName }}'] }),
    beside({ podSelector: fakeOutput() }),
    beside({ podSelector: { matchLabels: { app: fakeOutput() } } }),
    beside({ podSelector: { matchExpressions: fakeOutput() } }),
    beside({ hint: fakeOutput() }, { hint: 'own' }),
  ]).toEqual(Array.from({ length: 7 }, () => []));
});

test('by labels of namespaces that the program makes; of others nothing is known', () => {
  const { cluster } = newShop();
  const made = cluster.addNamespace('made', { labels: { team: 'shop' } });
  cluster.giveIdentity(plain(made, 'web'));
  const metadata = { name: 'api', namespace: 'unknown' };
  const template = { metadata: { labels: { app: 'api' } }, spec: { containers: [] } };
  const api = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } };
  cluster.giveIdentity(new ApiObject(cluster, 'api', api));
  new ClusterSpiffeId(cluster, 'team', {
    className: 'spire',
    spiffeIdTemplate: WEB,
    namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['other'] }] },
  });
  expect(findings(cluster).filter((line) => line.includes('identity-overlap'))).toEqual([
    "error [demo/made/web] has pods that get the identity of 'demo/team' too, and a program takes whichever of the two " +
      'comes first; give the pods labels that only one of the two selects, or write a hint on each that the other does ' +
      'not have (identity-overlap)',
  ]);
});

test('by the class: of another one, of none where that is watched, and where it is not', () => {
  const overlaps = (lines: string[]) => lines.filter((line) => line.includes('identity-overlap')).length;
  expect(overlaps(beside({ className: 'other' }))).toBe(0);
  expect(overlaps(beside({ className: undefined }))).toBe(1);
  const cluster = install({ controllerManager: { watchClassless: false } });
  cluster.giveIdentity(plain(cluster.addNamespace('shop')));
  new ClusterSpiffeId(cluster, 'classless', { spiffeIdTemplate: WEB, namespaceSelector: inShop });
  expect(overlaps(findings(cluster))).toBe(0);
});

test('a selector that a function makes, and labels of cdk8s-plus', () => {
  const { cluster, shop } = newShop();
  const web = new Deployment(shop, 'web', { containers: [{ image: 'web:1' }] });
  cluster.giveIdentity(web, { spiffeIdTemplate: WEB });
  web.podMetadata.addLabel('late', 'label');
  new ClusterSpiffeId(cluster, 'made', {
    className: 'spire',
    namespaceSelector: inShop,
    podSelector: () => ({ matchLabels: { late: 'label' } }),
  });
  const throws = () => {
    throw new Error('no selector');
  };
  new ClusterSpiffeId(cluster, 'broken', { className: 'spire', podSelector: throws });
  expect(findings(cluster).map((line) => line.slice(line.lastIndexOf('(')))).toEqual([
    '(identity-overlap)',
    '(label-selector)',
  ]);
});

test('where all select all, each names a few', () => {
  const { cluster, shop } = newShop();
  for (let index = 0; index < 30; index++) cluster.giveIdentity(plain(shop, `web${index}`, { labels: { app: 'web' } }));
  const lines = findings(cluster);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.length).toBeLessThan(90);
});

const key = fc.constantFrom('a', 'b');
const value = fc.constantFrom('1', '2', '3');
const labels = fc.dictionary(key, value, { maxKeys: 2, noNullPrototype: true });
const plainRecord = { noNullPrototype: true };
const expression = fc.oneof(
  fc.record(
    { key, operator: fc.constantFrom('In', 'NotIn'), values: fc.array(value, { minLength: 1, maxLength: 2 }) },
    plainRecord,
  ),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }, plainRecord),
);
const selector = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) },
  { requiredKeys: [], noNullPrototype: true },
);
const namespace = fc.constantFrom('one', 'two');

test('every registration that selects a pod is found, and no other', () => {
  const registrations = fc.array(fc.record({ podSelector: selector, in: fc.option(namespace) }), { maxLength: 3 });
  const pods = fc.array(fc.record({ labels, namespace }), { maxLength: 5 });
  fc.assert(
    fc.property(registrations, pods, (others, given) => {
      const chart = new Chart(new App(), 'demo');
      setRegistrationClass(chart, { className: 'spire', watchClassless: false });
      const register = (id: string, spec: object) =>
        new ApiObject(chart, id, {
          apiVersion: 'spire.spiffe.io/v1alpha1',
          kind: 'ClusterSPIFFEID',
          spec: { className: 'spire', ...spec },
        });
      const inNamespace = (name: string | null) =>
        name === null ? {} : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
      others.forEach((each, index) => {
        register(`other${index}`, { spiffeIDTemplate: WEB, podSelector: each.podSelector, ...inNamespace(each.in) });
      });
      const workloads = given.map((each, index): GivenPods => {
        const place = new Construct(chart, `pod${index}`);
        // One that selects nothing: the pods are compared with the others alone.
        const identity = register(`own${index}`, {}) as ClusterSpiffeId;
        const none = { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] };
        return { ...each, place, object: identity, identity, kind: 'Pod', selector: none, spec: { containers: [] } };
      });
      const expected = workloads.flatMap((pod) =>
        others.flatMap((other, index) =>
          (other.in ?? pod.namespace) === pod.namespace && selects(other.podSelector, (name) => pod.labels[name])
            ? [`${pod.place.node.path} demo/other${index}`]
            : [],
        ),
      );
      const found = overlapFindings(chart, workloads, new Map()).map(
        ({ path, message }) => `${path} ${/'(.*)'/.exec(message)?.[1]}`,
      );
      expect(found.sort()).toEqual(expected.sort());
    }),
  );
});
