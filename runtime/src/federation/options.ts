import { quote } from '../id/quote';
import { FederationError } from './federation-error';

/** A number of milliseconds that something can take. */
export function requireDuration(name: string, value: number): number {
  if (typeof value !== 'number' || !(value > 0 && Number.isFinite(value))) {
    throw badOption(name, value, 'is no time; give milliseconds, more than 0');
  }
  return value;
}

/** A whole number from 0. */
export function requireCount(name: string, value: number): number {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    throw badOption(name, value, 'is no whole number from 0; give one');
  }
  return value;
}

/** The error for an option that has a value that it cannot have. */
export function badOption(name: string, value: unknown, fault: string): FederationError {
  return new FederationError('bad-option', `option ${name} ${quote(value)}: ${fault}`);
}
