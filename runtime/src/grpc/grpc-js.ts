import { quote } from '../id/quote';
import { TlsError } from '../tls';

/**
 * The module `@grpc/grpc-js`, which users of this entry point install themselves. Loaded when it is needed.
 *
 * @throws {@link TlsError} `option-invalid` when it is not installed
 */
export function grpc(): typeof import('@grpc/grpc-js') {
  try {
    return require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
  } catch (cause) {
    throw new TlsError('option-invalid', `module ${quote('@grpc/grpc-js')}: cannot be loaded; install it`, { cause });
  }
}
