import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import tls, { connect } from 'node:tls';
import { BundleEndpoint, type EndpointServer, fetchBundle, httpsSpiffe, httpsWeb } from '../../src/federation';
import { TrustDomain } from '../../src/id';
import { FakeBundleEndpoint, TestAuthority } from '../../src/testing';
import { authority, closedPort, failure, fault, spiffeEndpoint, td, webEndpoint } from './fixtures';

const BUNDLE = "SPIFFE bundle of trust domain 'partner.example' at 'https://localhost:PORT/'";
const expected = authority.bundle();

let web: FakeBundleEndpoint;
let spiffe: FakeBundleEndpoint;

beforeEach(async () => {
  web = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  spiffe = await FakeBundleEndpoint.start({ authority });
});

afterEach(() => Promise.all([web.close(), spiffe.close()]));

/** When the certificate of a server ends, as Node.js sees it. */
async function certificateEnd(port: number): Promise<number> {
  const socket = connect({ port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { valid_to: end } = socket.getPeerCertificate();
  socket.destroy();
  return Date.parse(end);
}

describe('in both profiles', () => {
  test('fetches the bundle, presents no certificate and asks for no compression', async () => {
    for (const [fake, endpoint] of [
      [web, webEndpoint(web)],
      [spiffe, spiffeEndpoint(spiffe)],
    ] as const) {
      const bundle = await fetchBundle(td, endpoint);
      expect(bundle.equals(expected)).toBe(true);
      expect(bundle.trustDomain.name).toBe('partner.example');
      expect(fake.requests).toEqual([
        {
          method: 'GET',
          url: '/',
          clientCertificate: false,
          servername: 'localhost',
          headers: {
            host: `localhost:${fake.port}`,
            accept: 'application/json',
            'accept-encoding': 'identity',
            connection: 'close',
          },
        },
      ]);
    }
  });

  test('asks for the path and query of the URL', async () => {
    await fetchBundle(td, webEndpoint(web, '/a/bundle.json?sig=a%20b'));
    expect(web.requests[0]?.url).toBe('/a/bundle.json?sig=a%20b');
  });

  test('believes the trust domain that it is told: no document says it', async () => {
    const other = TrustDomain.parse('other.example');
    const bundle = await fetchBundle(other, webEndpoint(web));
    expect(bundle.x509.trustDomain.name).toBe('other.example');
    expect(bundle.x509BundleFor(td)).toBeUndefined();
  });

  test('says that nobody answers', async () => {
    const url = `https://127.0.0.1:${await closedPort()}`;
    const bundles = authority.x509Bundle();
    for (const profile of [httpsWeb(), httpsSpiffe({ endpointId: spiffe.endpointId, bundles })]) {
      expect(await fault(() => fetchBundle(td, BundleEndpoint.of({ url, profile })))).toEqual([
        'unreachable',
        "SPIFFE bundle of trust domain 'partner.example' at 'https://127.0.0.1:PORT/': no answer: 'connect ECONNREFUSED " +
          "127.0.0.1:PORT'; look whether the endpoint runs and can be reached from here",
      ]);
    }
  });

  test('never takes the one profile for the other', async () => {
    const bundles = authority.x509Bundle();
    const { endpointId } = spiffe;
    const wrong = [
      BundleEndpoint.of({ url: spiffe.url, profile: httpsWeb({ roots: authority.certificate.toPem() }) }),
      BundleEndpoint.of({ url: web.url, profile: httpsSpiffe({ endpointId, bundles }) }),
    ];
    for (const endpoint of wrong) {
      expect((await failure(() => fetchBundle(td, endpoint))).code).toBe('untrusted-server');
    }
    expect([...web.requests, ...spiffe.requests]).toEqual([]);
  });
});

describe('who has answered', () => {
  test('is told with the end of its certificate, in both profiles', async () => {
    for (const [fake, endpoint] of [
      [web, webEndpoint(web, '/bundle?sig=a')],
      [spiffe, spiffeEndpoint(spiffe)],
    ] as const) {
      const servers: EndpointServer[] = [];
      await fetchBundle(td, endpoint, { onServer: (server) => servers.push(server) });
      expect(servers).toEqual([{ url: endpoint.url, notAfter: await certificateEnd(fake.port) }]);
    }
  });

  test('is told for each redirect, and before the answer', async () => {
    web.next({ status: 302, headers: { location: '/next' } }, { status: 500 });
    const urls: string[] = [];
    const onServer = ({ url }: EndpointServer) => urls.push(url);
    await expect(fetchBundle(td, webEndpoint(web), { onServer })).rejects.toMatchObject({ code: 'status' });
    expect(urls).toEqual([web.url, web.urlOf('/next')]);
  });

  test('is not told when it is refused', async () => {
    const onServer = jest.fn();
    const wrong = spiffeEndpoint(spiffe, new TestAuthority(td).x509Bundle());
    await expect(fetchBundle(td, wrong, { onServer })).rejects.toMatchObject({ code: 'untrusted-server' });
    const publicly = BundleEndpoint.of({ url: web.url, profile: httpsWeb() });
    await expect(fetchBundle(td, publicly, { onServer })).rejects.toMatchObject({ code: 'untrusted-server' });
    expect(onServer).not.toHaveBeenCalled();
  });

  test('a listener that throws is a warning, and stops nothing', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const onServer = () => {
      throw new Error('mine');
    };
    expect((await fetchBundle(td, spiffeEndpoint(spiffe), { onServer })).equals(expected)).toBe(true);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^'onServer' of a fetch threw: Error: mine/), expect.anything()],
    ]);
    warn.mockRestore();
  });
});

describe('https_web', () => {
  test('finds a server by an address that its certificate names', async () => {
    const url = `https://127.0.0.1:${web.port}/`;
    const endpoint = BundleEndpoint.of({ url, profile: httpsWeb({ roots: web.roots }) });
    expect((await fetchBundle(td, endpoint)).equals(expected)).toBe(true);
    expect(web.requests[0]).not.toHaveProperty('servername');
  });

  test('refuses a certificate for another name', async () => {
    const other = new TestAuthority('web.invalid', { subjectAltNames: null });
    const endpoint = BundleEndpoint.of({ url: web.url, profile: httpsWeb({ roots: other.certificate.toPem() }) });
    web.present(other.issue({ subjectAltNames: [{ dns: 'other.example' }] }));
    expect(await fault(() => fetchBundle(td, endpoint))).toEqual([
      'untrusted-server',
      `${BUNDLE}: the certificate of the server is refused: 'Hostname/IP does not match certificate\\'s altnames: Host: ` +
        "localhost. is not in the cert\\'s altnames: DNS:other.example'; look whether the URL and the profile are right, " +
        "and pass its authority as 'roots' if it is a private one",
    ]);
    web.present(other.issue({ subjectAltNames: [{ dns: 'localhost' }] }));
    expect((await fetchBundle(td, endpoint)).equals(expected)).toBe(true);
    web.present(other.issue({ subjectAltNames: [{ dns: 'localhost' }], lifetimeSeconds: -1 }));
    expect((await failure(() => fetchBundle(td, endpoint))).message).toContain("refused: 'certificate has expired'");
  });

  test('reads the authorities of a profile once', async () => {
    const endpoint = webEndpoint(web);
    const read = jest.spyOn(tls, 'createSecureContext');
    try {
      for (let count = 0; count < 2; count += 1) await fetchBundle(td, endpoint);
      expect(read.mock.calls.map(([options]) => options?.ca)).toEqual([web.roots]);
    } finally {
      read.mockRestore();
    }
  });

  test('believes none but the public authorities by default, whatever the environment says', async () => {
    const endpoint = BundleEndpoint.of({ url: web.url, profile: httpsWeb() });
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const { code, message } = await failure(() => fetchBundle(td, endpoint));
      expect(code).toBe('untrusted-server');
      expect(message).toContain("is refused: 'unable to verify the first certificate");
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(web.requests).toEqual([]);
  });
});

describe('https_spiffe', () => {
  test('refuses every ID but the one of the endpoint', async () => {
    for (const path of ['/spire/server2', '/spire', '/spire/server/a']) {
      spiffe.present(authority.issue(path));
      const { code, message } = await failure(() => fetchBundle(td, spiffeEndpoint(spiffe)));
      expect(code).toBe('untrusted-server');
      expect(message).toContain("the server has not proven to be 'spiffe://partner.example/spire/server': ");
      expect(message).toContain(`unexpected SPIFFE ID 'spiffe://partner.example${path}'`);
    }
    expect(spiffe.requests).toEqual([]);
  });

  test('refuses the right ID from the wrong authority', async () => {
    const forger = new TestAuthority(td);
    spiffe.present(forger.issue('/spire/server'));
    expect((await failure(() => fetchBundle(td, spiffeEndpoint(spiffe)))).code).toBe('untrusted-server');
    // The authority of another trust domain, whose bundle is there too, is none for this one.
    const foreign = new TestAuthority('other.example');
    spiffe.present(foreign.issue({ id: 'spiffe://partner.example/spire/server' }));
    expect((await failure(() => fetchBundle(td, spiffeEndpoint(spiffe)))).code).toBe('untrusted-server');
    expect(spiffe.requests).toEqual([]);
  });

  test('verifies an endpoint of another trust domain with the bundle of that', async () => {
    const publisher = new TestAuthority('publisher.example');
    await using fake = await FakeBundleEndpoint.start({ authority, servedBy: publisher, path: '/publisher' });
    expect(String(fake.endpointId)).toBe('spiffe://publisher.example/publisher');
    const bundle = await fetchBundle(td, spiffeEndpoint(fake, publisher.x509Bundle()));
    expect(bundle.equals(expected)).toBe(true);
  });

  test('says that there is no bundle to verify with', async () => {
    const other = new TestAuthority('other.example').x509Bundle();
    const closed = { x509BundleFor: () => expectNever() };
    const url = spiffe.url;
    const { endpointId } = spiffe;
    for (const bundles of [other, closed]) {
      const endpoint = BundleEndpoint.of({ url, profile: httpsSpiffe({ endpointId, bundles }) });
      expect(await fault(() => fetchBundle(td, endpoint))).toEqual([
        'no-endpoint-bundle',
        `${BUNDLE}: there is no bundle of trust domain 'partner.example' to verify the endpoint with; pass the one that ` +
          'its operator has handed over',
      ]);
    }
  });

  function expectNever(): never {
    throw new Error('closed');
  }
});

describe('what is answered', () => {
  const faultOf = (answer: Parameters<FakeBundleEndpoint['next']>[0], options = {}) => {
    web.next(answer);
    return fault(() => fetchBundle(td, webEndpoint(web), options));
  };

  test.each([201, 204, 206, 304, 400, 401, 404, 500, 503])(
    'status %i is an error, whatever comes with it',
    async (status) => {
      expect(await faultOf({ status })).toEqual([
        'status',
        `${BUNDLE}: the server answered with status ${status}; look whether the URL is right, and at the log of the server`,
      ]);
    },
  );

  test('a redirect without a target is a status', async () => {
    expect((await faultOf({ status: 302 }))[0]).toBe('status');
  });

  test('a compressed answer is refused, be it a bomb or not', async () => {
    expect(await faultOf({ gzip: true })).toEqual([
      'encoding',
      `${BUNDLE}: the server answered with the content encoding 'gzip', although none was accepted; switch compression ` +
        'off for this URL',
    ]);
    expect((await faultOf({ gzip: true, body: Buffer.alloc(50_000_000) }))[0]).toBe('encoding');
    expect((await faultOf({ headers: { 'content-encoding': 'br' } }))[0]).toBe('encoding');
    web.next({ headers: { 'content-encoding': 'identity' } });
    expect((await fetchBundle(td, webEndpoint(web))).equals(expected)).toBe(true);
  });

  test('a body that says it is too large is not read', async () => {
    const message = `${BUNDLE}: has more than 4194304 bytes; raise 'limits.maxBytes' if you trust its origin`;
    expect(await faultOf({ headers: { 'content-length': '50000000' }, hang: 'body' })).toEqual(['too-large', message]);
  });

  test('a body that does not say so is read up to the limit', async () => {
    let sent = 0;
    function* endless() {
      for (;;) {
        sent += 65_536;
        yield Buffer.alloc(65_536, ' ');
      }
    }
    expect((await faultOf({ body: endless() }))[0]).toBe('too-large');
    expect(sent).toBeGreaterThan(4_194_304);
    expect(sent).toBeLessThan(20_000_000);
  });

  test('the limit can be set, and is the number of bytes', async () => {
    const maxBytes = Buffer.byteLength(String(expected));
    const fetched = await fetchBundle(td, webEndpoint(web), { limits: { maxBytes } });
    expect(fetched.equals(expected)).toBe(true);
    const { code, message } = await failure(() =>
      fetchBundle(td, webEndpoint(web), { limits: { maxBytes: maxBytes - 1 } }),
    );
    expect(code).toBe('too-large');
    expect(message).toContain(`has more than ${maxBytes - 1} bytes`);
  });

  test.each(['answer', 'body'] as const)(
    'a server that does not go on with its %s ends by the timeout',
    async (hang) => {
      expect(await faultOf({ hang }, { timeoutMs: 50 })).toEqual([
        'timeout',
        `${BUNDLE}: no complete answer within 50 ms; look whether the endpoint can be reached from here`,
      ]);
    },
  );

  test('a server that takes no handshake ends by the timeout too', async () => {
    const silent = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const bundles = authority.x509Bundle();
    for (const profile of [httpsWeb(), httpsSpiffe({ endpointId: spiffe.endpointId, bundles })]) {
      const endpoint = BundleEndpoint.of({ url: `https://127.0.0.1:${port}`, profile });
      expect((await failure(() => fetchBundle(td, endpoint, { timeoutMs: 50 }))).code).toBe('timeout');
    }
    silent.close();
    await once(silent, 'close');
  });

  test('a body that breaks off is no bundle', async () => {
    const [code, message] = await faultOf({ breakOff: true });
    expect(code).toBe('unreachable');
    expect(message).toContain(`${BUNDLE}: no answer: 'aborted'`);
  });

  test('can be stopped, before and while', async () => {
    const reason = new Error('enough');
    const early = await failure(() => fetchBundle(td, webEndpoint(web), { signal: AbortSignal.abort(reason) }));
    expect([early.code, early.cause]).toEqual(['cancelled', reason]);
    expect(web.requests).toEqual([]);
    for (const [fake, endpoint] of [
      [web, webEndpoint(web)],
      [spiffe, spiffeEndpoint(spiffe)],
    ] as const) {
      const controller = new AbortController();
      fake.next({ hang: 'body' });
      const fetching = fault(() => fetchBundle(td, endpoint, { signal: controller.signal }));
      await fake.requested(1);
      controller.abort();
      expect(await fetching).toEqual(['cancelled', `${BUNDLE}: its caller has aborted the request`]);
    }
  });

  test.each([
    ['no JSON', '<html>', 'is no JSON that can be trusted: it '],
    ['nothing', '', 'is no JSON that can be trusted: it '],
    ['a byte order mark', '\ufeff{"keys":[]}', 'is no JSON that can be trusted: it '],
    ['a member twice', '{"keys":[],"keys":[]}', 'is no JSON that can be trusted: it '],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'is no JSON that can be trusted: it '],
    ['no object', '[]', ''],
    ['no keys', '{}', ''],
    ['keys that are no list', '{"keys":null}', ''],
    ['a negative sequence number', '{"keys":[],"spiffe_sequence":-1}', 'has a sequence number that is no integer'],
    ['a sequence number as text', '{"keys":[],"spiffe_sequence":"1"}', 'has a sequence number that is no integer'],
  ])('%s is no bundle', async (_, body, what) => {
    const [code, message] = await faultOf({ body, headers: { 'content-type': 'text/html' } });
    expect(code).toBe('bad-bundle');
    expect(message).toContain(`${BUNDLE}: what the server sent (its content type is 'text/html') is refused: ${what}`);
  });

  test('the content type does not matter, nor its absence', async () => {
    for (const type of ['application/octet-stream', 'text/html', 'application/json; charset=utf-8']) {
      web.next({ headers: { 'content-type': type } });
      expect((await fetchBundle(td, webEndpoint(web))).equals(expected)).toBe(true);
    }
  });

  test('a bundle without keys is one: nobody is to be believed', async () => {
    web.next({ body: '{"keys":[]}' });
    const bundle = await fetchBundle(td, webEndpoint(web));
    expect([bundle.isEmpty, bundle.x509BundleFor(td)?.isEmpty]).toEqual([true, true]);
  });

  test.each([[0], [-1], [Number.NaN], ['1' as never]])('timeoutMs %p is refused', async (timeoutMs) => {
    expect((await failure(() => fetchBundle(td, webEndpoint(web), { timeoutMs }))).code).toBe('bad-option');
  });

  test('the trust domain has to be one', async () => {
    await expect(fetchBundle('partner.example' as never, webEndpoint(web))).rejects.toMatchObject({
      code: 'not-a-trust-domain',
    });
  });
});

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('status %i is followed', async (status) => {
    web.next({ status, headers: { location: 'b' } });
    const bundle = await fetchBundle(td, webEndpoint(web, '/a?x'));
    expect(bundle.equals(expected)).toBe(true);
    expect(web.requests.map(({ url }) => url)).toEqual(['/a?x', '/b']);
  });

  test('is not remembered', async () => {
    web.next({ status: 301, headers: { location: '/b' } });
    await fetchBundle(td, webEndpoint(web));
    await fetchBundle(td, webEndpoint(web));
    expect(web.requests.map(({ url }) => url)).toEqual(['/', '/b', '/']);
  });

  test('to another server, which is verified for its own name', async () => {
    const other = new TestAuthority('web.invalid', { subjectAltNames: null });
    const endpoint = BundleEndpoint.of({ url: web.url, profile: httpsWeb({ roots: other.certificate.toPem() }) });
    web.present(other.issue({ subjectAltNames: [{ dns: 'localhost' }] }));
    web.always({ status: 302, headers: { location: `https://127.0.0.1:${web.port}/there` } });
    const [code, message] = await fault(() => fetchBundle(td, endpoint));
    expect(code).toBe('untrusted-server');
    expect(message).toContain(`${BUNDLE}, redirected to 'https://127.0.0.1:PORT/there': the certificate of the server`);
    await using unknown = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
    web.always({ status: 302, headers: { location: unknown.url } });
    expect((await failure(() => fetchBundle(td, endpoint))).code).toBe('untrusted-server');
    expect(unknown.requests).toEqual([]);
  });

  test('of https_spiffe lead to a server of the same ID', async () => {
    await using same = await FakeBundleEndpoint.start({ authority });
    spiffe.next({ status: 302, headers: { location: same.url } });
    expect((await fetchBundle(td, spiffeEndpoint(spiffe))).equals(expected)).toBe(true);
    expect(same.requests.length).toBe(1);
    await using different = await FakeBundleEndpoint.start({ authority, path: '/other' });
    for (const { url, requests } of [different, web]) {
      spiffe.next({ status: 302, headers: { location: url } });
      expect((await failure(() => fetchBundle(td, spiffeEndpoint(spiffe)))).code).toBe('untrusted-server');
      expect(requests).toEqual([]);
    }
  });

  test.each([
    [
      'http://localhost/',
      "'http://localhost/', which must begin with 'https://' and a host; a bundle endpoint that cannot prove who it is cannot be trusted",
    ],
    [
      'https://user:secret@localhost/',
      "'https://(user)@localhost/', which must not name a user; remove everything from '//' to '@'",
    ],
    ['/a#b', "'/a#...', which must not have a fragment; remove everything from '#' on"],
    ['https://', "'https://', which is no URL"],
  ])('to %s is not followed', async (location, what) => {
    web.next({ status: 302, headers: { location } });
    expect(await fault(() => fetchBundle(td, webEndpoint(web)))).toEqual([
      'redirect',
      `${BUNDLE}: the server redirects to ${what}`,
    ]);
    expect(web.requests.length).toBe(1);
  });

  test('in a circle end', async () => {
    web.next({ status: 302, headers: { location: '/a' } }, { status: 302, headers: { location: '/' } });
    expect(await fault(() => fetchBundle(td, webEndpoint(web)))).toEqual([
      'redirect',
      `${BUNDLE}, redirected to 'https://localhost:PORT/a': the server redirects in a circle, back to ` +
        "'https://localhost:PORT/'; correct the server",
    ]);
    expect(web.requests.length).toBe(2);
  });

  test('end after five, or as many as are allowed', async () => {
    const hops = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ status: 302, headers: { location: `/${at}` } }));
    web.next(...hops(5));
    expect((await fetchBundle(td, webEndpoint(web))).equals(expected)).toBe(true);
    web.next(...hops(6));
    expect(await fault(() => fetchBundle(td, webEndpoint(web)))).toEqual([
      'redirect',
      `${BUNDLE}, redirected to 'https://localhost:PORT/4': the server redirects more than 5 times; use the URL of the ` +
        'bundle itself',
    ]);
    web.next(...hops(1));
    const { message } = await failure(() => fetchBundle(td, webEndpoint(web), { maxRedirects: 0 }));
    expect(message).toMatch(/the server redirects more than 0 times/);
  });

  test('count into the same time', async () => {
    web.next({ status: 302, headers: { location: '/a' } }, { hang: 'answer' });
    const { code } = await failure(() => fetchBundle(td, webEndpoint(web), { timeoutMs: 3000 }));
    expect([code, web.requests.length]).toEqual(['timeout', 2]);
  });
});
