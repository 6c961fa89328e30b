import { type Digest, type ImageRecord, pathFrom, RECORD_SCHEMA, realPath } from '../image';
import type { InputFile } from './app';

/** What a record is made of. */
export interface RecordParts {
  readonly digest: Digest;
  readonly repository: string;
  readonly node: string;
  readonly entry: string;
  readonly settings: Digest;
  readonly inputs: readonly InputFile[];
  /** The project's folder, an absolute path without links. */
  readonly project: string;
}

/** The record of an image that lies in a folder. Paths in it are relative: both may move together. */
export function recordText(folder: string, { inputs, project, ...parts }: RecordParts): string {
  const record: ImageRecord = {
    schema: RECORD_SCHEMA,
    ...parts,
    project: pathFrom(realPath(folder), project),
    inputs: Object.fromEntries(inputs.map(({ path, sha256 }) => [path, `sha256:${sha256}` as const])),
  };
  return `${JSON.stringify(record, undefined, 2)}\n`;
}
