/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/SpiffeError');

/**
 * What every error of this package is, but for refused names (`IdError`): a stable `code`, and a message that says what
 * was looked at, what is wrong with it and what to do. No error ever holds key material or a token.
 */
export class SpiffeError<Code extends string = string> extends Error {
  /**
   * Whether a value is an error of this package, also one of another loaded copy of it, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is SpiffeError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** What is wrong. Codes are stable; messages may be reworded. */
  readonly code: Code;

  /**
   * @param code what is wrong
   * @param message what was looked at, what is wrong with it, and what to do: `subject: fault; remedy`
   * @param options the error that led to this one
   */
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  static {
    // On the prototype, so that a printed error shows its own fields only.
    Object.defineProperty(SpiffeError.prototype, BRAND, { value: true });
    Object.defineProperty(SpiffeError.prototype, 'name', { value: 'SpiffeError' });
  }
}

/**
 * Gives a class of errors its name, which minifiers would change.
 *
 * @param type a class that extends {@link SpiffeError}
 * @param name its name, as it is exported
 */
export function nameError(type: { readonly prototype: SpiffeError }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name });
}
