import { readStatus, responseFault } from '../../../src/workload-api/grpc/status';

/** Headers as Node.js gives them, where its types say otherwise of `:status`. */
function faultOf(headers: Record<string, string | number>): unknown {
  return responseFault(headers as unknown as Parameters<typeof responseFault>[0]);
}

test('no status, and a good one', () => {
  expect(readStatus({})).toBeUndefined();
  expect(readStatus({ 'grpc-status': '0', 'grpc-message': 'ignored' })).toBe('ok');
});

test.each([
  [1, 'unavailable', 'Cancelled'],
  [2, 'failed', 'Unknown'],
  [3, 'invalid-argument', 'InvalidArgument'],
  [4, 'deadline-exceeded', 'DeadlineExceeded'],
  [5, 'failed', 'NotFound'],
  [6, 'failed', 'AlreadyExists'],
  [7, 'permission-denied', 'PermissionDenied'],
  [8, 'failed', 'ResourceExhausted'],
  [9, 'failed', 'FailedPrecondition'],
  [10, 'failed', 'Aborted'],
  [11, 'failed', 'OutOfRange'],
  [12, 'unimplemented', 'Unimplemented'],
  [13, 'failed', 'Internal'],
  [14, 'unavailable', 'Unavailable'],
  [15, 'failed', 'DataLoss'],
  [16, 'failed', 'Unauthenticated'],
  [17, 'failed', 'status 17'],
  [999, 'failed', 'status 999'],
])('status %d is %s', (status, code, name) => {
  const headers = { 'grpc-status': String(status), 'grpc-message': 'why' };
  expect(readStatus(headers)).toMatchObject({ code, grpcStatus: status, reason: `the server answers ${name} 'why'` });
  expect(readStatus({ 'grpc-status': String(status) })).toMatchObject({ reason: `the server answers ${name}` });
});

test.each([
  ['plain text', 'plain text'],
  ['100%25 %41', '100% A'],
  ['%C3%BC', '\\u{fc}'],
  ['100%', '100%'],
  ['%zz%4', '%zz%4'],
  ['%0aforged: line', '\\u{a}forged: line'],
  ['%ff', '\\u{fffd}'],
  ['\u00fc', '\\u{fffd}'],
])('decodes the message %j', (message, shown) => {
  expect(readStatus({ 'grpc-status': '2', 'grpc-message': message })).toMatchObject({
    reason: `the server answers Unknown '${shown}'`,
  });
});

test.each(['', 'x', '-1', '1.0', '0x1', '1e1', ' 0', '1000'])('%j is no status', (status) => {
  expect(readStatus({ 'grpc-status': status })).toMatchObject({
    code: 'bad-response',
    reason: `the status '${status}' is no gRPC status`,
  });
});

test.each<[Record<string, string | number>, string, string]>([
  [{ ':status': 404 }, 'bad-response', 'the answer has the HTTP status 404, where gRPC has 200'],
  [{ ':status': 302 }, 'bad-response', 'the answer has the HTTP status 302, where gRPC has 200'],
  [{ ':status': 429 }, 'unavailable', 'the answer has the HTTP status 429'],
  [{ ':status': 503 }, 'unavailable', 'the answer has the HTTP status 503'],
  [{ ':status': 200 }, 'bad-response', "the answer has the content type undefined, where gRPC has 'application/grpc'"],
  [
    { ':status': 200, 'content-type': 'text/html' },
    'bad-response',
    "the answer has the content type 'text/html', where gRPC has 'application/grpc'",
  ],
  [
    { ':status': 200, 'content-type': 'application/grpc-web' },
    'bad-response',
    "the answer has the content type 'application/grpc-web', where gRPC has 'application/grpc'",
  ],
  [
    { ':status': 200, 'content-type': 'application/grpc+json' },
    'bad-response',
    "the answer has the content type 'application/grpc+json', where gRPC has 'application/grpc'",
  ],
  [
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' },
    'bad-response',
    "the answer is encoded as 'gzip', which was not offered",
  ],
])('refuses the headers %j', (headers, code, reason) => {
  expect(faultOf(headers)).toMatchObject({ code, reason });
});

test.each(['application/grpc', 'application/grpc+proto', 'application/grpc;charset=utf-8', 'Application/GRPC'])(
  'takes the content type %s',
  (type) => {
    expect(faultOf({ ':status': 200, 'content-type': type })).toBeUndefined();
    expect(faultOf({ ':status': 200, 'content-type': type, 'grpc-encoding': 'identity' })).toBeUndefined();
  },
);
