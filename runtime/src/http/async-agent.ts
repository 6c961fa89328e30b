import type { ClientRequest } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Created = (error: Error | null, socket?: Duplex) => void;

/** What an agent of Node.js does not document, or documents as nobody else's to change. The same in Node.js 20 to 24. */
interface Pool {
  readonly sockets: Record<string, Duplex[] | undefined>;
  readonly requests: Record<string, ClientRequest[] | undefined>;
  /** The number of connections, whereto whatever they lead. */
  totalSocketCount: number;
  /** Forgets a connection that is over, and makes one for the first request that is queued, which stays there until then. */
  removeSocket(socket: Duplex, options: RequestOptions): void;
}

/**
 * An agent whose `createConnection` takes its time. An agent of Node.js allows for that, but it would count a connection
 * only when it is made, so that a burst of requests goes beyond the limits; and when none can be made, requests that are
 * queued would wait for ever.
 *
 * Here a connection counts from the start, and one that cannot be made is like one that has ended: the request that it
 * was for fails, and there is another try for the next one in the queue.
 */
export class AsyncAgent extends HttpsAgent {
  /**
   * Makes a connection. Node.js calls this for requests that are below the limits, and for those that are queued.
   *
   * @param request what it is for
   * @param options where to
   * @param created gets the connection or the error
   * @internal
   */
  createSocket(request: ClientRequest, options: RequestOptions, created: Created): void {
    const pool = this as unknown as Pool;
    const name = this.getName(options);
    const wasQueued = pool.requests[name]?.includes(request) ?? false;
    // Keeps the place of the connection.
    const place = new Socket();
    pool.sockets[name] ??= [];
    pool.sockets[name].push(place);
    pool.totalSocketCount += 1;
    const done: Created = (error, socket) => {
      pool.totalSocketCount -= 1;
      if (!error) {
        // Node.js has counted the connection itself by now.
        remove(pool.sockets, name, place);
        created(null, socket);
        return;
      }
      // One that was queued may have got another connection meanwhile, and then has not failed.
      if (!wasQueued || remove(pool.requests, name, request)) {
        created(error);
      }
      pool.removeSocket(place, options);
    };
    // @ts-expect-error The types do not know it.
    super.createSocket(request, options, done);
  }
}

/** Takes something out of a list, and the list away once it is empty. @returns whether it was there */
function remove<T>(lists: Record<string, T[] | undefined>, name: string, item: T): boolean {
  const list = lists[name] ?? [];
  const index = list.indexOf(item);
  if (index < 0) {
    return false;
  }
  list.splice(index, 1);
  if (list.length === 0) {
    delete lists[name];
  }
  return true;
}
