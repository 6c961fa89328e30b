import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { JwtBundle } from '../../src/bundle';
import { generateTokenKey, type TokenAlgorithm } from '../../src/testing/test-tokens';
import { accept, authority, OPTIONS, SECONDS, td } from './fixtures';

const ALGORITHMS: TokenAlgorithm[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];

/** A program of its own, as jose is there as an ES module only. It reads and writes JSON. */
const PROGRAM = `
import { importJWK, jwtVerify, createLocalJWKSet, SignJWT } from 'jose';
let input = '';
for await (const chunk of process.stdin) input += chunk;
const { claims, jwks, keys, audience, now, tokens } = JSON.parse(input);
const signed = {};
for (const { alg, jwk } of keys) {
  signed[alg] = await new SignJWT(claims).setProtectedHeader({ alg, kid: alg, typ: 'JWT' }).sign(await importJWK(jwk, alg));
}
const verified = {};
for (const [alg, token] of Object.entries(tokens)) {
  const options = { audience, algorithms: [alg], currentDate: new Date(now) };
  verified[alg] = (await jwtVerify(token, createLocalJWKSet(jwks), options)).payload.sub;
}
console.log(JSON.stringify({ signed, verified }));
`;

const rsa = generateTokenKey('RS256');
const keys = ALGORITHMS.map((alg) => ({ alg, key: alg.startsWith('ES') ? generateTokenKey(alg) : rsa }));
const bundle = JwtBundle.of(
  td,
  keys.map(({ alg, key }) => ({ keyId: alg, publicKey: createPublicKey(key) })),
);

const { signed, verified } = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: __dirname,
    encoding: 'utf8',
    input: JSON.stringify({
      claims: { sub: 'spiffe://td/web', aud: ['test'], exp: SECONDS + 60, iat: SECONDS },
      jwks: bundle,
      keys: keys.map(({ alg, key }) => ({ alg, jwk: key.export({ format: 'jwk' }) })),
      audience: OPTIONS.audience,
      now: OPTIONS.now,
      tokens: Object.fromEntries(
        keys.map(({ alg, key }) => [alg, authority.jwtToken('/web', { algorithm: alg, key, header: { kid: alg } })]),
      ),
    }),
  }),
) as Record<'signed' | 'verified', Record<string, string>>;

test.each(ALGORITHMS)('JV-2: takes what jose signs by %s', (algorithm) => {
  expect(accept(signed[algorithm] as string, {}, bundle).id.toString()).toBe('spiffe://td/web');
});

test.each(ALGORITHMS)('jose takes the bundle that is written, and finds the key for %s in it', (algorithm) => {
  expect(verified[algorithm]).toBe('spiffe://td/web');
});
