import { readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject, readJson } from '../../core/strict-json';
import { quote } from '../../id/quote';
import { messageOf } from '../program';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads a configuration file: one JSON object.
 *
 * @param path the file
 * @param faults where to add what is wrong with it
 * @returns undefined when there is none to be read
 */
export function readConfiguration(path: string, faults: string[]): JsonObject | undefined {
  try {
    const value = readJson(readFileSync(path), { maxBytes: MAX_BYTES });
    if (isJsonObject(value)) {
      return value;
    }
    faults.push(`--config ${quote(path)}: is no JSON object; write options as { "name": value }`);
  } catch (error) {
    faults.push(`--config ${quote(path)}: ${messageOf(error)}`);
  }
  return undefined;
}
