import { ImageError, quoted } from '../../image';
import { retryAfter } from '../retry-after';
import { complaintOf, readBody, readRest } from './answer';
import { type Challenge, parseChallenges } from './challenge';
import type { Connections, HttpAnswer, HttpRequest } from './connections';
import { isPrivate } from './host';
import type { Login } from './login';
import { failureOf } from './network-problem';
import { type Attempt, refusal } from './refusal';
import { joinScopes } from './scope';
import { type Tries, TryAgain, trying } from './try-again';

/** Longest answer of a token server, in bytes. */
const LONGEST_TOKEN = 256 * 1024;

/** How long a token is good for if nobody says, in seconds. @see https://distribution.github.io/distribution/spec/auth/token/ */
const TOKEN_LIFETIME = 60;

interface Token {
  readonly header: string;
  /** On the clock of `performance.now()`, which nobody sets. */
  readonly end: number;
}

/**
 * Gets into one registry for one repository: by a password, or by tokens, which are used until they end. Nothing of it goes to
 * another host than the registry, and to the token server that the registry names; and nothing over a connection that others
 * can read.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export class Authorizer {
  #way: Challenge | undefined;
  #token: Token | undefined;
  #pending: Promise<Token> | undefined;
  #login: Promise<Login> | undefined;

  /** @param findLogin looks for credentials: called once, and only if the registry wants to know who asks */
  constructor(
    private readonly connections: Connections,
    private readonly base: URL,
    private readonly wanted: Omit<Attempt, 'login'>,
    private readonly findLogin: () => Promise<Login>,
    private readonly tries: Tries,
  ) {}

  /** The header `Authorization` for a request; undefined where none is needed or allowed. @throws ImageError if there is no way in */
  async headerFor(url: URL): Promise<string | undefined> {
    if (url.origin !== this.base.origin || this.#way === undefined) return undefined;
    if (this.#way.scheme === 'basic') return this.password();
    if (this.#token && performance.now() < this.#token.end) return this.#token.header;
    // Several requests at a time share one new token.
    this.#pending ??= this.newToken(this.#way).finally(() => {
      this.#pending = undefined;
    });
    this.#token = await this.#pending;
    return this.#token.header;
  }

  /**
   * Learns from an answer 401 what is wanted.
   *
   * @param used the header that was sent
   * @throws ImageError if it is nothing that can be given
   */
  learn({ headers }: HttpAnswer, used: string | undefined): void {
    const offered = parseChallenges(headers['www-authenticate'] ?? '');
    const bearer = offered.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
    this.#way = bearer ?? offered.find(({ scheme }) => scheme === 'basic');
    if (this.#way === undefined) {
      const schemes = offered.map(({ scheme }) => quoted(scheme)).join(', ') || 'nothing that it names';
      throw new ImageError(
        `registry ${quoted(this.registry)} wants credentials by ${schemes}, where 'Basic' or 'Bearer' with a realm is understood; check that it is a registry`,
      );
    }
    if (this.#token?.header === used) this.#token = undefined;
  }

  /** The error for whoever is not let in. @param complaint as of {@link refusal} */
  async refused(status: number, complaint: string): Promise<ImageError> {
    return refusal(await this.attempt(), status, complaint);
  }

  private async attempt(): Promise<Attempt> {
    this.#login ??= this.findLogin();
    return { ...this.wanted, login: await this.#login };
  }

  private get registry(): string {
    return this.wanted.reference.registry;
  }

  private async password(): Promise<string | undefined> {
    const attempt = await this.attempt();
    const { basic, isAnonymous } = attempt.login;
    // Some want credentials for a part of what they do: what happens without shows then.
    if (isAnonymous) return undefined;
    if (basic === undefined) throw refusal(attempt, 401, ' (it takes a user and a password alone)');
    if (!isPrivate(this.base)) throw this.readable('a password');
    return basic;
  }

  private async newToken(way: Challenge): Promise<Token> {
    const attempt = await this.attempt();
    if (!isPrivate(this.base) && !attempt.login.isAnonymous) throw this.readable('a token');
    const realm = this.realmOf(way);
    const scopes = joinScopes(scopeFor(attempt), way.parameters.get('scope') ?? '');
    const request = tokenRequest(realm, way.parameters.get('service'), scopes, attempt.login);
    return trying(this.tries, async () => {
      try {
        return await this.fetchToken(request, attempt);
      } catch (error) {
        throw failureOf(error, request.url, this.tries.signal, 'token server');
      }
    });
  }

  private readable(what: string): ImageError {
    return new ImageError(
      `registry ${quoted(this.registry)} wants ${what}, which is not sent over HTTP without TLS; give the registry a certificate, and leave out 'plainHttp'`,
    );
  }

  private realmOf(way: Challenge): URL {
    const text = way.parameters.get('realm') ?? '';
    const realm = URL.canParse(text) ? new URL(text) : undefined;
    const sends = `registry ${quoted(this.registry)} sends for a token to ${quoted(text)}`;
    if (!realm || !/^https?:$/.test(realm.protocol) || realm.username !== '' || realm.password !== '') {
      throw new ImageError(`${sends}, which is no URL of a token server; mend the registry's configuration`);
    }
    if (!isPrivate(realm)) {
      throw new ImageError(`${sends}, where credentials could be read on the way; give the token server a certificate`);
    }
    return realm;
  }

  private async fetchToken(request: HttpRequest, attempt: Attempt): Promise<Token> {
    const server = `token server ${quoted(request.url.host)} of registry ${quoted(this.registry)}`;
    const begun = performance.now();
    const answer = await this.connections.send(request);
    const { status, headers } = answer;
    if (status === 200) return this.readToken(answer, server, begun);
    const complaint = complaintOf(await readRest(answer));
    if (status === 429 || status >= 500) {
      const give = (tries: number) =>
        new ImageError(`${server} answered ${status}${complaint}, ${tries} times; try again later`);
      throw new TryAgain(give, retryAfter(headers['retry-after']));
    }
    if (status === 400 || status === 401 || status === 403) {
      throw refusal(
        attempt,
        status === 400 ? 401 : status,
        complaint || ` (by the token server ${quoted(request.url.host)})`,
      );
    }
    throw new ImageError(`${server} answers ${status}${complaint}; check the registry's configuration`);
  }

  private async readToken(answer: HttpAnswer, server: string, begun: number): Promise<Token> {
    const wrong = () =>
      new ImageError(`${server} answers with something else than a token; check the registry's configuration`);
    const body = await readBody(answer, LONGEST_TOKEN, wrong);
    let token: unknown;
    let lifetime: unknown;
    try {
      const parsed = JSON.parse(body.toString('utf8'));
      token = parsed.token || parsed.access_token;
      lifetime = parsed.expires_in;
    } catch {
      throw wrong(); // without what JSON.parse() says: it quotes the text
    }
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw wrong();
    const seconds = typeof lifetime === 'number' && lifetime > 0 ? lifetime : TOKEN_LIFETIME;
    // A request that begins before the end may arrive after it.
    return { header: `Bearer ${token}`, end: begun + seconds * 900 };
  }
}

/** What is asked for: whoever pushes also asks what is there already. */
function scopeFor({ reference, access }: Attempt): string {
  return `repository:${reference.repository}:${access === 'push' ? 'pull,push' : 'pull'}`;
}

function tokenRequest(realm: URL, service: string | undefined, scopes: readonly string[], login: Login): HttpRequest {
  if (login.identityToken !== undefined) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      ...(service !== undefined && { service }),
      client_id: 'spirekit',
      scope: scopes.join(' '),
      refresh_token: login.identityToken,
    });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (login.username !== undefined) url.searchParams.set('account', login.username);
  const headers = { Accept: 'application/json', ...(login.basic !== undefined && { Authorization: login.basic }) };
  return { method: 'GET', url, headers };
}
