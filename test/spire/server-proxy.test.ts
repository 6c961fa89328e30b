import { DataStore, KubernetesCluster } from '../../lib/spire';
import { App } from '../../lib/synth';
import { fakeOutput } from '../core/fixtures';
import { find, findings, install, manifestsOf, untyped } from './installation';

const HTTPS = 'http://proxy.example.com:3128';

const envOf = (server: object) => {
  const [container] = find(install({ server }), 'StatefulSet', 'spire-server').spec.template.spec.containers;
  return container.env;
};

const found = (proxy: unknown) => findings(install({ server: { proxy: untyped(proxy) } }));

test('the server has the variables of its proxy, and reaches its API server without it', () => {
  expect(envOf({ proxy: { https: HTTPS, noProxy: ['.svc', '10.0.0.0/8'] } })).toEqual([
    { name: 'HTTPS_PROXY', value: HTTPS },
    { name: 'NO_PROXY', value: '$(KUBERNETES_SERVICE_HOST),.svc,10.0.0.0/8' },
  ]);
  expect(envOf({ proxy: { https: HTTPS } })).toEqual([
    { name: 'HTTPS_PROXY', value: HTTPS },
    { name: 'NO_PROXY', value: '$(KUBERNETES_SERVICE_HOST)' },
  ]);
});

test('no variable without a proxy, and none for other containers than the server', () => {
  expect(envOf({})).toEqual([]);
  const cluster = install({ server: { proxy: { https: HTTPS } } });
  const holders = manifestsOf(cluster)
    .filter((manifest) => JSON.stringify(manifest).includes('HTTPS_PROXY'))
    .flatMap(({ kind, metadata, spec }) =>
      spec.template.spec.containers
        .filter((container: object) => JSON.stringify(container).includes('HTTPS_PROXY'))
        .map(({ name }: { name: string }) => `${kind}/${metadata.name} ${name}`),
    );
  expect(holders).toEqual(['StatefulSet/spire-server spire-server']);
});

test('beside the variables of plugins', () => {
  const password = { secret: 'spire-db', key: 'password' };
  const dataStore = DataStore.postgres({ host: 'postgres.db.svc', database: 'spire', user: 'spire', password });
  const names = envOf({ dataStore, proxy: { https: HTTPS } }).map(({ name }: { name: string }) => name);
  expect(names.slice(-2)).toEqual(['HTTPS_PROXY', 'NO_PROXY']);
  expect(names.length).toBeGreaterThan(2);
});

test('the proxy may be known late, what is reached without it not', () => {
  const app = new App();
  const cluster = new KubernetesCluster(app, 'demo', {
    trustDomain: 'demo.example.com',
    server: { proxy: { https: untyped(fakeOutput()), noProxy: untyped(['.svc', fakeOutput()]) } },
  });
  expect(findings(cluster)).toEqual([
    "error [demo/spire/server] proxy.noProxy[1] is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (server-proxy)",
  ]);
  expect(found({ https: HTTPS, noProxy: fakeOutput() })).toEqual([
    "error [demo/spire/server] proxy.noProxy is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (server-proxy)",
  ]);
});

test('what a federation is told', () => {
  const proxyOf = (proxy: unknown) => install({ server: { proxy: untyped(proxy) } }).federation.proxy;
  expect(install().federation.proxy).toBeUndefined();
  expect(proxyOf({ https: HTTPS })).toEqual({ url: HTTPS, noProxy: [] });
  expect(proxyOf({ https: HTTPS, noProxy: ['.svc', 'http://a.example', 5] })).toEqual({
    url: HTTPS,
    noProxy: ['.svc'],
  });
  expect([proxyOf('http://proxy'), proxyOf(null)]).toEqual([undefined, undefined]);
});

test.each(['http://proxy:3128', 'https://proxy.example.com', 'socks5://10.1.2.3:1080', 'http://[fd00::1]:3128/'])(
  '%s is a proxy',
  (https) => {
    expect(found({ https, noProxy: ['*.example.com', '10.1.2.3:8443', 'fd00::/8'] })).toEqual([]);
  },
);

test('mistakes', () => {
  const mistakes: Record<string, unknown> = {
    text: HTTPS,
    'no URL': {},
    'a URL that is no text': { https: new URL(HTTPS) },
    'a host without a scheme': { https: 'proxy.example.com:3128' },
    'another scheme': { https: 'ftp://proxy.example.com' },
    'a password': { https: 'http://me:secret@proxy.example.com:3128' },
    'no list': { https: HTTPS, noProxy: '.svc,10.0.0.0/8' },
    'entries that match nothing': { https: HTTPS, noProxy: ['.svc', 'https://a.example', '10.0.0.0/99', 5, ''] },
  };
  const lines = Object.entries(mistakes).flatMap(([label, proxy]) => [`# ${label}`, ...found(proxy)]);
  expect(lines.join('\n')).toMatchInlineSnapshot(`
"# text
error [demo/spire/server] proxy 'http://proxy.example.com:3128' is not an object; write its properties in braces (property-kind)
# no URL
error [demo/spire/server] proxy.https is missing; write a URL such as 'http://proxy.example.com:3128' (server-proxy)
# a URL that is no text
error [demo/spire/server] proxy.https is not text; write a URL such as 'http://proxy.example.com:3128' (server-proxy)
# a host without a scheme
error [demo/spire/server] proxy.https 'proxy.example.com:3128' is not the URL of a proxy; write a URL such as 'http://proxy.example.com:3128' (server-proxy)
# another scheme
error [demo/spire/server] proxy.https 'ftp://proxy.example.com' is not the URL of a proxy; write a URL such as 'http://proxy.example.com:3128' (server-proxy)
# a password
warning [demo/spire/server] proxy.https 'http://…@proxy.example.com:3128' has a user name or password in it, which everyone can read who may read the StatefulSet; let the proxy know the cluster by its address (server-proxy)
# no list
error [demo/spire/server] proxy.noProxy is not a list; write ['.svc', '10.0.0.0/8'] (server-proxy)
# entries that match nothing
error [demo/spire/server] proxy.noProxy[1] 'https://a.example' is a URL, which no host ever equals; write the host alone, such as 'example.com' (server-proxy)
error [demo/spire/server] proxy.noProxy[2] '10.0.0.0/99' is not a network; write one such as '10.0.0.0/8' or 'fd00::/8' (server-proxy)
error [demo/spire/server] proxy.noProxy[3] is not text; write it in quotes (server-proxy)
error [demo/spire/server] proxy.noProxy[4] '' is empty; leave it out (server-proxy)"
`);
});
