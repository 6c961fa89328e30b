// Three workloads, two trust domains that trust each other, one that nobody trusts: what is accepted, what is not, and what
// becomes of trust that ends. The Workload API is played by the package's own test kit.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { X509Source } from '@spirekit/runtime';
import { any, federated, id } from '@spirekit/runtime/authorize';
import { createServer, fetch, peerId } from '@spirekit/runtime/http';
import { FakeWorkloadApi, TestAuthority } from '@spirekit/runtime/testing';

const east = new TestAuthority('east.example.com');
const west = new TestAuthority('west.example.com');
const rogue = new TestAuthority('east.example.com'); // the same name, another authority

/** A workload with its identity, and the bundles that it was told. */
async function workload(authority: TestAuthority, path: string, bundles = [east.bundle(), west.bundle()]) {
  const api = await FakeWorkloadApi.start({ x509: [authority.x509Svid(path)], bundles });
  return { api, source: await X509Source.create({ address: api.address }) };
}

const payments = await workload(east, '/ns/shop/sa/payments');
const web = await workload(west, '/ns/shop/sa/web');
const forger = await workload(rogue, '/ns/shop/sa/payments', [rogue.bundle()]);

const server = createServer(
  {
    source: payments.source,
    authorize: federated(any()),
    onRefused: ({ message }) => console.log(`  server: ${message}`),
  },
  (request, response) => response.end(`hello ${peerId(request)}`),
).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;

/** One request, and how it ended. */
async function call(what: string, source: X509Source, expected: string): Promise<void> {
  console.log(what);
  try {
    console.log(`  ${await (await fetch(url, { source, authorize: id(expected) })).text()}`);
  } catch (error) {
    const { cause } = error as Error;
    console.log(`  client: ${(cause ?? error) as Error}`);
  }
}

const expected = 'spiffe://east.example.com/ns/shop/sa/payments';
await call('web (west) calls payments (east):', web.source, expected);
await call('web expects another workload there:', web.source, 'spiffe://east.example.com/ns/shop/sa/ledger');
await call('a forger with an authority of his own:', forger.source, expected);

const told = new Promise<void>((resolve) => payments.source.onUpdate(resolve));
payments.api.set({ bundles: [east.bundle()] });
await told;
const next = await workload(west, '/ns/shop/sa/web');
await call('another web, after payments was told to trust west no more:', next.source, expected);

server.close();
await Promise.all([payments, web, forger, next].flatMap(({ api, source }) => [source.close(), api.close()]));
