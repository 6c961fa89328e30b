import type { ProxyChoice } from '@spirekit/runtime/federation';
import { CommandFailure } from '../failure';
import { ProxyError, proxyOfEnvironment } from './fetching';

/** The proxy of the environment. @throws CommandFailure if it cannot be used */
export function proxyOfCommand(): ProxyChoice | undefined {
  try {
    return proxyOfEnvironment();
  } catch (error) {
    if (error instanceof ProxyError) throw new CommandFailure(error.message);
    throw error;
  }
}
