import { JwtSource } from '@spirekit/runtime';
import { memberOf } from '@spirekit/runtime/authorize';
import { authenticate } from '@spirekit/runtime/jwt';

const source = await JwtSource.create();
const { token } = await source.jwtSvid({ audience: 'spiffe://east.example.com/ns/shop/sa/payments' });
export const headers = { authorization: `Bearer ${token}` };

/** For a request of node:http, Express or Fastify: who sends it, or an error with statusCode 401 or 403. */
export const callerOf = (request: { headers: { authorization?: string } }) =>
  authenticate(request, {
    bundles: source,
    audience: 'spiffe://east.example.com/ns/shop/sa/payments',
    authorize: memberOf('east.example.com'),
  }).id;
