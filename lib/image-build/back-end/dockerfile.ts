import { isDeepStrictEqual } from 'node:util';
import { architectureOf, ImageError, quoted } from '../../image';
import type { Layer } from '../layer';
import type { ImageContent } from './back-end';

/** First line of the files that are written here, by which they are known. */
export const DOCKERFILE_HEAD =
  '# An image of spirekit: its layers lie beside this file, in a folder for each architecture.';

/** Names of labels that need no quotes, in which not every builder takes them. */
const LABEL_NAME = /^[A-Za-z0-9._/-]+$/;

const REMEDY = "leave it out, or the back end: 'spirekit' takes any text";

/** Where a layer lies in the folder of a Dockerfile, with a slash. */
export function layerFile({ platform }: ImageContent, { name }: Layer): string {
  return `${architectureOf(platform)}/${name}.tar.gz`;
}

/**
 * The Dockerfile of an image whose layers lie beside it as archives: builders unpack these as they are, with owners, permissions and
 * times, whatever system they lie on. Nothing is run in it, so that every machine can build for each platform.
 *
 * @param contents for one platform or more
 * @throws ImageError if a text cannot be written in a Dockerfile, or bases differ by platform in what one file has to say
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function dockerfileOf(contents: readonly ImageContent[]): string {
  const [first, ...others] = contents as readonly [ImageContent, ...ImageContent[]];
  const other = others.find(({ config }) => !isDeepStrictEqual(config, first.config));
  if (other) {
    throw new ImageError(
      `base '${first.base?.reference}' has other variables or another program for ${other.platform} than for ${first.platform}, ` +
        'and one Dockerfile has one of each; name a single platform',
    );
  }
  const { User = '', Env = [], Entrypoint = [], WorkingDir = '', Labels = {}, StopSignal = '' } = first.config;
  const labels = Object.entries(Labels).map(([name, value]) => labelOf(name, value));
  const lines = [
    DOCKERFILE_HEAD,
    `FROM ${first.base?.reference ?? 'scratch'}`,
    'ARG TARGETARCH',
    ...(Env.length > 0 ? [`ENV ${Env.map(variableOf).join(' ')}`] : []),
    `USER ${User}`,
    `STOPSIGNAL ${StopSignal}`,
    `ENTRYPOINT ${JSON.stringify(Entrypoint)}`,
    'CMD []', // what a base says stands otherwise
    ...first.layers.map(({ name }) => `ADD \${TARGETARCH}/${name}.tar.gz /`),
    // The folder is there by now; builders make a layer of one that is not.
    `WORKDIR ${WorkingDir}`,
    ...(labels.length > 0 ? [`LABEL ${labels.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function variableOf(pair: string): string {
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  return `${name}=${textOf(pair.slice(at + 1), `env ${quoted(name)}`)}`;
}

function labelOf(name: string, value: string): string {
  if (LABEL_NAME.test(name)) return `${name}=${textOf(value, `labels ${quoted(name)}`)}`;
  throw new ImageError(`labels ${quoted(name)} has a name that not every Dockerfile can hold; ${REMEDY}`);
}

/** A text in quotes: no variable in it is replaced. */
function textOf(text: string, what: string): string {
  if (!/[\r\n]/.test(text)) return `"${text.replace(/["\\$]/g, (character) => `\\${character}`)}"`;
  throw new ImageError(`${what} has a value of several lines, which a Dockerfile cannot hold; ${REMEDY}`);
}
