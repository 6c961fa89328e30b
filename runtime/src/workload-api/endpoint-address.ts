import { isIP } from 'node:net';
import { quote } from '../id/quote';
import { WorkloadApiError } from './workload-api-error';

/** The environment variable that says where the Workload API listens. */
export const ENDPOINT_SOCKET = 'SPIFFE_ENDPOINT_SOCKET';

/** The length of `sun_path` less its final zero byte. Longer paths are cut off silently by some systems. */
const MAX_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

/** Where the Workload API listens. */
export interface EndpointAddress {
  /** The address as it was given, such as `unix:///run/spire/agent/public/api.sock`. */
  readonly uri: string;
  /** What to connect to: a path, or an IP address with its port. */
  readonly target: { readonly path: string } | { readonly host: string; readonly port: number };
}

/**
 * Finds out where the Workload API listens.
 *
 * @param option the address that the user gave, which goes before the environment
 * @param environment the variables of the process
 * @throws {@link WorkloadApiError} `no-address` when neither says it, `bad-address` when it is no valid address
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md#4-locating-the-endpoint
 */
export function endpointAddress(
  option: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): EndpointAddress {
  const text = option ?? environment[ENDPOINT_SOCKET];
  if (text === undefined || (option === undefined && text === '')) {
    throw new WorkloadApiError(
      'no-address',
      `Workload API address: environment variable ${ENDPOINT_SOCKET} is not set; set it to the socket of the SPIRE ` +
        "agent, such as 'unix:///run/spire/agent/public/api.sock'; in Kubernetes mount a volume of the CSI driver " +
        "csi.spiffe.io at /spiffe-workload-api and set it to 'unix:///spiffe-workload-api/spire-agent.sock'",
    );
  }
  return parseEndpointAddress(text);
}

/**
 * Reads the address of a Workload API: `unix:///absolute/path`, or `unix:/absolute/path`, which means the same, or
 * `tcp://IP:port`. Percent-encoding in a path is decoded.
 *
 * @param text the address
 * @throws {@link WorkloadApiError} `bad-address` when it is none
 */
export function parseEndpointAddress(text: string): EndpointAddress {
  if (typeof text !== 'string') {
    throw bad(text, 'must be a string', "write one, such as 'unix:///run/spire/agent/public/api.sock'");
  }
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  switch (text.slice(0, Math.max(colon, 0))) {
    case 'unix':
      return { uri: text, target: { path: socketPath(text, rest) } };
    case 'tcp':
      return { uri: text, target: hostAndPort(text, rest) };
    default:
      throw bad(text, 'must begin with unix: or tcp:', remedyForScheme(text));
  }
}

function remedyForScheme(text: string): string {
  return text.startsWith('/')
    ? `write ${quote(`unix://${text}`)}`
    : "write 'unix:///' and the path of a socket, or 'tcp://', an IP address, ':' and a port";
}

function socketPath(uri: string, rest: string): string {
  refuseTail(uri, rest);
  const hasAuthority = rest.startsWith('//');
  const path = hasAuthority ? rest.slice(2) : rest;
  if (hasAuthority && path !== '' && !path.startsWith('/')) {
    throw bad(uri, 'must not name a host', `write three slashes after 'unix:', as in ${quote(`unix:///${path}`)}`);
  }
  if (path === '' || /^\/+$/.test(path)) {
    throw bad(uri, 'has no path', "write the path of a socket after 'unix://'");
  }
  if (!path.startsWith('/')) {
    throw bad(uri, 'has a relative path', "write an absolute path, as in 'unix:///run/agent.sock'");
  }
  const decoded = decode(uri, path);
  if (Buffer.byteLength(decoded) > MAX_SOCKET_PATH) {
    throw bad(
      uri,
      `has a path of more than ${MAX_SOCKET_PATH} bytes, which no socket can have`,
      'use a shorter path, for example through a symbolic link',
    );
  }
  return decoded;
}

function decode(uri: string, path: string): string {
  try {
    const decoded = decodeURIComponent(path);
    if (!decoded.includes('\0')) {
      return decoded;
    }
  } catch {
    // Refused below, with the address in the message.
  }
  throw bad(uri, 'has a path that is not percent-encoded correctly', "write a '%' of the path as '%25'");
}

function hostAndPort(uri: string, rest: string): { host: string; port: number } {
  refuseTail(uri, rest);
  if (!rest.startsWith('//')) {
    throw bad(uri, 'has no host', "write 'tcp://', an IP address, ':' and a port");
  }
  const [authority = '', ...path] = rest.slice(2).split('/');
  if (path.length > 0) {
    throw bad(uri, 'must not have a path', "end it with the port, as in 'tcp://127.0.0.1:8081'");
  }
  if (authority.includes('@')) {
    throw bad(uri, 'must not name a user', "remove everything up to the '@'");
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/.exec(authority) ?? [];
  const host = bracketed ?? plain ?? '';
  if (isIP(host) !== (bracketed === undefined ? 4 : 6)) {
    throw bad(
      uri,
      'must name its host by an IP address',
      "write one, as in 'tcp://127.0.0.1:8081' or 'tcp://[::1]:8081'",
    );
  }
  const port = /^[0-9]{1,5}$/.test(digits ?? '') ? Number(digits) : 0;
  if (port < 1 || port > 65535) {
    throw bad(uri, 'must name a port from 1 to 65535', "write one after the IP address, as in 'tcp://127.0.0.1:8081'");
  }
  return { host, port };
}

function refuseTail(uri: string, rest: string): void {
  if (rest.includes('?')) {
    throw bad(uri, 'must not have a query', "remove it, or write a '?' of the path as '%3F'");
  }
  if (rest.includes('#')) {
    throw bad(uri, 'must not have a fragment', "remove it, or write a '#' of the path as '%23'");
  }
}

function bad(uri: unknown, fault: string, remedy: string): WorkloadApiError {
  return new WorkloadApiError('bad-address', `Workload API address ${quote(uri)}: ${fault}; ${remedy}`);
}
