import {
  exporterConfig,
  isOtherProxy,
  rootsOf,
  type WatchedPeer,
} from '../../../lib/federation/exporter/exporter-config';
import type { Endpoint } from '../../../lib/federation/model';
import { EAST_ROOT, WEB_ROOT } from '../fixtures-certificates';

const endpoint = (given: Partial<Endpoint>): Endpoint => ({
  url: 'https://bundles.example/',
  profile: 'https_web',
  servedBySpire: true,
  exposure: 'load-balancer',
  termination: 'passthrough',
  ...given,
});
const peer = (trustDomain: string, given: Partial<Endpoint> = {}): WatchedPeer => ({
  trustDomain,
  endpoint: endpoint({ url: `https://bundles.${trustDomain}/`, ...given }),
});
const own = { trustDomain: 'east.example', socket: 'unix:///api.sock', proxy: undefined, webRoots: undefined };
const bySvid = { profile: 'https_spiffe', spiffeId: 'spiffe://hub.example/spire/server' } as const;

test('peers of both profiles, by name', () => {
  const peers = [peer('west.example'), peer('lab.example', bySvid), peer('north.example')];
  const config = exporterConfig({ ...own, peers, webRoots: '/roots.pem' });
  expect(JSON.stringify(config, null, 1)).toMatchInlineSnapshot(`
"{
 "trustDomain": "east.example",
 "socket": "unix:///api.sock",
 "listen": "0.0.0.0:9464",
 "httpsWeb": {
  "north.example": "https://bundles.north.example/",
  "west.example": "https://bundles.west.example/"
 },
 "httpsSpiffe": {
  "lab.example": "https://bundles.lab.example/"
 },
 "endpointId": {
  "lab.example": "spiffe://hub.example/spire/server"
 },
 "webRoots": [
  "/roots.pem"
 ]
}"
`);
  expect(exporterConfig({ ...own, peers: peers.reverse(), webRoots: '/roots.pem' })).toEqual(config);
});

test('the proxy of the server, and what it reaches without it', () => {
  const peers = [peer('lab.example', bySvid)];
  const common = { trustDomain: 'east.example', socket: 'unix:///api.sock', listen: '0.0.0.0:9464' };
  const ofPeers = {
    httpsSpiffe: { 'lab.example': 'https://bundles.lab.example/' },
    endpointId: { 'lab.example': bySvid.spiffeId },
  };
  const url = 'http://proxy.example.com:3128';
  expect(exporterConfig({ ...own, peers, proxy: { url, noProxy: [] } })).toEqual({ ...common, ...ofPeers, proxy: url });
  expect(exporterConfig({ ...own, peers, proxy: { url, noProxy: ['.svc', '10.0.0.0/8'] } })).toEqual({
    ...{ ...common, ...ofPeers, proxy: url },
    noProxy: ['.svc', '10.0.0.0/8'],
  });
});

test('roots of private authorities, each once', () => {
  const certificate = (type: 'private' | 'public', roots?: string): Partial<Endpoint> => ({
    certificate: { source: 'secret', trust: { type, ...(roots !== undefined && { roots }) } },
  });
  const peers = [
    peer('a.example', certificate('private', `${WEB_ROOT}\n${EAST_ROOT}`)),
    peer('b.example', certificate('private', WEB_ROOT)),
    peer('c.example', certificate('public')),
    peer('d.example', certificate('private', 'nothing that could be read')),
  ];
  expect(rootsOf(peers)?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(rootsOf([peer('e.example'), ...peers.slice(2)])).toBeUndefined();
});

test.each([
  ['http://proxy.example.com:3128', false],
  ['HTTP://proxy.example.com', false],
  ['https://proxy.example.com', true],
  ['socks5://proxy.example.com:1080', true],
  ['no URL', false],
  [undefined, false],
])('%s: is a proxy by which the exporter cannot go: %s', (url, isOther) => {
  expect(isOtherProxy(url)).toBe(isOther);
});
