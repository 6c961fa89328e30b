import { connect } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import type { Endpoint } from '../../../lib/federation';
import { blindnessOf, lookAtEndpoint, placeOf, type SightMeans } from '../../../lib/verify/endpoint/sight';
import { AccessError } from '../../../lib/verify/kube';
import { servedBundle } from '../../../lib/verify/observe/bundle';

let authority: TestAuthority;
let fake: FakeBundleEndpoint;
beforeEach(() => {
  authority = new TestAuthority('west.example.com');
});
afterEach(async () => {
  await fake?.[Symbol.asyncDispose]();
});

/** How the fake is looked at. */
function means(rest: Partial<SightMeans> = {}, endpoint: Partial<Endpoint> = {}): SightMeans {
  return {
    trustDomain: 'west.example.com',
    endpoint: {
      url: fake.url,
      profile: 'https_spiffe',
      spiffeId: String(fake.endpointId),
      servedBySpire: true,
      exposure: 'other',
      termination: 'passthrough',
      ...endpoint,
    },
    bundleOf: async () => servedBundle(authority.bundle()),
    bounded: (ask) => ask(new AbortController().signal),
    ...rest,
  };
}

const port = () => Number(new URL(fake.url).port);

test('an endpoint of https_spiffe that proves itself', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  const { here, inside } = await lookAtEndpoint(means());
  expect(here.problem).toBeUndefined();
  expect(here.certificate).toMatchObject({ uris: ['spiffe://west.example.com/spire/server'], hosts: [] });
  expect(here.bundle).toMatchObject({ trustDomain: 'west.example.com', x509: [{ tainted: false }] });
  expect(inside).toBeUndefined();
});

test('one that has another ID, or another authority, than is expected', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  const other = await lookAtEndpoint(means({}, { spiffeId: 'spiffe://west.example.com/other' }));
  expect(other.here.problem).toMatchObject({ kind: 'untrusted' });
  const stranger = new TestAuthority('west.example.com');
  const unknown = await lookAtEndpoint(means({ bundleOf: async () => servedBundle(stranger.bundle()) }));
  expect(unknown.here).toMatchObject({ problem: { kind: 'untrusted' }, certificate: { uris: [expect.any(String)] } });
});

test('one that nobody has a bundle of to verify it by', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  const { here } = await lookAtEndpoint(means({ bundleOf: async () => undefined }));
  expect(here.problem).toEqual({
    kind: 'unverifiable',
    message: 'the bundle of west.example.com, by which it proves itself, is not known here',
  });
});

test('an endpoint of https_web by a private authority, which has to be known', async () => {
  fake = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  const url = fake.url.replace('127.0.0.1', 'localhost');
  const endpoint = { url, profile: 'https_web' as const };
  const trust = { type: 'private' as const, roots: fake.roots };
  const known = await lookAtEndpoint(means({}, { ...endpoint, certificate: { source: 'secret', trust } }));
  expect(known.here).toMatchObject({
    certificate: { hosts: ['localhost', '127.0.0.1'] },
    bundle: { trustDomain: 'west.example.com' },
  });
  const unknown = await lookAtEndpoint(means({}, endpoint));
  expect(unknown.here.problem?.kind).toBe('untrusted');
  expect(unknown.here.bundle).toBeUndefined();
});

test('what is served is no bundle', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  fake.always({ status: 503, body: 'no' });
  expect((await lookAtEndpoint(means())).here.problem?.kind).toBe('bad-answer');
});

test('nobody listens here, and the server is seen in its pod', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  const connectInside = async () => connect(port(), '127.0.0.1');
  const sight = await lookAtEndpoint(means({ connectInside }, { url: 'https://localhost:1/' }));
  expect(sight.here).toEqual({ problem: { kind: 'unreachable', message: expect.stringContaining('ECONNREFUSED') } });
  expect(sight.inside).toMatchObject({
    certificate: { uris: ['spiffe://west.example.com/spire/server'] },
    bundle: { trustDomain: 'west.example.com' },
  });
});

test.each([
  [new AccessError('failed', 'port 8443 cannot be reached: connection refused'), 'unreachable'],
  [new AccessError('forbidden', 'the right is missing'), 'unverifiable'],
])('nobody listens here, and in the pod neither: %s', async (error, kind) => {
  fake = await FakeBundleEndpoint.start({ authority });
  const connectInside = () => Promise.reject(error);
  const sight = await lookAtEndpoint(means({ connectInside }, { url: 'https://localhost:1/' }));
  expect(sight.inside?.problem).toEqual({ kind, message: error.message });
  expect(blindnessOf(sight)).toMatch(
    new RegExp(
      `^the endpoint cannot be reached from this machine: .*ECONNREFUSED.*; in the pod of the server: ${error.message}$`,
    ),
  );
});

test('a way that has ended before its turn comes says why, and is not waited for', async () => {
  fake = await FakeBundleEndpoint.start({ authority });
  const ended = async () => {
    const way = new PassThrough().on('error', () => undefined);
    return way.destroy(new AccessError('failed', 'port 8443 of pod spire-server-0 cannot be reached: refused'));
  };
  const closed = async () => new PassThrough().destroy();
  const look = async (connectInside: () => Promise<Duplex>) =>
    (await lookAtEndpoint(means({ connectInside }, { url: 'https://localhost:1/' }))).inside?.problem?.message;
  expect(await look(ended)).toBe('port 8443 of pod spire-server-0 cannot be reached: refused');
  expect(await look(closed)).toBe('the connection was closed');
});

test.each([
  ['https://a.example.com', { host: 'a.example.com', port: 443 }],
  ['https://a.example.com:8443/x', { host: 'a.example.com', port: 8443 }],
  ['https://[::1]:8443', { host: '::1', port: 8443 }],
  ['http://a.example.com', undefined],
  ['a.example.com', undefined],
])('%s', (url, place) => {
  expect(placeOf(url)).toEqual(place);
});
