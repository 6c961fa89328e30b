import fc from 'fast-check';
import { ImageError, ImageReference } from '../../lib/image';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}` as const;

test.each([
  ['redis', 'docker.io', 'library/redis', undefined, undefined],
  ['redis:7', 'docker.io', 'library/redis', '7', undefined],
  ['grafana/grafana', 'docker.io', 'grafana/grafana', undefined, undefined],
  ['docker.io/redis', 'docker.io', 'library/redis', undefined, undefined],
  ['index.docker.io/redis', 'docker.io', 'library/redis', undefined, undefined],
  ['docker.io/grafana/grafana:1', 'docker.io', 'grafana/grafana', '1', undefined],
  ['localhost/app', 'localhost', 'app', undefined, undefined],
  ['localhost:5000', 'docker.io', 'library/localhost', '5000', undefined],
  ['localhost:5000/app:1.0-rc.1_x', 'localhost:5000', 'app', '1.0-rc.1_x', undefined],
  ['registry.example.com/shop/server', 'registry.example.com', 'shop/server', undefined, undefined],
  ['Registry/app', 'Registry', 'app', undefined, undefined],
  ['127.0.0.1/app', '127.0.0.1', 'app', undefined, undefined],
  ['[::1]:5000/app:1', '[::1]:5000', 'app', '1', undefined],
  [`a.b/c/d__e/f.g/h--i@${DIGEST}`, 'a.b', 'c/d__e/f.g/h--i', undefined, DIGEST],
  [`a.b:1/c:t@${DIGEST}`, 'a.b:1', 'c', 't', DIGEST],
])('%s', (text, registry, repository, tag, digest) => {
  const reference = ImageReference.parse(text);
  expect({ ...reference }).toMatchObject({ registry, repository, tag, digest });
  expect(reference.toString()).toBe(text);
  expect(JSON.stringify({ reference })).toBe(JSON.stringify({ reference: text }));
  expect(ImageReference.tryParse(text)).toEqual({ ok: true, value: reference });
});

test('Docker Hub has another host that speaks for it', () => {
  expect(ImageReference.parse('redis').apiHost).toBe('registry-1.docker.io');
  expect(ImageReference.parse('a.b:5000/redis').apiHost).toBe('a.b:5000');
});

const SUCH = "write one, such as 'registry.example.com/shop/server'";
const WORDS = "is not valid; write words of a-z and 0-9 with '.', '_', '__' or '-' in them, and '/' between words";
const TAG = "is not valid; write 1 to 128 letters, digits, '_', '.' and '-', with neither '.' nor '-' in front";
const NO_DIGEST = "is no digest by SHA-256; write 'sha256:' and 64 digits of 0-9 and a-f";

test.each([
  ['', `'' is empty; ${SUCH}`],
  [undefined as unknown as string, `undefined is no text; ${SUCH}`],
  [{} as unknown as string, `[object Object] is no text; ${SUCH}`],
  ['a b', "'a b' has white space in it; remove it"],
  ['app\n', "'app\\u{a}' has white space in it; remove it"],
  ['https://a.b/c', "'https://a.b/c' begins with 'https://'; remove that, it is no URL"],
  ['docker://redis', "'docker://redis' begins with 'docker://'; remove that, it is no URL"],
  ['a'.repeat(1025), `'${'a'.repeat(256)}…' has 1025 characters; write at most 1024`],
  [
    'a'.repeat(256),
    `'${'a'.repeat(256)}' has the repository '${'a'.repeat(256)}', which has 256 characters; write at most 255`,
  ],
  ['Server', "'Server' has the repository 'Server', which is not in lowercase; write 'server'"],
  ['a.b/Server', "'a.b/Server' has the repository 'Server', which is not in lowercase; write 'server'"],
  ['a.b/', "'a.b/' has the repository '', which is empty; write one, such as 'shop/server'"],
  ['a.b//c', `'a.b//c' has the repository '/c', which ${WORDS}`],
  ['/c', `'/c' has the repository '/c', which ${WORDS}`],
  ['-a', `'-a' has the repository '-a', which ${WORDS}`],
  ['a.b/c___d', `'a.b/c___d' has the repository 'c___d', which ${WORDS}`],
  ['a.b/ä', `'a.b/ä' has the repository 'ä', which ${WORDS}`],
  [
    'a'.repeat(64),
    `'${'a'.repeat(64)}' has the repository '${'a'.repeat(64)}', which looks like the ID of an image; write the name of a repository`,
  ],
  ['a:', `'a:' has the tag '', which ${TAG}`],
  ['a:.b', `'a:.b' has the tag '.b', which ${TAG}`],
  [`a:${'b'.repeat(129)}`, `'a:${'b'.repeat(129)}' has the tag '${'b'.repeat(129)}', which ${TAG}`],
  ['a@', `'a@' has '' after '@', which ${NO_DIGEST}`],
  ['a@sha256:12', `'a@sha256:12' has 'sha256:12' after '@', which ${NO_DIGEST}`],
  [
    `a@${DIGEST.toUpperCase()}`,
    `'a@${DIGEST.toUpperCase()}' has '${DIGEST.toUpperCase()}' after '@', which ${NO_DIGEST}`,
  ],
  [
    'a:b/c',
    "'a:b/c' has the registry 'a:b', which is no host; write a DNS name or an address, and a port if it has one: 'registry.example.com:5000'",
  ],
  [
    '-a.b/c',
    "'-a.b/c' has the registry '-a.b', which is no host; write a DNS name or an address, and a port if it has one: 'registry.example.com:5000'",
  ],
  ['a.b:0/c', "'a.b:0/c' has the registry 'a.b:0', which has no valid port; write 1 to 65535"],
  ['a.b:65536/c', "'a.b:65536/c' has the registry 'a.b:65536', which has no valid port; write 1 to 65535"],
  ['[::1::2]/c', "'[::1::2]/c' has the registry '[::1::2]', which is no valid address; write that of the registry"],
  ['1.2.3.999/c', "'1.2.3.999/c' has the registry '1.2.3.999', which is no valid address; write that of the registry"],
])('%j is refused', (text, problem) => {
  const whole = `image reference ${problem}`;
  expect(ImageReference.tryParse(text)).toEqual({ ok: false, problem: whole });
  expect(() => ImageReference.parse(text)).toThrow(new ImageError(whole));
});

test('tag and digest are set, and held to the same rules', () => {
  const reference = ImageReference.parse('localhost:5000/app');
  expect(reference.withTag('1').toString()).toBe('localhost:5000/app:1');
  expect(reference.withTag('1').withDigest(DIGEST).withTag('2').toString()).toBe(`localhost:5000/app:2@${DIGEST}`);
  expect(reference.withTag('1').untagged).toBe('localhost:5000/app');
  expect(() => reference.withTag('a/b')).toThrow(new ImageError(`image tag 'a/b' ${TAG}`));
  expect(() => reference.withDigest('sha256:1')).toThrow(new ImageError(`image digest 'sha256:1' ${NO_DIGEST}`));
});

describe('whatever the text', () => {
  /** Of made-up labels in Punycode few are valid. */
  const isNoPunycode = (host: string): boolean => !/(?:^|\.)xn--/.test(host);
  const word = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,5}){0,2}$/);
  const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
  const registry = fc.oneof(
    fc.constantFrom('localhost', 'localhost:1', 'docker.io', '[::1]:5000', '127.0.0.1:65535'),
    fc
      .stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?(\.[a-z]([a-z0-9-]{0,6}[a-z0-9])?){1,3}(:[1-9][0-9]{0,3})?$/)
      .filter(isNoPunycode),
  );
  const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), { nil: undefined });
  const digest = fc.option(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), { nil: undefined });

  test('a reference made of valid parts has them, and is written as it was', () => {
    fc.assert(
      fc.property(registry, path, tag, digest, (host, words, name, sha) => {
        const text = `${host}/${words}${name === undefined ? '' : `:${name}`}${sha === undefined ? '' : `@${sha}`}`;
        const reference = ImageReference.parse(text);
        expect(reference.toString()).toBe(text);
        expect(reference).toMatchObject({ registry: host, tag: name, digest: sha });
        expect(reference.repository).toBe(host === 'docker.io' && !words.includes('/') ? `library/${words}` : words);
      }),
    );
  });

  test('it is read, or refused with a reason and a remedy in one line', () => {
    const near = fc.stringMatching(/^[a-zA-Z0-9.:/@_[\] -]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), (text) => {
        const result = ImageReference.tryParse(text);
        if (result.ok) {
          expect(result.value.toString()).toBe(text);
          expect(ImageReference.parse(result.value.toString())).toEqual(result.value);
        } else {
          expect(result.problem).toMatch(/^image reference '.*; .+$/);
        }
      }),
    );
  });
});
