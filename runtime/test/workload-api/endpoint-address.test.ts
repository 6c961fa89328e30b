import { endpointAddress, parseEndpointAddress } from '../../src/workload-api/endpoint-address';
import { failure } from './fixtures';

test.each([
  ['unix:///run/agent.sock', { path: '/run/agent.sock' }],
  ['unix:/run/agent.sock', { path: '/run/agent.sock' }],
  ['unix:///a', { path: '/a' }],
  ['unix:////run//agent.sock', { path: '//run//agent.sock' }],
  ['unix:///run/../agent.sock', { path: '/run/../agent.sock' }],
  ['unix:///with%20space%3F%23%25', { path: '/with space?#%' }],
  ['unix:///a:b@c', { path: '/a:b@c' }],
  ['unix:///%C3%BC', { path: '/ü' }],
  [`unix:///${'x'.repeat(102)}`, { path: `/${'x'.repeat(102)}` }],
  ['tcp://127.0.0.1:8081', { host: '127.0.0.1', port: 8081 }],
  ['tcp://[::1]:65535', { host: '::1', port: 65535 }],
  ['tcp://[2001:db8::1]:1', { host: '2001:db8::1', port: 1 }],
])('reads %s', (uri, target) => {
  expect(parseEndpointAddress(uri)).toEqual({ uri, target });
});

const UNIX_OR_TCP = "write 'unix:///' and the path of a socket, or 'tcp://', an IP address, ':' and a port";
const NO_IP = "must name its host by an IP address; write one, as in 'tcp://127.0.0.1:8081' or 'tcp://[::1]:8081'";
const NO_PORT = "must name a port from 1 to 65535; write one after the IP address, as in 'tcp://127.0.0.1:8081'";

test.each([
  ['', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['agent.sock', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['/run/agent.sock', "must begin with unix: or tcp:; write 'unix:///run/agent.sock'"],
  [' unix:///run/agent.sock', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['UNIX:///run/agent.sock', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['http://127.0.0.1:80', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['npipe:pipe', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['://run', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['127.0.0.1:8081', `must begin with unix: or tcp:; ${UNIX_OR_TCP}`],
  ['unix:', "has no path; write the path of a socket after 'unix://'"],
  ['unix://', "has no path; write the path of a socket after 'unix://'"],
  ['unix:///', "has no path; write the path of a socket after 'unix://'"],
  ['unix:agent.sock', "has a relative path; write an absolute path, as in 'unix:///run/agent.sock'"],
  ['unix:@abstract', "has a relative path; write an absolute path, as in 'unix:///run/agent.sock'"],
  ['unix://host/run', "must not name a host; write three slashes after 'unix:', as in 'unix:///host/run'"],
  ['unix://user@host/run', "must not name a host; write three slashes after 'unix:', as in 'unix:///user@host/run'"],
  ['unix://run.sock', "must not name a host; write three slashes after 'unix:', as in 'unix:///run.sock'"],
  ['unix:///run?a=b', "must not have a query; remove it, or write a '?' of the path as '%3F'"],
  ['unix:///run?', "must not have a query; remove it, or write a '?' of the path as '%3F'"],
  ['unix:///run#a', "must not have a fragment; remove it, or write a '#' of the path as '%23'"],
  ['unix:///100%', "has a path that is not percent-encoded correctly; write a '%' of the path as '%25'"],
  ['unix:///a%00b', "has a path that is not percent-encoded correctly; write a '%' of the path as '%25'"],
  ['unix:///%ff', "has a path that is not percent-encoded correctly; write a '%' of the path as '%25'"],
  ['tcp:', "has no host; write 'tcp://', an IP address, ':' and a port"],
  ['tcp:127.0.0.1:80', "has no host; write 'tcp://', an IP address, ':' and a port"],
  ['tcp://', NO_IP],
  ['tcp://:80', NO_IP],
  ['tcp://localhost:80', NO_IP],
  ['tcp://1.2.3:80', NO_IP],
  ['tcp://0127.0.0.1:80', NO_IP],
  ['tcp://::1:80', NO_IP],
  ['tcp://[::1', NO_IP],
  ['tcp://[127.0.0.1]:80', NO_IP],
  ['tcp://127.0.0.1', NO_PORT],
  ['tcp://127.0.0.1:', NO_PORT],
  ['tcp://127.0.0.1:0', NO_PORT],
  ['tcp://127.0.0.1:65536', NO_PORT],
  ['tcp://127.0.0.1:-1', NO_PORT],
  ['tcp://127.0.0.1:8e1', NO_PORT],
  ['tcp://127.0.0.1:80 ', NO_PORT],
  ['tcp://user@127.0.0.1:80', "must not name a user; remove everything up to the '@'"],
  ['tcp://127.0.0.1:80/', "must not have a path; end it with the port, as in 'tcp://127.0.0.1:8081'"],
  ['tcp://127.0.0.1:80/a', "must not have a path; end it with the port, as in 'tcp://127.0.0.1:8081'"],
  ['tcp://127.0.0.1:80?a', "must not have a query; remove it, or write a '?' of the path as '%3F'"],
  ['tcp://127.0.0.1:80#a', "must not have a fragment; remove it, or write a '#' of the path as '%23'"],
])('refuses %j', (uri, message) => {
  const error = failure(() => parseEndpointAddress(uri));
  expect(error.code).toBe('bad-address');
  expect(error.message).toBe(`Workload API address '${uri}': ${message}`);
});

test('refuses a path that no socket can have', () => {
  const error = failure(() => parseEndpointAddress(`unix:///${'x'.repeat(107)}`));
  expect(error.code).toBe('bad-address');
  expect(error.message).toMatch(/: has a path of more than 10[37] bytes, which no socket can have; use a shorter path/);
});

test('refuses what is no text', () => {
  expect(failure(() => parseEndpointAddress(8081 as unknown as string)).message).toBe(
    "Workload API address 8081: must be a string; write one, such as 'unix:///run/spire/agent/public/api.sock'",
  );
});

test('the option goes before the environment', () => {
  const environment = { SPIFFE_ENDPOINT_SOCKET: 'unix:///from/environment' };
  expect(endpointAddress(undefined, environment).uri).toBe('unix:///from/environment');
  expect(endpointAddress('unix:///from/option', environment).uri).toBe('unix:///from/option');
  expect(failure(() => endpointAddress('', environment)).code).toBe('bad-address');
});

test.each([{}, { SPIFFE_ENDPOINT_SOCKET: '' }])('says what to set when nothing is: %j', (environment) => {
  const error = failure(() => endpointAddress(undefined, environment));
  expect(error.code).toBe('no-address');
  expect(error.message).toBe(
    'Workload API address: environment variable SPIFFE_ENDPOINT_SOCKET is not set; set it to the socket of the SPIRE ' +
      "agent, such as 'unix:///run/spire/agent/public/api.sock'; in Kubernetes mount a volume of the CSI driver " +
      "csi.spiffe.io at /spiffe-workload-api and set it to 'unix:///spiffe-workload-api/spire-agent.sock'",
  );
});
