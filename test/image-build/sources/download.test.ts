import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError } from '../../../lib/image';
import type { SourceOptions } from '../../../lib/image-build/options';
import { type Download, download } from '../../../lib/image-build/sources/download';
import { webCertificate } from '../registry/certificates';
import { answers, drops, hangs, Mirror, resumes, sends, stalls, streams } from './mirror';
import { hashOf } from './packages';

const CONTENT = Buffer.alloc(300_000, 'what was pinned, ');
const HASH = hashOf(CONTENT);
const OTHER = Buffer.alloc(CONTENT.length, 'what somebody else made of it, ');
const QUICK = { tries: 3, delayMs: 1, longestWaitMs: 1000, idleMs: 10_000 };

let cacheFolder: string;
let steps: string[];
let bytes: number;
let options: SourceOptions;

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

beforeEach(() => {
  // Those of the machine would stand in messages.
  for (const name of PROXIES) delete process.env[name];
  cacheFolder = mkdtempSync(join(tmpdir(), 'spirekit-download-'));
  steps = [];
  const step = (label: string, total?: number) => {
    bytes = 0;
    return {
      advance: (more: number) => {
        bytes += more;
      },
      done: (note?: string) => steps.push(`${label}: ${bytes} of ${total}, ${note?.replace(/:\d+/, ':PORT')}`),
    };
  };
  options = { cacheFolder, progress: { step } };
});

afterEach(() => rmSync(cacheFolder, { recursive: true, force: true }));

const wanted = (...urls: string[]): Download => ({
  label: 'libx 1.0 (amd64)',
  urls,
  hash: HASH,
  size: CONTENT.length,
  remedy: "name mirrors that have it by 'debianMirrors'",
});

/** What lies in the cache, without what a file of which the name is not yet known would be called. */
const kept = () => (existsSync(join(cacheFolder, 'downloads')) ? readdirSync(join(cacheFolder, 'downloads')) : []);

const arrived = () => bytes;

const FILE = `sha256-${HASH.hex}`;

/** The message of an ImageError, with the ports and the cache left out. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown as Error,
  );
  expect(error).toBeInstanceOf(ImageError);
  return error.message.replace(/127\.0\.0\.1:\d+/g, 'HOST').replaceAll(cacheFolder, 'CACHE');
}

describe('a download', () => {
  test('is kept by its hash, and comes from the cache the next time', async () => {
    await using mirror = await Mirror.start(sends(CONTENT));
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options))).toBe(true);
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options))).toBe(true);
    expect(mirror.requests).toEqual(['/a']);
    expect(mirror.headers[0]?.['accept-encoding']).toBe('identity');
    expect(kept()).toEqual([FILE]);
    expect(steps).toEqual([
      'libx 1.0 (amd64): 300000 of 300000, from 127.0.0.1:PORT',
      'libx 1.0 (amd64): 300000 of 300000, from the cache',
    ]);
  });

  test('need not say how long it is, nor be known to be so long', async () => {
    await using mirror = await Mirror.start(streams(CONTENT));
    const { size: _, ...unsized } = wanted(`${mirror.url}/a`);
    expect(CONTENT.equals(await download(unsized, options))).toBe(true);
  });

  test('is fetched anew when the cache was altered', async () => {
    await using mirror = await Mirror.start(sends(CONTENT));
    mkdirSync(join(cacheFolder, 'downloads'), { recursive: true });
    writeFileSync(join(cacheFolder, 'downloads', FILE), OTHER);
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options))).toBe(true);
    expect(CONTENT.equals(readFileSync(join(cacheFolder, 'downloads', FILE)))).toBe(true);
    expect(steps).toEqual([
      'libx 1.0 (amd64): 300000 of 300000, from 127.0.0.1:PORT, since what the cache held had been altered',
    ]);
  });

  test('can run twice at once', async () => {
    await using mirror = await Mirror.start(sends(CONTENT));
    const both = await Promise.all([1, 2].map(() => download(wanted(`${mirror.url}/a`), options)));
    expect(both.map((each) => CONTENT.equals(each))).toEqual([true, true]);
    expect(kept()).toEqual([FILE]);
  });

  test('sends the name and password of an address to it, and keeps them out of messages', async () => {
    await using mirror = await Mirror.start(answers(401));
    const url = mirror.url.replace('http://', 'http://me:s%40cret@');
    expect(await failureOf(download(wanted(`${url}/a`), options))).toBe(
      "libx 1.0 (amd64) could not be downloaded: 'http://HOST/a' answers 401; name mirrors that have it by 'debianMirrors'",
    );
    expect(mirror.headers[0]?.authorization).toBe(`Basic ${Buffer.from('me:s@cret').toString('base64')}`);
  });
});

describe('what was pinned and is not there', () => {
  test('is looked for at the next mirror, and asked for once', async () => {
    await using first = await Mirror.start(answers(404));
    await using second = await Mirror.start(sends(CONTENT));
    await download(wanted(`${first.url}/a`, `${second.url}/b`), options, QUICK);
    expect([first.requests, second.requests]).toEqual([['/a'], ['/b']]);
  });

  test('is refused where it is other content, by every mirror with its reason', async () => {
    await using altered = await Mirror.start(sends(OTHER));
    await using short = await Mirror.start(sends(CONTENT.subarray(1)));
    await using long = await Mirror.start(streams(Buffer.concat([CONTENT, OTHER])));
    const urls = [altered, short, long].map(({ url }) => `${url}/a`);
    expect(await failureOf(download(wanted(...urls), options, QUICK))).toBe(
      "libx 1.0 (amd64) could not be downloaded: 'http://HOST/a' sends other content than is pinned: " +
        `sha256 ${hashOf(OTHER).hex.slice(0, 12)}… instead of sha256 ${HASH.hex.slice(0, 12)}…, ` +
        "'http://HOST/a' has 299999 bytes where 300000 are expected, " +
        "'http://HOST/a' sends more than the 300000 bytes that are expected; " +
        "name mirrors that have it by 'debianMirrors'",
    );
    expect([altered, short, long].flatMap(({ requests }) => requests)).toEqual(['/a', '/a', '/a']);
    expect(kept()).toEqual([]);
    expect(steps).toEqual(['libx 1.0 (amd64): 300000 of 300000, failed']);
  });

  test('is not taken from a server that announces more than anything that is asked for', async () => {
    await using mirror = await Mirror.start((response) => {
      response.writeHead(200, { 'content-length': String(2 ** 40) }).write('x');
    });
    const { size: _, ...unsized } = wanted(`${mirror.url}/a`);
    expect(await failureOf(download(unsized, options))).toContain(
      "'http://HOST/a' has 1099511627776 bytes where at most 536870912 are expected",
    );
  });
});

describe('a mirror in trouble', () => {
  test.each([500, 503, 429, 408])('is asked again after %i', async (status) => {
    await using mirror = await Mirror.start(answers(status, { 'retry-after': '0' }), answers(status), sends(CONTENT));
    await download(wanted(`${mirror.url}/a`), options, QUICK);
    expect(mirror.requests).toEqual(['/a', '/a', '/a']);
  });

  test('is left after three tries', async () => {
    await using mirror = await Mirror.start(answers(502));
    expect(await failureOf(download(wanted(`${mirror.url}/a`), options, QUICK))).toContain(
      "'http://HOST/a' answers 502;",
    );
    expect(mirror.requests).toHaveLength(3);
  });

  test('is left when it asks for a long wait', async () => {
    await using mirror = await Mirror.start(answers(429, { 'retry-after': '3600' }));
    expect(await failureOf(download(wanted(`${mirror.url}/a`), options, QUICK))).toContain(
      "'http://HOST/a' answers 429 and asks to wait for 3600 seconds;",
    );
    expect(mirror.requests).toHaveLength(1);
  });

  test('that drops the connection is asked for the rest', async () => {
    await using mirror = await Mirror.start(drops(CONTENT, 100_000, arrived), resumes(CONTENT));
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options, QUICK))).toBe(true);
    expect(mirror.requests).toEqual(['/a', '/a bytes=100000-']);
    expect(steps).toEqual(['libx 1.0 (amd64): 300000 of 300000, from 127.0.0.1:PORT']);
  });

  test('that drops the connection and knows no parts is asked for the whole', async () => {
    await using mirror = await Mirror.start(drops(CONTENT, 100_000, arrived), sends(CONTENT));
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options, QUICK))).toBe(true);
    expect(steps).toEqual(['libx 1.0 (amd64): 300000 of 300000, from 127.0.0.1:PORT']);
  });

  test('that sends another part than was asked for is asked for the whole', async () => {
    await using mirror = await Mirror.start(
      drops(CONTENT, 100_000, arrived),
      (response) => response.writeHead(206, { 'content-range': 'bytes 7-299999/300000' }).end(CONTENT.subarray(7)),
      resumes(CONTENT),
    );
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options, QUICK))).toBe(true);
    expect(mirror.requests).toEqual(['/a', '/a bytes=100000-', '/a']);
  });

  test('whose parts do not fit together is asked for the whole', async () => {
    await using mirror = await Mirror.start(drops(OTHER, 100_000, arrived), resumes(CONTENT));
    expect(CONTENT.equals(await download(wanted(`${mirror.url}/a`), options, QUICK))).toBe(true);
    expect(mirror.requests).toEqual(['/a', '/a bytes=100000-', '/a']);
  });

  test('that ends too early, or is not there, is left', async () => {
    await using short = await Mirror.start(streams(CONTENT.subarray(0, 1000)));
    const closed = await Mirror.start(hangs);
    const { url } = closed;
    await closed[Symbol.asyncDispose]();
    const urls = [short.url, url].map((each) => `${each}/a`);
    expect(await failureOf(download(wanted(...urls), options, { ...QUICK, tries: 1 }))).toBe(
      "libx 1.0 (amd64) could not be downloaded: 'http://HOST/a' ends after 1000 of 300000 bytes, " +
        "'http://HOST/a' refuses connections (ECONNREFUSED); name mirrors that have it by 'debianMirrors'",
    );
    expect(kept()).toEqual([]);
  });

  test('cannot be reached where only a proxy leads to it', async () => {
    const closed = await Mirror.start(hangs);
    const { url } = closed;
    await closed[Symbol.asyncDispose]();
    process.env.HTTPS_PROXY = 'http://proxy.example:3128';
    try {
      expect(await failureOf(download(wanted(`${url}/a`), options, QUICK))).toBe(
        "libx 1.0 (amd64) could not be downloaded: 'http://HOST/a' refuses connections (ECONNREFUSED); " +
          'set NODE_USE_ENV_PROXY=1, by which Node 24 and later go by HTTPS_PROXY, or ' +
          "name mirrors that have it by 'debianMirrors'",
      );
    } finally {
      delete process.env.HTTPS_PROXY;
    }
  });

  test('has a certificate of an authority that is not known here', async () => {
    const { cert, key } = webCertificate();
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `https://localhost:${(server.address() as AddressInfo).port}/a`;
      expect(await failureOf(download(wanted(url), options, QUICK))).toMatch(
        /^libx 1\.0 \(amd64\) could not be downloaded: '[^']*' has a certificate that is not trusted here \(\w+\); name the certificate of its authority by NODE_EXTRA_CA_CERTS, or name mirrors that have it by 'debianMirrors'$/,
      );
    } finally {
      server.close();
    }
  });

  test.each([
    ['answers', hangs],
    ['goes on', stalls(CONTENT, 1000)],
  ])('that never %s is left', async (_, answer) => {
    await using mirror = await Mirror.start(answer);
    const impatient = { ...QUICK, tries: 1, idleMs: 100 };
    expect(await failureOf(download(wanted(`${mirror.url}/a`), options, impatient))).toContain(
      "'http://HOST/a' does not answer in time;",
    );
  });
});

describe('the end of the work', () => {
  test.each([
    ['while a mirror is silent', hangs],
    ['in the middle of the content', stalls(CONTENT, 1000)],
    ['while the next try is waited for', answers(503, { 'retry-after': '30' })],
  ])('comes %s, and leaves nothing', async (_, answer) => {
    const abort = new AbortController();
    const reason = new Error('the user has had enough');
    await using mirror = await Mirror.start((response, request) => {
      answer(response, request);
      setTimeout(() => abort.abort(reason), 20);
    });
    const work = download(
      wanted(`${mirror.url}/a`),
      { ...options, signal: abort.signal },
      { ...QUICK, longestWaitMs: 60_000 },
    );
    await expect(work).rejects.toBe(reason);
    expect(mirror.requests).toEqual(['/a']);
    expect(kept()).toEqual([]);
  });

  test('that came before is heard', async () => {
    const reason = new Error('not at all');
    await expect(download(wanted(), { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('a cache that cannot be used', () => {
  test('since it is a file', async () => {
    await using mirror = await Mirror.start(sends(CONTENT));
    const file = join(cacheFolder, 'file');
    writeFileSync(file, '');
    expect(await failureOf(download(wanted(`${mirror.url}/a`), { ...options, cacheFolder: file }, QUICK))).toMatch(
      /^'CACHE\/file\/downloads\/sha256-[0-9a-f]{64}' cannot be read: ENOTDIR: .*; remove it, or name another folder by 'cacheFolder' or \$SPIREKIT_CACHE$/,
    );
    expect(mirror.requests).toEqual([]);
  });

  test('since a folder lies where the file would be', async () => {
    mkdirSync(join(cacheFolder, 'downloads', FILE), { recursive: true });
    expect(await failureOf(download(wanted('http://127.0.0.1:9/a'), options, QUICK))).toMatch(
      /^'CACHE\/downloads\/sha256-[0-9a-f]{64}' cannot be read: EISDIR: /,
    );
  });

  const full = existsSync('/dev/full') ? test : test.skip;
  full('since the disk is full', async () => {
    // The system's own full device stands where the disk would be.
    await using mirror = await Mirror.start(sends(CONTENT));
    const open = jest.requireActual<typeof import('node:fs')>('node:fs');
    const real = open.openSync;
    const spy = jest
      .spyOn(open, 'openSync')
      .mockImplementation((path, flags, mode) =>
        String(path).includes(FILE) && flags === 'wx' ? real('/dev/full', 'w') : real(path, flags, mode),
      );
    try {
      expect(await failureOf(download(wanted(`${mirror.url}/a`), options, QUICK))).toContain(
        'there is no space left on the disk',
      );
    } finally {
      spy.mockRestore();
    }
  });
});
