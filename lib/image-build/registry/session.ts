import { ImageError, type ImageReference, quoted } from '../../image';
import { SILENT } from '../progress';
import { retryAfter } from '../retry-after';
import { codeOf, complaintOf, isPage, readRest } from './answer';
import { Authorizer } from './authorize';
import { Connections, type HttpAnswer, type HttpRequest } from './connections';
import { loginFor } from './credentials';
import { baseUrls, trustFor } from './host';
import { failureOf, networkProblem, speaksNoTls } from './network-problem';
import type { RegistryOptions } from './options';
import type { Access } from './refusal';
import { type Tries, TryAgain, trying } from './try-again';

/** So long a registry may take to say at all that it is one, in milliseconds. */
const GREETING = 30_000;

/** How often one answer may lead to the next. */
const MOST_REDIRECTS = 5;

/** Requests to one registry, for one repository: authorized, led to where the registry leads, and held to clear errors. */
export class RegistrySession {
  /**
   * Finds out how the registry is spoken to.
   *
   * @throws ImageError if it is none, or does not answer
   */
  static async open(reference: ImageReference, access: Access, options: RegistryOptions): Promise<RegistrySession> {
    const { tries, pause, timeout } = checkedNumbers(options);
    const { progress = SILENT, signal } = options;
    const connections = new Connections(trustFor(reference, options), timeout, signal);
    const retries = { tries, pause, signal, progress };
    const step = progress.step(`registry ${quoted(reference.registry)}`);
    try {
      const [first, ...others] = baseUrls(reference, options);
      const login = () => loginFor(reference, options);
      const make = (base: URL) =>
        new RegistrySession(
          reference,
          base,
          connections,
          new Authorizer(connections, base, { reference, access }, login, retries),
          retries,
        );
      let session = make(first as URL);
      for (const other of others) {
        if (await session.speaksTls()) break;
        session = make(other);
      }
      await trying(retries, () => session.greet());
      return session;
    } catch (error) {
      connections.close();
      throw error;
    } finally {
      step.done();
    }
  }

  private constructor(
    readonly reference: ImageReference,
    private readonly base: URL,
    private readonly connections: Connections,
    private readonly authorizer: Authorizer,
    readonly tries: Tries,
  ) {}

  /** The URL of something in the repository, such as `blobs/sha256:…`. */
  url(path: string): URL {
    return new URL(`${this.reference.repository}/${path}`, this.base);
  }

  /** The registry in quotes, for messages. */
  get name(): string {
    return `registry ${quoted(this.reference.registry)}`;
  }

  /** Asks until there is an answer. @throws ImageError for a status that is not accepted */
  ask(request: HttpRequest, accepted: readonly number[]): Promise<HttpAnswer> {
    return trying(this.tries, () => this.askOnce(request, accepted));
  }

  /** Asks once. @throws TryAgain for what may go well the next time, ImageError for what will not */
  async askOnce(request: HttpRequest, accepted: readonly number[]): Promise<HttpAnswer> {
    try {
      return await this.send(request, accepted);
    } catch (error) {
      throw failureOf(error, request.url, this.tries.signal);
    }
  }

  /** Asks until there is an answer that could be read. @throws ImageError for a status that is not accepted */
  askFor<T>(request: HttpRequest, accepted: readonly number[], read: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    return trying(this.tries, async () => {
      const answer = await this.askOnce(request, accepted);
      try {
        return await read(answer);
      } catch (error) {
        throw failureOf(error, request.url, this.tries.signal);
      }
    });
  }

  /** Where an answer leads to. @throws ImageError if that is nowhere, or less safe than where it comes from */
  locationOf({ headers }: HttpAnswer, from: URL): URL {
    const { location = '' } = headers;
    const to = location !== '' && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
    const leads = `${this.name} leads from ${shown(from)} to ${to ? shown(to) : quoted(location)}`;
    if (!to || !/^https?:$/.test(to.protocol) || to.username !== '' || to.password !== '') {
      throw new ImageError(`${leads}, which is no URL to go to; check that it is a registry`);
    }
    if (from.protocol === 'https:' && to.protocol !== 'https:') {
      throw new ImageError(
        `${leads}, where the image could be altered on the way; have the proxy before it send 'X-Forwarded-Proto: https'`,
      );
    }
    return to;
  }

  /** Ends all connections. */
  close(): void {
    this.connections.close();
  }

  private async send(request: HttpRequest, accepted: readonly number[]): Promise<HttpAnswer> {
    let { url } = request;
    let isKnown = false;
    for (let redirects = 0; ; ) {
      const authorization = await this.authorizer.headerFor(url);
      const headers = { ...request.headers, ...(authorization !== undefined && { Authorization: authorization }) };
      const answer = await this.sendTo({ ...request, url, headers });
      const { status } = answer;
      if (status === 401 && !isKnown && url.origin === this.base.origin) {
        await readRest(answer);
        this.authorizer.learn(answer, authorization);
        isKnown = true;
      } else if (isRedirect(status) && (request.method === 'GET' || request.method === 'HEAD')) {
        await readRest(answer);
        redirects += 1;
        if (redirects > MOST_REDIRECTS) {
          throw new ImageError(`${this.name} leads ${shown(request.url)} on and on; check that it is a registry`);
        }
        url = this.locationOf(answer, url);
      } else if (accepted.includes(status) && !(status === 200 && isPage(answer))) {
        return answer;
      } else {
        throw await this.problem(answer, request, url);
      }
    }
  }

  private async sendTo(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.connections.send(request);
    } catch (error) {
      const role = request.url.origin === this.base.origin ? 'registry' : `server to which ${this.name} leads,`;
      throw failureOf(error, request.url, this.tries.signal, role);
    }
  }

  private async problem(answer: HttpAnswer, { method, url: asked }: HttpRequest, url: URL): Promise<Error> {
    const { status, headers } = answer;
    const body = await readRest(answer);
    const complaint = complaintOf(body);
    const answers = `${this.name} answers ${status} to ${method} ${asked.pathname}`;
    if (status === 429 || status === 408 || (status >= 500 && ![501, 505, 507].includes(status))) {
      const remedy =
        status === 429
          ? 'wait a while, or log in: it has a limit'
          : 'try again later: what has arrived is not sent again';
      const after = retryAfter(headers['retry-after']);
      const wish = after !== undefined && after > 60_000 ? ` and asks to wait for ${Math.ceil(after / 1000)} s` : '';
      const times = (tries: number) => (tries > 1 ? `, ${tries} times` : '');
      return new TryAgain((tries) => new ImageError(`${answers}${complaint}${wish}${times(tries)}; ${remedy}`), after);
    }
    if (url.origin !== this.base.origin) {
      return new ImageError(
        `${this.name} leads ${asked.pathname} to ${quoted(url.host)}, which answers ${status}; try again, or ask who runs the registry`,
      );
    }
    if (isPage(answer)) {
      return new ImageError(
        `${this.name} answers ${status} with a page for people to ${method} ${asked.pathname}; check host and port, and the proxy before it`,
      );
    }
    if (status === 401 || status === 403) return this.authorizer.refused(status, complaint);
    return new Refused(`${answers}${complaint}; ${remedyFor(status)}`, status, codeOf(body));
  }

  private noRegistry(what: string): ImageError {
    return new ImageError(`${quoted(this.base.host)} ${what}, so it is no registry; check host and port`);
  }

  private get greeting(): HttpRequest {
    return { method: 'GET', url: this.base, timeout: Math.min(this.connections.timeout, GREETING) };
  }

  /** Whether TLS is spoken there, well or badly. */
  private async speaksTls(): Promise<boolean> {
    try {
      await readRest(await this.connections.send(this.greeting));
      return true;
    } catch (error) {
      if (this.tries.signal?.aborted) throw error;
      return !speaksNoTls(error);
    }
  }

  /** Asks for nothing, as the protocol begins: a registry answers, and says whether it wants credentials. */
  private async greet(): Promise<void> {
    const request = this.greeting;
    try {
      const answer = await this.connections.send(request);
      const { status } = answer;
      if (status === 401) {
        await readRest(answer);
        this.authorizer.learn(answer, undefined);
      } else if (isRedirect(status)) {
        await readRest(answer);
        throw this.noRegistry(`leads to ${quoted(this.locationOf(answer, this.base).origin)}`);
      } else if (status !== 200 || isPage(answer)) {
        const error = await this.problem(answer, request, this.base);
        if (error instanceof TryAgain || (status === 403 && !isPage(answer))) throw error;
        throw this.noRegistry(`answers ${status} ${isPage(answer) ? 'with a page for people ' : ''}to GET /v2/`);
      } else {
        await readRest(answer);
      }
    } catch (error) {
      // Who refuses the first connection is not there; later on, it is one that begins anew.
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
      throw isAbsent ? networkProblem(error, this.base) : failureOf(error, this.base, this.tries.signal);
    }
  }
}

/** A registry understood, and refused for a reason of its own. */
export class Refused extends ImageError {
  constructor(
    message: string,
    readonly status: number,
    /** What the registry calls it, such as `BLOB_UPLOAD_INVALID`. */
    readonly code: string | undefined,
  ) {
    super(message);
    // Not enumerable: Node prints enumerable properties of an uncaught error below its message, which says it all.
    for (const name of ['status', 'code'] as const) Object.defineProperty(this, name, { enumerable: false });
  }
}

function remedyFor(status: number): string {
  if (status === 404) return 'check the name; some registries want a repository to be made before it is pushed to';
  if (status === 413) return 'it is too long for the registry or a proxy before it: raise their limit';
  if (status === 405) return 'check that it can be written to: caches of other registries cannot';
  if (status === 507) return 'it has no space left';
  return 'it says no more: look into its log';
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** A URL for a message, without what may be secret in it. */
function shown({ origin, pathname }: URL): string {
  return quoted(`${origin}${pathname}`);
}

function checkedNumbers({ tries = 5, pause = 500, timeout = 120_000 }: RegistryOptions): {
  readonly tries: number;
  readonly pause: number;
  readonly timeout: number;
} {
  const numbers = { tries, pause, timeout };
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === 'pause' ? 0 : 1;
    if (!Number.isSafeInteger(value) || value < least || value > 2 ** 31 - 1) {
      throw new ImageError(`option '${name}' is ${String(value)}; write a whole number from ${least} on`);
    }
  }
  return numbers;
}
