import { any, federated } from '../../authorize';
import type { JsonObject } from '../../core/strict-json';
import { JwtError } from '../../jwt';
import type { JwtSource, X509Source } from '../../source';
import { connect, PeerError, peerId } from '../../tls';
import { type WorkloadApiClient, WorkloadApiError } from '../../workload-api';
import { peerAddress } from '../options';
import { messageOf } from '../program';
import type { Answer, Operation } from './control-server';

/** How long the first keys of JWT-SVIDs may take, in milliseconds. */
const KEYS_TIMEOUT_MS = 5_000;

/** How long a server may take to end a connection, in milliseconds. */
const CLOSE_TIMEOUT_MS = 1_000;

/** What the operations are done with. */
export interface OperationsOptions {
  readonly client: WorkloadApiClient;
  readonly x509: X509Source;
  /** Rejects when the Workload API offers no JWT-SVIDs. */
  readonly jwt: Promise<JwtSource>;
  readonly version: string;
}

/**
 * The operations of the control port. Each is one call of this package.
 *
 * @param options what they are done with
 */
export function operations({ client, x509, jwt, version }: OperationsOptions): Readonly<Record<string, Operation>> {
  return {
    'GET /v1/info': async () => ({
      status: 'ok',
      sdk: '@spirekit/runtime',
      sdk_version: version,
      language: 'typescript',
    }),

    'POST /v1/jwt/validate': (request) =>
      answer(async () => {
        const svid = (await inTime(jwt)).validate(textOf(request, 'token'), { audience: textOf(request, 'audience') });
        return { spiffe_id: svid.id.toString(), claims: svid.claims };
      }),

    'POST /v1/jwt/fetch': (request) =>
      answer(async () => {
        const id = request.spiffe_id === undefined ? '' : textOf(request, 'spiffe_id');
        const svids = await client.fetchJwtSvids({ audience: textsOf(request, 'audience'), ...(id !== '' && { id }) });
        return {
          svids: svids.map((svid) => ({ spiffe_id: svid.id.toString(), token: svid.token, hint: svid.hint ?? '' })),
        };
      }),

    'POST /v1/x509/dial': (request) =>
      answer(async () => {
        const address = peerAddress(textOf(request, 'address'));
        const socket = await connect({ source: x509, authorize: federated(any()), ...address });
        const id = peerId(socket).toString();
        // Not destroyed: the server would not get to see the end of the handshake.
        socket.on('error', () => undefined).resume();
        socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy()).end();
        return { spiffe_id: id };
      }),
  };
}

/** What was decided is told from what could not be: only the first is the verdict of this package on the input. */
async function answer(operation: () => Promise<object>): Promise<Answer> {
  try {
    return { status: 'ok', ...(await operation()) };
  } catch (error) {
    const isVerdict = error instanceof JwtError || error instanceof PeerError;
    const isUnknown = error instanceof WorkloadApiError && error.code === 'unimplemented';
    return { status: isVerdict ? 'rejected' : isUnknown ? 'unsupported' : 'error', message: messageOf(error) };
  }
}

/** The keys come from the Workload API, which may have none to give. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('the Workload API has not given the keys of JWT-SVIDs')),
      KEYS_TIMEOUT_MS,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function textOf(request: JsonObject, name: string): string {
  const value = request[name];
  if (typeof value !== 'string') {
    throw new Error(`the request has no text '${name}'`);
  }
  return value;
}

function textsOf(request: JsonObject, name: string): string[] {
  const value = request[name];
  if (!Array.isArray(value) || !value.every((each): each is string => typeof each === 'string')) {
    throw new Error(`the request has no list of texts '${name}'`);
  }
  return value;
}
