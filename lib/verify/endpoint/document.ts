import https from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { readBody } from '../read-body';

/** As much as SPIRE's own clients read of a bundle. */
const BYTES = 4 * 1024 * 1024;

/** An answer that is no document. */
export class AnswerError extends Error {}

/**
 * What an https server answers, over a way that is proven already, or where what it answers is proven by itself: its
 * certificate is not looked at.
 *
 * @param path of the document, with its query
 * @throws AnswerError if it answers with something else than a document, Error if it does not answer
 */
export function documentOver(way: Duplex, host: string, signal: AbortSignal, path = '/'): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(host);
    const request = https.get(
      {
        host,
        path,
        signal,
        headers: { Host: host, Connection: 'close' },
        // An agent would make connections of its own.
        createConnection: () =>
          connect({
            socket: way,
            rejectUnauthorized: false,
            ALPNProtocols: ['http/1.1'],
            ...(isName && { servername: host }),
          }),
      },
      (response) => {
        readBody(request, response, {
          bytes: BYTES,
          tooLong: () => new AnswerError(`the answer is longer than ${BYTES} bytes`),
          done: (body) => {
            if (response.statusCode === 200) resolve(body);
            else reject(new AnswerError(`the endpoint answers with HTTP ${response.statusCode}`));
          },
          fail: reject,
        });
      },
    );
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
  });
}
