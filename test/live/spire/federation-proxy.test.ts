import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  Topology,
  Trust,
  UpstreamAuthority,
} from 'spirekit';
import { Authority } from '../support/authority';
import { foundBy } from '../support/findings';
import { objectsOf, ServerPod } from './federation-pods';

// W29 and its remedy: servers by their manifests alone, and a proxy between them.

const HOST = 'spire.west.internal';
const PROXY = { host: 'proxy.example.com', address: '127.0.2.1', port: 3128 };

let folder: string;
let root: Authority;
let west: ServerPod;
let proxy: Server;
/** Hosts that the proxy was asked for. */
const asked: string[] = [];
/** Whether it reaches them. */
let leads = false;
const pods: ServerPod[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  root = new Authority(folder, 'root');
  west = await ServerPod.create(objectsOf((app) => void describeMesh(app))('west'), {
    secrets: { upstream: root.secret },
  });
  pods.push(west);
  await west.run();
  await west.reach(new Map());
  proxy = createServer();
  proxy.on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.on('error', () => undefined);
    if (!leads) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const [[, entrance] = []] = west.endpointAt(HOST);
    const peer = connect(entrance as { path: string }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(peer).pipe(socket);
    });
    peer.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(join(folder, 'proxy.sock'), resolve));
});
afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.end()));
  await new Promise((resolve) => proxy.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** East, with a proxy, believes west, which has a private host. */
function describeMesh(app: App, noProxy: readonly string[] = []): FederationMesh {
  const https = `http://${PROXY.host}:${PROXY.port}`;
  const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: root.certificate });
  const members = [
    new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com', server: { proxy: { https, noProxy } } }),
    new KubernetesCluster(app, 'west', {
      trustDomain: 'west.example.com',
      bundleEndpoint: BundleEndpoint.httpsSpiffe({ host: HOST }),
      server: { upstreamAuthority },
    }),
  ] as const;
  return new FederationMesh(app, 'mesh', { members, topology: Topology.edges([Trust.oneWay(...members)]) });
}

/** The server of east, which reaches west and the proxy, and its log once it was told of west. */
async function east(noProxy: readonly string[]) {
  const pod = await ServerPod.create(objectsOf((app) => void describeMesh(app, noProxy))('east'));
  pods.push(pod);
  const server = await pod.run();
  await pod.reach(new Map([['west.example.com', west]]));
  appendFileSync(pod.pod.path('/etc/hosts'), `${PROXY.address} ${PROXY.host}\n`);
  const { address: host, port } = PROXY;
  await pod.pod.relay([[{ host, port }, { path: join(folder, 'proxy.sock') }]]);
  asked.splice(0);
  for (const each of pod.believed) pod.federate(each);
  return { pod, server };
}

const refresh = (pod: ServerPod) => pod.tryBeside('federation', 'refresh', '-id', 'spiffe://west.example.com');

test('W29: a host that NO_PROXY does not cover is asked of the proxy, which leads nowhere', async () => {
  const networks = ['.svc', '127.0.0.0/8'];
  expect(foundBy('W29', (app) => describeMesh(app, networks))).toEqual([
    `warning W29 [east] proxy.noProxy does not cover '${HOST}', so that the proxy is asked for a private host; networks in it cover addresses, not names that lead to them; add them, or a domain that they are in; if the proxy reaches them, accept this`,
  ]);
  leads = false;
  const { pod, server } = await east(networks);
  // The API server of its own cluster is covered by itself.
  expect(pod.env).toMatchObject({
    HTTPS_PROXY: 'http://proxy.example.com:3128',
    NO_PROXY: '127.0.0.1,.svc,127.0.0.0/8',
  });
  await server.says(/Error updating bundle.*Bad Gateway.*trust_domain=west\.example\.com/);
  expect(asked).toEqual([`${HOST}:443`]);

  // One that reaches it passes the TLS on, in which the endpoint proves itself by its SVID.
  leads = true;
  expect(await refresh(pod)).toMatchObject({ status: 0 });
  expect(asked).toEqual([`${HOST}:443`, `${HOST}:443`]);
  expect(pod.keys('west.example.com')).toEqual(west.keys());
});

test('the remedy of W29: with a domain that the host is in, the proxy is not asked', async () => {
  const domain = ['.svc', '.west.internal'];
  expect(foundBy('W29', (app) => describeMesh(app, domain))).toEqual([]);
  const { pod, server } = await east(domain);
  await server.says(/msg="Bundle refreshed".*trust_domain=west\.example\.com/);
  expect(pod.keys('west.example.com')).toEqual(west.keys());
  expect(asked).toEqual([]);
});
