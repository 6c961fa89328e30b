import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { objectsIn, type Written } from '../support/synthesized';

/** The definitions that lie beside a program of the tier. */
export function definitionsBeside(program: string, folder: string): Written[] {
  const places = (process.env.PATH ?? '').split(delimiter);
  const place = places.find((each) => existsSync(join(each, program)));
  if (!place) throw new Error(`${program} is not on PATH; test/live/delivery/build.sh FOLDER builds it`);
  const files = readdirSync(join(place, folder)).sort();
  return files.flatMap((file) => objectsIn(readFileSync(join(place, folder, file), 'utf8')));
}
