import { nameError, SpiffeError } from './spiffe-error';

/**
 * Why a text is not read:
 * - `json-too-large`, `json-too-deep`, `json-number`: it is beyond what is read;
 * - `json-encoding`: its bytes are no UTF-8, it begins with a byte order mark, or a character is half a surrogate pair;
 * - `json-duplicate`: an object has two members of one name;
 * - `json-syntax`: it is no JSON.
 */
export type JsonErrorCode =
  | 'json-too-large'
  | 'json-too-deep'
  | 'json-number'
  | 'json-encoding'
  | 'json-duplicate'
  | 'json-syntax';

/** A text that is not read as JSON. The message names the fault and its place, and is a part of a sentence. */
export class JsonError extends SpiffeError<JsonErrorCode> {
  /** Where the fault is: UTF-16 units from the beginning, or bytes when the bytes are no UTF-8. */
  readonly offset: number;

  /**
   * @param code what is wrong
   * @param fault the same in words
   * @param offset where the fault is
   */
  constructor(code: JsonErrorCode, fault: string, offset: number) {
    super(code, fault);
    this.offset = offset;
  }

  static {
    nameError(JsonError, 'JsonError');
  }
}
