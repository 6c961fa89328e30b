import { AccessError, connectionProblem, refusal } from '../../../lib/verify/kube/access-error';

const status = (message: string, details?: object) =>
  JSON.stringify({ kind: 'Status', message, ...(details && { details }) });

// As a real API server (1.34) says it.
test.each([
  [
    401,
    status('Unauthorized'),
    'unauthenticated',
    'the API server does not accept the credentials (Unauthorized); they may have expired',
  ],
  [
    403,
    status('pods is forbidden: User "a" cannot list resource "pods" in API group "" at the cluster scope', {
      kind: 'pods',
    }),
    'forbidden',
    'pods is forbidden: User "a" cannot list resource "pods" in API group "" at the cluster scope',
  ],
  [404, status('secrets "a" not found', { name: 'a', kind: 'secrets' }), 'not-found', 'secrets "a" not found'],
  [404, '404 page not found\n', 'not-installed', 'the API server does not know things'],
  [
    404,
    status('the server could not find the requested resource', {}),
    'not-installed',
    'the API server does not know things',
  ],
  [500, status('etcdserver: leader changed'), 'failed', 'HTTP 500: etcdserver: leader changed'],
  [502, '<html>', 'failed', 'HTTP 502: <html>'],
  [503, '', 'failed', 'HTTP 503'],
])('%s %s', (code, body, problem, message) => {
  const error = refusal(code, body, 'things');
  expect({ problem: error.problem, message: error.message }).toEqual({ problem, message });
});

const failed = (code: string, message = 'no') => Object.assign(new Error(message), { code });

test.each([
  [failed('ECONNREFUSED'), 'unreachable', 'https://a is not reachable: nothing listens there (ECONNREFUSED)'],
  [failed('ENOTFOUND'), 'unreachable', 'https://a is not reachable: the host has no address (ENOTFOUND)'],
  [
    new AggregateError([failed('EHOSTUNREACH')]),
    'unreachable',
    'https://a is not reachable: there is no way to the host (EHOSTUNREACH)',
  ],
  [{ error: failed('ECONNRESET') }, 'unreachable', 'https://a is not reachable: the connection was reset (ECONNRESET)'],
  [
    failed('SELF_SIGNED_CERT_IN_CHAIN'),
    'untrusted',
    'the certificate of https://a is not believed: no (SELF_SIGNED_CERT_IN_CHAIN)',
  ],
  [failed('CERT_HAS_EXPIRED'), 'untrusted', 'the certificate of https://a is not believed: no (CERT_HAS_EXPIRED)'],
  [
    failed('ERR_SSL', 'tlsv13 alert certificate expired'),
    'unauthenticated',
    'https://a refuses the client certificate: tlsv13 alert certificate expired',
  ],
  [new Error('strange'), 'failed', 'https://a: strange'],
  ['text', 'failed', 'https://a: text'],
])('%#', (error, problem, message) => {
  const found = connectionProblem(error, 'https://a');
  expect({ problem: found.problem, message: found.message }).toEqual({ problem, message });
});

test('what concerns the cluster as a whole', () => {
  const of = (problem: AccessError['problem']) => new AccessError(problem, '');
  expect(
    (['unreachable', 'untrusted', 'unauthenticated', 'forbidden', 'timeout'] as const).map(
      (each) => of(each).concernsCluster,
    ),
  ).toEqual([true, true, true, false, false]);
  expect([AccessError.is(of('failed')), AccessError.is(of('failed'), 'timeout'), AccessError.is(new Error())]).toEqual([
    true,
    false,
    false,
  ]);
  expect(connectionProblem(of('timeout'), 'a').problem).toBe('timeout');
});
