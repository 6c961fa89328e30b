import { type AuthorizeOption, any, authorize } from '../authorize';
import type { JwtBundleSource } from '../bundle';
import { nameError } from '../core';
import type { TrustDomain } from '../id';
import { quote } from '../id/quote';
import { JwtError, type JwtErrorCode } from './jwt-error';
import type { JwtSvid } from './jwt-svid';
import { type ValidateJwtSvidOptions, validateJwtSvid } from './validate';

/** What is looked at of a request: the requests of Node.js, Express and Fastify are such. */
export interface RequestWithHeaders {
  /** The headers, by their names in lowercase; of them `authorization`, with the scheme `Bearer`. */
  readonly headers: { readonly authorization?: string | undefined };
}

/** Whom {@link authenticate} lets in. */
export interface AuthenticateOptions extends ValidateJwtSvidOptions {
  /** The trust domains that are believed. */
  readonly bundles: JwtBundleSource;

  /**
   * The own trust domain, to which authorizers that name no other are held.
   *
   * @default - none: `authorize` has to name IDs or trust domains
   */
  readonly trustDomain?: TrustDomain;

  /**
   * Which workloads are let in.
   *
   * @default any(), every workload of the own trust domain, which has to be given then
   */
  readonly authorize?: AuthorizeOption;
}

/**
 * A request that is not let in, with what to answer it. Express and Fastify answer by themselves with the status code and
 * the header; Fastify, and Express in development, put the message into the body, which tells the caller what is
 * wrong with the token and no secret. Whoever wants to tell nothing sets an error handler.
 */
export class AuthenticationError extends JwtError {
  /** 401 without a valid token, 403 with the token of a workload that is not let in. */
  readonly statusCode: 401 | 403;

  /** The header that belongs to the answer. */
  readonly headers: { readonly 'WWW-Authenticate': string };

  /**
   * @param code what is wrong
   * @param message the same in words
   * @param options the error that led to this one
   */
  constructor(code: JwtErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.statusCode = code === 'jwt-unauthorized' ? 403 : 401;
    this.headers = Object.freeze({ 'WWW-Authenticate': challenge(code) });
  }

  static {
    nameError(AuthenticationError, 'AuthenticationError');
  }
}

/**
 * Who sends a request, by the JWT-SVID in its header `Authorization: Bearer …`.
 *
 * ```ts
 * app.use((request, response, next) => {
 *   response.locals.peer = authenticate(request, { bundles, audience: 'shop', authorize: memberOf('example.org') }).id;
 *   next();
 * });
 * ```
 *
 * @param request the request
 * @param options whom to believe, and whom to let in
 * @returns the verified SVID
 * @throws {@link AuthenticationError} with the status code and the header of the answer; {@link JwtError} `jwt-options`
 * when the options make no sense
 * @see https://www.rfc-editor.org/rfc/rfc6750
 */
export function authenticate(request: RequestWithHeaders, options: AuthenticateOptions): JwtSvid {
  if (options.authorize === undefined && options.trustDomain === undefined) {
    throw new JwtError(
      'jwt-options',
      "options: neither 'authorize' nor 'trustDomain' is given, so nobody would be let in; give one of them",
    );
  }
  const svid = validate(bearerToken(request), options);
  const refusal = authorize(svid.id, options.trustDomain, options.authorize ?? any());
  if (refusal !== undefined) {
    throw new AuthenticationError(
      'jwt-unauthorized',
      `JWT-SVID of ${quote(svid.id.toString())}: is not let in: ${refusal}`,
    );
  }
  return svid;
}

function validate(token: string, options: AuthenticateOptions): JwtSvid {
  try {
    return validateJwtSvid(token, options.bundles, options);
  } catch (error) {
    if (error instanceof JwtError && error.code !== 'jwt-options') {
      throw new AuthenticationError(error.code, error.message, { cause: error });
    }
    throw error;
  }
}

/** The token of the header. More than one space, which the grammar allows, is no reason to refuse it. */
function bearerToken(request: RequestWithHeaders): string {
  const header: unknown = request.headers?.authorization;
  const match = typeof header === 'string' ? /^bearer +(\S+)$/i.exec(header) : null;
  if (match?.[1] === undefined) {
    throw new AuthenticationError(
      'jwt-missing',
      "request: has no token in its header 'Authorization'; send 'Bearer' and a JWT-SVID",
    );
  }
  return match[1];
}

/** A request that has not tried is told how to, and no more. */
function challenge(code: JwtErrorCode): string {
  switch (code) {
    case 'jwt-missing':
      return 'Bearer';
    case 'jwt-unauthorized':
      return 'Bearer error="insufficient_scope"';
    default:
      return 'Bearer error="invalid_token"';
  }
}
