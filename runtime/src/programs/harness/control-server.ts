import { createServer, type IncomingMessage, type Server } from 'node:http';
import { isJsonObject, type JsonObject, readJson } from '../../core/strict-json';
import { messageOf } from '../program';

/** How an operation ended, in the words of the contract. */
export type Status = 'ok' | 'rejected' | 'error' | 'unsupported';

/** The answer of an operation. */
export interface Answer {
  readonly status: Status;
  /** What is said about it, for reports. */
  readonly message?: string;
  readonly [member: string]: unknown;
}

/** An operation of the control port. */
export type Operation = (request: JsonObject) => Promise<Answer>;

const HTTP_STATUS: Readonly<Record<Status, number>> = { ok: 200, rejected: 422, error: 500, unsupported: 501 };

/** The longest request: a token with much in it. */
const MAX_BYTES = 1024 * 1024;

/**
 * Makes the server of the control port: JSON over HTTP.
 *
 * @param operations what it can do, by method and path, such as `POST /v1/x509/dial`
 */
export function createControlServer(operations: Readonly<Record<string, Operation>>): Server {
  return createServer((request, response) => {
    void perform(operations, request).then((answer) => {
      const body = JSON.stringify(answer);
      response.writeHead(HTTP_STATUS[answer.status], { 'content-type': 'application/json' });
      response.end(body);
    });
  });
}

async function perform(operations: Readonly<Record<string, Operation>>, request: IncomingMessage): Promise<Answer> {
  const name = `${request.method} ${request.url}`;
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined) {
    return { status: 'unsupported', message: `there are ${Object.keys(operations).join(', ')}` };
  }
  try {
    return await operation(request.method === 'GET' ? {} : await readBody(request));
  } catch (error) {
    return { status: 'error', message: messageOf(error) };
  }
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) {
      throw new Error(`the request is longer than ${MAX_BYTES} bytes`);
    }
  }
  const body = readJson(Buffer.concat(chunks));
  if (!isJsonObject(body)) {
    throw new Error('the request is no JSON object');
  }
  return body;
}
