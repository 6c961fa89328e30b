import { statSync } from 'node:fs';
import { isLate, isObject, PLAIN_PROBLEM } from '../core';
import { IMAGE_BUILD, type ImageBuildProps } from './image-props';
import { IMAGE_PLATFORMS } from './platform';
import { ImageReference } from './reference';

/** What is wrong with a property of an image. */
export interface BuildProblem {
  readonly property: string;
  readonly value?: unknown;
  /** A clause that follows the property and the value. */
  readonly message: string;
  /** @default - the message says it */
  readonly remedy?: string;
}

/** Names that programs can read as variables of the environment. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is wrong with the properties of an image, as far as it can be known without building it. Types are not relied on. */
export function buildProblems(props: ImageBuildProps): BuildProblem[] {
  const { env, labels, define, sourceMap } = props;
  return [
    ...unknownProblems(props),
    ...entryProblems(props.entry),
    ...repositoryProblems(props.repository),
    ...textProblems('layout', props.layout, 'name a folder'),
    ...platformProblems(props.platforms),
    ...textProblems('node', props.node, "write a version in quotes, such as '24'"),
    ...baseProblems(props.base),
    ...fileProblems(props.files),
    ...mapProblems('env', env),
    ...Object.keys(isObject(env) && !isLate(env) ? (env as object) : {}).flatMap((name): BuildProblem[] => {
      const message = 'is no name of a variable of the environment';
      const remedy = 'write letters, digits and _, and no digit in front';
      return VARIABLE.test(name) ? [] : [{ property: 'env', value: name, message, remedy }];
    }),
    ...mapProblems('labels', labels),
    ...mapProblems('define', define),
    ...(isNone(sourceMap) || typeof sourceMap === 'boolean'
      ? []
      : [{ property: 'sourceMap', value: sourceMap, message: 'is not a boolean', remedy: 'write true or false' }]),
  ];
}

/** Programs in JavaScript write `null` where others leave a property out. */
const isNone = (value: unknown): value is undefined | null => value === undefined || value === null;

function unknownProblems(props: object): BuildProblem[] {
  const known = Object.keys(IMAGE_BUILD);
  const remedy = `write one of ${known.join(', ')}`;
  const names = Object.keys(props).filter((name) => !known.includes(name));
  return names.map((property) => ({ property, message: 'is not a property', remedy }));
}

function entryProblems(entry: unknown): BuildProblem[] {
  const property = 'entry';
  const remedy = 'name the file that the program begins with';
  if (isNone(entry)) return [{ property, message: 'is missing', remedy }];
  if (typeof entry !== 'string') return textProblems(property, entry, remedy);
  return isFile(entry) ? [] : [{ property, value: entry, message: 'is no file', remedy }];
}

/** Why a file cannot be looked at does not matter here: the builder says it of what is there. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function repositoryProblems(repository: unknown): BuildProblem[] {
  const property = 'repository';
  const remedy = 'write where the image is pushed to, such as registry.example.com/shop/server';
  if (isNone(repository)) return [{ property, message: 'is missing', remedy }];
  if (typeof repository !== 'string') return textProblems(property, repository, remedy);
  const parsed = ImageReference.tryParse(repository);
  if (!parsed.ok) return [{ property, message: `is no reference: ${parsed.problem}` }];
  if (parsed.value.digest === undefined) return [];
  const message = 'names a digest, which an image has only when it is built';
  const instead = 'leave it out; an image that is there is WorkloadImage.existing()';
  return [{ property, value: repository, message, remedy: instead }];
}

function baseProblems(base: unknown): BuildProblem[] {
  const property = 'base';
  const remedy = 'write the reference of an image with its digest: gcr.io/distroless/nodejs24-debian13@sha256:…';
  if (isNone(base) || typeof base !== 'string') return textProblems(property, base, remedy);
  const parsed = ImageReference.tryParse(base);
  if (!parsed.ok) return [{ property, message: `is no reference: ${parsed.problem}` }];
  if (parsed.value.digest !== undefined) return [];
  const message = 'names no digest, so that every build could be upon another image';
  return [{ property, value: base, message, remedy }];
}

function platformProblems(platforms: unknown): BuildProblem[] {
  if (isNone(platforms)) return [];
  const property = 'platforms';
  const remedy = `write ${IMAGE_PLATFORMS.join(' or ')}, or leave it out for both`;
  if (!Array.isArray(platforms)) return [{ property, value: platforms, message: 'is no list', remedy }];
  if (platforms.length === 0) return [{ property, message: 'is empty', remedy }];
  const unknown = platforms.filter((platform) => !IMAGE_PLATFORMS.includes(platform));
  return unknown.map((value) => ({ property, value, message: 'is no platform that images are built for', remedy }));
}

function fileProblems(files: unknown): BuildProblem[] {
  if (isNone(files)) return [];
  const property = 'files';
  const remedy = "write [{ from: 'public', to: 'public' }]";
  if (!Array.isArray(files)) return [{ property, value: files, message: 'is no list', remedy }];
  const wrong = files.filter((file) => typeof file?.from !== 'string' || typeof file.to !== 'string');
  return wrong.map((value) => ({ property, value, message: 'does not say from where a file is and where to', remedy }));
}

function mapProblems(property: string, map: unknown): BuildProblem[] {
  if (isNone(map)) return [];
  if (isLate(map)) return [{ property, ...PLAIN_PROBLEM }];
  if (!isObject(map)) {
    return [{ property, value: map, message: 'is not a map of text', remedy: "write { NAME: 'value' }" }];
  }
  return Object.entries(map as object).flatMap(([name, value]): BuildProblem[] => {
    if (isLate(value)) return [{ property, value: name, ...PLAIN_PROBLEM }];
    if (typeof value === 'string' && !value.includes('\0')) return [];
    return [{ property, value: name, message: 'has a value that is no text', remedy: 'write it in quotes' }];
  });
}

function textProblems(property: string, value: unknown, remedy: string): BuildProblem[] {
  if (isNone(value)) return [];
  if (isLate(value)) return [{ property, ...PLAIN_PROBLEM }];
  if (typeof value !== 'string') return [{ property, value, message: 'is not text', remedy }];
  return value === '' ? [{ property, message: 'is empty', remedy }] : [];
}
