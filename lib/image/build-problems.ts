import { statSync } from 'node:fs';
import type { ImageBuildProps } from './image-props';
import { IMAGE_PLATFORMS } from './platform';
import { ImageReference } from './reference';

/** What is wrong with a property of an image. */
export interface BuildProblem {
  readonly property: keyof ImageBuildProps;
  readonly value?: unknown;
  /** A clause that follows the property and the value. */
  readonly message: string;
  readonly remedy: string;
}

/** Names that programs can read as variables of the environment. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is wrong with the properties of an image, as far as it can be known without building it. */
export function buildProblems(props: ImageBuildProps): BuildProblem[] {
  const { repository, base, platforms, env = {}, labels = {}, define = {} } = props;
  return [
    ...entryProblems(props),
    ...repositoryProblems(repository),
    ...baseProblems(base),
    ...platformProblems(platforms),
    ...Object.keys(env).flatMap((name): BuildProblem[] => {
      const message = 'is no name of a variable of the environment';
      const remedy = 'write letters, digits and _, and no digit in front';
      return VARIABLE.test(name) ? [] : [{ property: 'env', value: name, message, remedy }];
    }),
    ...Object.entries({ env, labels, define }).flatMap(([property, texts]) =>
      Object.entries(texts ?? {}).flatMap(([name, value]): BuildProblem[] =>
        typeof value === 'string' && !value.includes('\0')
          ? []
          : [
              {
                property: property as 'env',
                value: name,
                message: 'has a value that is no text',
                remedy: 'write a text',
              },
            ],
      ),
    ),
  ];
}

function entryProblems({ entry }: ImageBuildProps): BuildProblem[] {
  const remedy = 'name the file that the program begins with';
  if (entry === undefined) return [{ property: 'entry', message: 'is missing', remedy }];
  const isFile = typeof entry === 'string' && statSync(entry, { throwIfNoEntry: false })?.isFile();
  return isFile ? [] : [{ property: 'entry', value: entry, message: 'is no file', remedy }];
}

function repositoryProblems(repository: unknown): BuildProblem[] {
  const property = 'repository';
  const remedy = 'write where the image is pushed to, such as registry.example.com/shop/server';
  if (repository === undefined) return [{ property, message: 'is missing', remedy }];
  const parsed = ImageReference.tryParse(repository as string);
  if (!parsed.ok) return [{ property, message: `is no reference: ${parsed.problem}`, remedy }];
  if (parsed.value.digest === undefined) return [];
  const message = 'names a digest, which an image has only when it is built';
  return [
    {
      property,
      value: repository,
      message,
      remedy: 'leave it out; an image that is there is WorkloadImage.existing()',
    },
  ];
}

function baseProblems(base: unknown): BuildProblem[] {
  if (base === undefined) return [];
  const property = 'base';
  const remedy = 'write the reference of an image with its digest: gcr.io/distroless/nodejs24-debian13@sha256:…';
  const parsed = ImageReference.tryParse(base as string);
  if (!parsed.ok) return [{ property, message: `is no reference: ${parsed.problem}`, remedy }];
  if (parsed.value.digest !== undefined) return [];
  return [
    { property, value: base, message: 'names no digest, so that every build could be upon another image', remedy },
  ];
}

function platformProblems(platforms: unknown): BuildProblem[] {
  if (platforms === undefined) return [];
  const property = 'platforms';
  const remedy = `write ${IMAGE_PLATFORMS.join(' or ')}, or leave it out for both`;
  if (!Array.isArray(platforms)) return [{ property, value: platforms, message: 'is no list', remedy }];
  if (platforms.length === 0) return [{ property, message: 'is empty', remedy }];
  const unknown = platforms.filter((platform) => !IMAGE_PLATFORMS.includes(platform));
  return unknown.map((value) => ({ property, value, message: 'is no platform that images are built for', remedy }));
}
