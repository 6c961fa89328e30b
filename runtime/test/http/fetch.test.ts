import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { any, federated, id, memberOf } from '../../src/authorize';
import { createServer, dispatcher, fetch, type TlsError } from '../../src/http';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { CASES, foreign, own } from '../tls/conformance';
import { closeAfterEach, closeLater, listen, pem } from '../tls/support';
import { greeter, stockServer } from './support';

closeAfterEach();

/** The error of this package because of which a `fetch` failed, and that of the SVID behind it. */
async function codesOf(fetching: Promise<unknown>): Promise<(string | undefined)[]> {
  const error = await fetching.then(
    () => ({}) as Error,
    (reason: Error) => reason,
  );
  const cause = (error.cause ?? error) as TlsError & { cause?: TlsError };
  return [cause.code, cause.cause?.code];
}

test.each(CASES)('$name', async ({ issued, accepted, refused }) => {
  const { url, requests } = await stockServer(issued());
  const fetching = fetch(url, { source: TestSource.of(own, '/client', foreign), authorize: federated(any()) });
  if (accepted === undefined) {
    expect(await codesOf(fetching)).toEqual(['svid-refused', refused]);
    expect(requests()).toBe(0);
  } else {
    expect(await (await fetching).text()).toBe('hello');
  }
});

test('sends method, headers and body, over connections that are kept for each source and authorizer', async () => {
  const { server, clientSource, url } = await greeter();
  const sockets = new Set<unknown>();
  server.removeAllListeners('request');
  server.on('request', async (request, response) => {
    sockets.add(request.socket);
    let body = '';
    for await (const chunk of request) {
      body += chunk;
    }
    response.end(`${request.method} ${request.headers['x-a']} ${body}`);
  });
  for (let count = 0; count < 20; count += 1) {
    const init = { method: 'POST', headers: { 'x-a': 'b' }, body: `body ${count}` };
    // Written inline, as everyone does.
    const answer = await fetch(url, { source: clientSource, authorize: id('spiffe://own.test/server'), ...init });
    expect(await answer.text()).toBe(`POST b body ${count}`);
  }
  // undici may open a second one while it is not done with the end of an answer.
  expect(sockets.size).toBeLessThanOrEqual(2);
  const before = new Set(sockets);
  await (await fetch(url, { source: clientSource, authorize: memberOf('own.test'), method: 'POST', body: '' })).text();
  expect([...sockets].filter((socket) => !before.has(socket))).toHaveLength(1);
});

test('a connection that one authorizer accepted is not used for another', async () => {
  const { clientSource, url, requests } = await greeter();
  await (await fetch(url, { source: clientSource, authorize: memberOf('own.test') })).text();
  expect(await codesOf(fetch(url, { source: clientSource, authorize: id('spiffe://own.test/other') }))).toEqual([
    'not-authorized',
    undefined,
  ]);
  const refusing = federated(() => 'no');
  expect(await codesOf(fetch(url, { source: clientSource, authorize: refusing }))).toEqual([
    'not-authorized',
    undefined,
  ]);
  expect(requests).toEqual(['/']);
});

test('URLs without TLS are refused, and shown without what may be secret', async () => {
  const options = { source: TestSource.of(own, '/client'), authorize: any() };
  await expect(fetch('http://user:secret@host.test/path?token=x', options)).rejects.toThrow(
    "URL 'http://host.test': has no TLS, so nobody is verified; use 'https:'",
  );
  expect(await codesOf(fetch('data:text/plain,x', options))).toEqual(['scheme-refused', undefined]);
});

test('redirects are followed to servers that are verified, and to no other', async () => {
  const { authority, serverSource, clientSource, url } = await greeter();
  let strayed = 0;
  const stray = (_: unknown, response: { end(): void }) => {
    strayed += 1;
    response.end();
  };
  const stranger = new TestAuthority('own.test');
  const strangers = createHttpsServer(pem(stranger.issue('/server')), stray);
  const plain = createHttpServer(stray);
  const others = createServer(
    { source: new TestSource(authority.x509Svid('/other'), authority.x509Bundle()), clientAuthentication: 'none' },
    stray,
  );
  const targets = {
    good: url,
    stranger: `https://127.0.0.1:${await listen(strangers)}/`,
    plain: `http://127.0.0.1:${await listen(plain)}/`,
    unauthorized: `https://127.0.0.1:${await listen(others)}/`,
  };
  const redirecting = createServer({ source: serverSource, authorize: federated(any()) }, (request, response) =>
    response.writeHead(302, { location: targets[request.url?.slice(1) as keyof typeof targets] }).end(),
  );
  const start = `https://127.0.0.1:${await listen(redirecting)}`;
  const to = (name: keyof typeof targets) =>
    fetch(`${start}/${name}`, { source: clientSource, authorize: id('spiffe://own.test/server') });
  expect(await (await to('good')).text()).toBe('hello spiffe://foreign.test/client');
  expect(await codesOf(to('stranger'))).toEqual(['svid-refused', 'no-path']);
  expect(await codesOf(to('plain'))).toEqual(['scheme-refused', undefined]);
  expect(await codesOf(to('unauthorized'))).toEqual(['not-authorized', undefined]);
  expect(strayed).toBe(0);
});

test('a dispatcher serves the fetch of Node.js', async () => {
  const { clientSource, url, connections } = await greeter();
  const one = { connections: 1 };
  const pool = dispatcher({ source: clientSource, authorize: memberOf('own.test'), undici: one });
  closeLater(() => pool.close());
  const init = { dispatcher: pool } as unknown as RequestInit;
  for (let count = 0; count < 3; count += 1) {
    expect(await (await globalThis.fetch(url, init)).text()).toBe('hello spiffe://foreign.test/client');
  }
  expect(connections()).toBe(1);
  const refusalOf = async (target: string, dispatcher: unknown) =>
    await globalThis.fetch(target, { dispatcher } as RequestInit).catch(({ cause }: Error) => String(cause));
  expect(await refusalOf(url.replace('https:', 'http:'), pool)).toMatch(/URL 'http:\/\/127.0.0.1': has no TLS/);
  const wrong = dispatcher({ source: clientSource, authorize: any() });
  closeLater(() => wrong.close());
  expect(await refusalOf(url, wrong)).toMatch(/peer 'spiffe:\/\/own.test\/server': is not authorized: trust domain/);
});

test('the user cannot pass another dispatcher by mistake', async () => {
  const { clientSource, url } = await greeter();
  const { Agent } = require('undici') as typeof import('undici');
  const other = new Agent({ connect: { rejectUnauthorized: false } });
  closeLater(() => other.close());
  const options = { source: clientSource, authorize: any(), dispatcher: other };
  expect(await codesOf(fetch(url, options))).toEqual(['not-authorized', undefined]);
});

test('no request is lost while SVIDs rotate', async () => {
  const { authority, foreign, serverSource, clientSource, url } = await greeter();
  let done = false;
  let answered = 0;
  const load = Array.from({ length: 4 }, async () => {
    while (!done) {
      const answer = await fetch(url, { source: clientSource, authorize: id('spiffe://own.test/server') });
      expect(await answer.text()).toBe('hello spiffe://foreign.test/client');
      answered += 1;
    }
  });
  for (let round = 0; round < 50; round += 1) {
    serverSource.set(authority.x509Svid('/server'));
    clientSource.set(foreign.x509Svid('/client'));
    const before = answered;
    while (answered === before) {
      await new Promise(setImmediate);
    }
  }
  done = true;
  await Promise.all(load);
  expect(answered).toBeGreaterThanOrEqual(50);
});

test('a request fails when the bundle of the server is gone', async () => {
  const { foreign, clientSource, url, requests } = await greeter();
  const options = { source: clientSource, authorize: memberOf('own.test') };
  await (await fetch(url, options)).text();
  clientSource.setBundles(foreign.x509Bundle());
  expect(await codesOf(fetch(url, options))).toEqual(['svid-refused', 'no-bundle']);
  expect(requests).toEqual(['/']);
});

test('a dispatcher replaces connections of the greatest age, and loses no request', async () => {
  const { clientSource, connections, requests, url } = await greeter();
  const options = { source: clientSource, authorize: memberOf('own.test'), maxConnectionAgeMs: 20 };
  const pool = dispatcher(options);
  closeLater(() => pool.close());
  let count = 0;
  while (connections() < 5) {
    const { body } = await pool.request({ origin: url, path: '/', method: 'GET' });
    expect(await body.text()).toBe('hello spiffe://foreign.test/client');
    count += 1;
  }
  expect(requests).toHaveLength(count);
  expect(() => dispatcher({ ...options, undici: { connections: 1 } })).toThrow(
    'undici.connections 1: does not go with maxConnectionAgeMs; leave one of them out',
  );
});
