import type { IdError } from '@spirekit/runtime/id';
import type { TemplateProblem } from './template-scan';

/** The error of a refused ID or trust domain as message and remedy, which its text has in this order. */
export function idProblem({ message }: IdError): TemplateProblem {
  const remedyAt = message.lastIndexOf('; ');
  return { message: message.slice(message.indexOf('is not valid: '), remedyAt), remedy: message.slice(remedyAt + 2) };
}
