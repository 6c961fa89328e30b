import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { any, federated, memberOf } from '../../src/authorize';
import { BundleSet } from '../../src/bundle';
import { type AuthenticateOptions, AuthenticationError, authenticate, JwtError } from '../../src/jwt';
import { authority, failure, NOW, otherAuthority, td } from './fixtures';

const token = authority.jwtToken('/web');
const theirs = otherAuthority.jwtToken('/web');
const bundles = BundleSet.of(authority.jwtBundle(), otherAuthority.jwtBundle());
const OPTIONS: AuthenticateOptions = { bundles, audience: 'test', now: NOW, trustDomain: td };

const requestWith = (authorization?: string) => ({ headers: { authorization } });

function refusal(authorization?: string, options: Partial<AuthenticateOptions> = {}): AuthenticationError {
  const error = failure(() => authenticate(requestWith(authorization), { ...OPTIONS, ...options }));
  expect(error).toBeInstanceOf(AuthenticationError);
  return error as AuthenticationError;
}

it.each(['Bearer', 'bearer', 'BEARER'])('takes a valid token after %s', (scheme) => {
  expect(authenticate(requestWith(`${scheme} ${token}`), OPTIONS).id.toString()).toBe('spiffe://td/web');
  expect(authenticate(requestWith(`${scheme}  ${token}`), OPTIONS).id.toString()).toBe('spiffe://td/web');
});

it.each([undefined, '', 'Bearer', 'Bearer ', `Basic ${token}`, token, `Bearer ${token} more`, `Bearer${token}`])(
  'asks for a token when there is none: %j',
  (authorization) => {
    expect(refusal(authorization)).toMatchObject({
      code: 'jwt-missing',
      statusCode: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
      message: "request: has no token in its header 'Authorization'; send 'Bearer' and a JWT-SVID",
    });
  },
);

it.each<[string, string, Partial<AuthenticateOptions>]>([
  ['jwt-malformed', `${token}.`, {}],
  ['jwt-audience', token, { audience: 'a' }],
  ['jwt-expired', token, { now: NOW + 1e9 }],
  ['jwt-untrusted', theirs, { bundles: authority.jwtBundle() }],
  ['jwt-signature', authority.jwtToken('/web', { alterSignature: (bytes) => bytes.reverse() }), {}],
])('refuses an invalid token: %s', (code, invalid, options) => {
  const error = refusal(`Bearer ${invalid}`, options);
  expect(error).toMatchObject({
    code,
    name: 'AuthenticationError',
    statusCode: 401,
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
  expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(invalid.split('.')[1]?.slice(0, 8));
});

it('lets in workloads of the own trust domain only, unless told otherwise', () => {
  expect(refusal(`Bearer ${theirs}`)).toMatchObject({
    code: 'jwt-unauthorized',
    statusCode: 403,
    headers: { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' },
    message:
      "JWT-SVID of 'spiffe://other/web': is not let in: trust domain 'other' is not the own one, 'td'; accept it with id(), memberOf(), within() or federated()",
  });
  expect(refusal(`Bearer ${token}`, { trustDomain: undefined, authorize: any() }).code).toBe('jwt-unauthorized');
});

it('refuses options by which nobody would be let in', () => {
  const call = () => authenticate(requestWith(`Bearer ${token}`), { ...OPTIONS, trustDomain: undefined });
  expect(call).toThrow(JwtError);
  expect(call).toThrow(
    "options: neither 'authorize' nor 'trustDomain' is given, so nobody would be let in; give one of them",
  );
});

it('lets in whom the authorizer lets in', () => {
  const request = requestWith(`Bearer ${theirs}`);
  expect(authenticate(request, { ...OPTIONS, authorize: memberOf('other') }).id.path).toBe('/web');
  expect(authenticate(request, { ...OPTIONS, trustDomain: undefined, authorize: memberOf('other') })).toBeDefined();
  expect(authenticate(request, { ...OPTIONS, authorize: federated(() => undefined) })).toBeDefined();
  expect(refusal(`Bearer ${token}`, { authorize: memberOf('other') }).statusCode).toBe(403);
  expect(refusal(`Bearer ${token}`, { authorize: (id) => `${id} is not on the list` }).message).toBe(
    "JWT-SVID of 'spiffe://td/web': is not let in: spiffe://td/web is not on the list",
  );
});

it('does not ask the authorizer about a token that is not valid', () => {
  const asked: string[] = [];
  const ask = federated((id) => {
    asked.push(id.toString());
    return undefined;
  });
  const forged = authority.jwtToken('/web', { alterSignature: (bytes) => bytes.reverse() });
  refusal(`Bearer ${forged}`, { authorize: ask });
  expect(asked).toEqual([]);
  authenticate(requestWith(`Bearer ${token}`), { ...OPTIONS, authorize: ask });
  expect(asked).toEqual(['spiffe://td/web']);
});

it('does not blame the request for options that make no sense', () => {
  const error = failure(() => authenticate(requestWith(`Bearer ${token}`), { ...OPTIONS, audience: [] }));
  expect(error).not.toBeInstanceOf(AuthenticationError);
  expect(error.code).toBe('jwt-options');
});

it('answers requests of Node.js', async () => {
  const server = createServer((request, response) => {
    try {
      response.end(authenticate(request, OPTIONS).id.toString());
    } catch (error) {
      const { statusCode, headers } = error as AuthenticationError;
      response.writeHead(statusCode, headers).end();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = async (authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const [response] = await once(send({ port, host: '127.0.0.1', headers, agent: false }).end(), 'response');
    let body = '';
    for await (const chunk of response) {
      body += chunk;
    }
    return [response.statusCode, response.headers['www-authenticate'], body];
  };
  try {
    expect(await ask(`Bearer ${token}`)).toEqual([200, undefined, 'spiffe://td/web']);
    expect(await ask()).toEqual([401, 'Bearer', '']);
    expect(await ask('Bearer a.b.c')).toEqual([401, 'Bearer error="invalid_token"', '']);
    expect(await ask(`Bearer ${theirs}`)).toEqual([403, 'Bearer error="insufficient_scope"', '']);
  } finally {
    server.close();
  }
});
