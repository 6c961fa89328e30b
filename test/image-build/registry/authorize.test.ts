import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ImageReference } from '../../../lib/image';
import { pullImage, pushImage, type RegistryOptions } from '../../../lib/image-build/registry';
import { webCertificate } from './certificates';
import { type FakeOptions, FakeRegistry, PASSWORD, USER } from './fake-registry';
import { bytes, MemoryImage, MemorySink } from './images';
import { withoutLogins } from './without-logins';

const QUICK: RegistryOptions = { pause: 1, tries: 3 };
const LOGIN: RegistryOptions = { ...QUICK, credentials: { username: USER, password: PASSWORD } };
const started: FakeRegistry[] = [];
const folder = withoutLogins();

afterEach(async () => {
  for (const each of started.splice(0)) await each.end();
});

async function start(options: FakeOptions): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start(options);
  started.push(registry);
  return registry;
}

const target = ({ host }: FakeRegistry) => ImageReference.parse(`${host}/shop/server:1.0`);
const image = new MemoryImage([bytes(3_000_000)], { sbom: true });

async function failure(action: Promise<unknown>): Promise<Error> {
  const error = await action.then(
    () => new Error('it went well'),
    (thrown) => thrown,
  );
  // What nobody may see, whatever is printed of it.
  const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
  for (const secret of [PASSWORD, Buffer.from(`${USER}:${PASSWORD}`).toString('base64'), 'refresh-me', 'token-']) {
    expect(shown).not.toContain(secret);
  }
  return error;
}

describe('a password', () => {
  test('is sent from the first request on that wants it', async () => {
    const registry = await start({ auth: 'basic' });
    await pushImage(image, target(registry), LOGIN);
    const header = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    const [greeting, ...others] = registry.authorizations;
    expect([greeting, ...new Set(others)]).toEqual([undefined, header]);
    expect(registry.manifests.has('1.0')).toBe(true);
  });

  test('is looked for where docker login leaves it', async () => {
    const registry = await start({ auth: 'basic' });
    const auth = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    try {
      await pushImage(image, target(registry), QUICK);
    } finally {
      writeFileSync(join(folder, 'config.json'), '{}');
    }
    expect(registry.manifests.has('1.0')).toBe(true);
  });

  test('that is wrong is refused, after one more try', async () => {
    const registry = await start({ auth: 'basic' });
    const credentials = { username: USER, password: 'other' };
    const error = await failure(pushImage(image, target(registry), { ...QUICK, credentials }));
    expect(error.message).toBe(
      `registry '${registry.host}' refuses user 'somebody' from option 'credentials' to push to repository 'shop/server' (401); check the credentials, or renew them by 'docker login ${registry.host}'`,
    );
    // Three blobs at a time, twice each; and the greeting.
    expect(registry.authorizations.length).toBeLessThanOrEqual(2 + 6);
  });

  test('that is missing is told, with the places', async () => {
    const registry = await start({ auth: 'basic' });
    const error = await failure(pushImage(image, target(registry), QUICK));
    expect(error.message).toBe(
      `registry '${registry.host}' lets nobody push to repository 'shop/server' without credentials (401), and there are none for it in '${join(folder, 'config.json')}'; run 'docker login ${registry.host}'`,
    );
  });

  test('cannot be a token', async () => {
    const registry = await start({ auth: 'basic' });
    const error = await failure(
      pushImage(image, target(registry), { ...QUICK, credentials: { identityToken: 'refresh-me' } }),
    );
    expect(error.message).toBe(
      `registry '${registry.host}' refuses the identity token from option 'credentials' to push to repository 'shop/server' (401) (it takes a user and a password alone); check the credentials, or renew them by 'docker login ${registry.host}'`,
    );
  });
});

describe('a token', () => {
  test('is got once for reading and writing, and used until it ends', async () => {
    const registry = await start({ auth: 'token' });
    await pushImage(image, target(registry), LOGIN);
    const header = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    expect(registry.tokenRequests).toEqual([
      {
        text: 'service=fake&scope=repository%3Ashop%2Fserver%3Apull%2Cpush&account=somebody',
        authorization: header,
      },
    ]);
    const [greeting, ...others] = registry.authorizations;
    expect([greeting, ...new Set(others)]).toEqual([undefined, 'Bearer token-1']);
  });

  test('is got anew when it has ended', async () => {
    const registry = await start({ auth: 'token' });
    registry.tokenLifetime = 0.000_001;
    await pushImage(image, target(registry), LOGIN);
    expect(registry.tokenRequests.length).toBeGreaterThan(10);
  });

  test('is got anew when it was taken back, in the middle of a blob too', async () => {
    const registry = await start({ auth: 'token' });
    let isRevoked = false;
    registry.fault = (method) => {
      if (method === 'PATCH' && !isRevoked) {
        isRevoked = true;
        registry.revoke();
      }
      return undefined;
    };
    await pushImage(image, target(registry), LOGIN);
    expect(isRevoked).toBe(true);
    expect(registry.manifests.has('1.0')).toBe(true);
  });

  test('is got for an identity token', async () => {
    const registry = await start({ auth: 'token' });
    await pushImage(image, target(registry), { ...QUICK, credentials: { identityToken: 'refresh-me' } });
    expect(registry.tokenRequests).toEqual([
      {
        text: 'grant_type=refresh_token&service=fake&client_id=spirekit&scope=repository%3Ashop%2Fserver%3Apull%2Cpush&refresh_token=refresh-me',
        authorization: undefined,
      },
    ]);
  });

  test('for nobody in particular is enough to pull', async () => {
    const registry = await start({ auth: 'token' });
    const { reference } = await pushImage(image, target(registry), LOGIN);
    registry.tokenRequests.length = 0;
    await pullImage(ImageReference.parse(reference), ['linux/amd64'], new MemorySink(), QUICK);
    expect(registry.tokenRequests).toEqual([
      { text: 'service=fake&scope=repository%3Ashop%2Fserver%3Apull', authorization: undefined },
    ]);
  });

  test('for nobody in particular is not enough to push', async () => {
    const registry = await start({ auth: 'token' });
    const error = await failure(pushImage(image, target(registry), QUICK));
    expect(error.message).toBe(
      `registry '${registry.host}' lets nobody push to repository 'shop/server' without credentials (401) (UNAUTHORIZED: authentication required), and there are none for it in '${join(folder, 'config.json')}'; run 'docker login ${registry.host}'`,
    );
  });

  test('is refused for a wrong password, in the words of the token server', async () => {
    const registry = await start({ auth: 'token' });
    const credentials = { username: USER, password: 'other' };
    const error = await failure(pushImage(image, target(registry), { ...QUICK, credentials }));
    expect(error.message).toBe(
      `registry '${registry.host}' refuses user 'somebody' from option 'credentials' to push to repository 'shop/server' (401) (incorrect username or password); check the credentials, or renew them by 'docker login ${registry.host}'`,
    );
  });

  test.each([
    [{ status: 500 }, 'answered 500, 3 times; try again later'],
    [{ status: 429, headers: { 'Retry-After': '0' } }, 'answered 429, 3 times; try again later'],
    [{ status: 302, headers: { Location: '/elsewhere' } }, "answers 302; check the registry's configuration"],
    [
      { status: 200, body: '{"token":"token-1' },
      "answers with something else than a token; check the registry's configuration",
    ],
    [
      { status: 200, body: '{"token":"a b"}' },
      "answers with something else than a token; check the registry's configuration",
    ],
    [{ status: 200, body: 'null' }, "answers with something else than a token; check the registry's configuration"],
    [
      { status: 200, body: `{"token":"${'a'.repeat(300_000)}"}` },
      "answers with something else than a token; check the registry's configuration",
    ],
  ])('a token server that answers %j', async (fault, text) => {
    const registry = await start({ auth: 'token' });
    registry.fault = (_, path) => (path === '/token' ? fault : undefined);
    const error = await failure(pushImage(image, target(registry), LOGIN));
    expect(error.message).toBe(`token server '${registry.host}' of registry '${registry.host}' ${text}`);
  });
});

test('who may not push is told so', async () => {
  const registry = await start({ auth: 'basic' });
  registry.fault = (method) =>
    method === 'POST'
      ? { status: 403, body: '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}' }
      : undefined;
  const error = await failure(pushImage(image, target(registry), LOGIN));
  expect(error.message).toBe(
    `registry '${registry.host}' does not allow user 'somebody' from option 'credentials' to push to repository 'shop/server' (403) (DENIED: requested access to the resource is denied); ask for that right, or write another repository`,
  );
});

describe('credentials are not sent', () => {
  const realms: [string, string][] = [
    [
      'http://auth.example.com/token',
      'where credentials could be read on the way; give the token server a certificate',
    ],
    [
      'http://127.0.0.1.example.com/token',
      'where credentials could be read on the way; give the token server a certificate',
    ],
    ['ftp://localhost/token', "which is no URL of a token server; mend the registry's configuration"],
    ['https://user:word@localhost/token', "which is no URL of a token server; mend the registry's configuration"],
    ['/token', "which is no URL of a token server; mend the registry's configuration"],
  ];
  test.each(realms)('to %s', async (realm, text) => {
    const registry = await start({});
    registry.fault = () => ({ status: 401, headers: { 'WWW-Authenticate': `Bearer realm="${realm}"` } });
    const error = await failure(pushImage(image, target(registry), LOGIN));
    expect(error.message).toBe(`registry '${registry.host}' sends for a token to '${realm}', ${text}`);
  });

  test('to a host that an upload is led to', async () => {
    const other = await start({});
    const registry = await start({ auth: 'basic' });
    registry.fault = (method, path) =>
      method === 'POST'
        ? { status: 202, headers: { Location: `${other.origin}${path}upload?_state=a%2Bb` } }
        : undefined;
    for (const name of ['upload']) other.uploads.set(name, Buffer.alloc(0));
    await failure(pushImage(new MemoryImage([], { platforms: ['linux/amd64'] }), target(registry), LOGIN));
    expect(other.authorizations.length).toBeGreaterThan(0);
    expect(new Set(other.authorizations)).toEqual(new Set([undefined]));
  });

  test('to a storage that asks for them', async () => {
    const storage = await start({ auth: 'basic' });
    const registry = await start({ storage: () => storage.origin });
    const { reference } = await pushImage(image, target(registry), LOGIN);
    const pull = pullImage(ImageReference.parse(reference), ['linux/amd64'], new MemorySink(), LOGIN);
    expect((await failure(pull)).message).toMatch(
      / leads .* to 'localhost:\d+', which answers 401; try again, or ask /,
    );
    expect(new Set(storage.authorizations)).toEqual(new Set([undefined]));
  });
});

test.each([
  ['Negotiate', "'negotiate'"],
  ['Bearer service="a"', "'bearer'"],
  ['', 'nothing that it names'],
])('a way in that nobody knows: %j', async (header, shown) => {
  const registry = await start({});
  registry.fault = () => ({ status: 401, headers: { 'WWW-Authenticate': header } });
  const error = await failure(pushImage(image, target(registry), LOGIN));
  expect(error.message).toBe(
    `registry '${registry.host}' wants credentials by ${shown}, where 'Basic' or 'Bearer' with a realm is understood; check that it is a registry`,
  );
});

test('all of it goes over TLS too', async () => {
  const { ca, ...tls } = webCertificate();
  const registry = await start({ tls, auth: 'token' });
  await pushImage(image, target(registry), { ...LOGIN, ca });
  expect(registry.manifests.has('1.0')).toBe(true);
});
