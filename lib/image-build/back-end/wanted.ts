import { isDeepStrictEqual } from 'node:util';
import { architectureOf, type ImageConfig, ImageError, type Manifest, MEDIA_TYPE } from '../../image';
import type { ImageContent } from './back-end';

/** An image as another program has made it. */
export interface GivenImage {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

/**
 * Holds what another program has made to what was wanted. What a base says more of itself, such as ports, may stay.
 *
 * @param program as the message names it
 * @throws ImageError if it is another image
 */
export function requireWanted(program: string, content: ImageContent, { manifest, config }: GivenImage): void {
  const { base, layers, platform } = content;
  const wanted = content.config;
  const made = config.config ?? {};
  const labels = Object.fromEntries(Object.keys(wanted.Labels ?? {}).map((name) => [name, made.Labels?.[name]]));
  const differences: readonly (readonly [string, unknown, unknown])[] = [
    ['platform', `${config.os}/${config.architecture}`, `linux/${architectureOf(platform)}`],
    ['number of layers', manifest.layers.length, (base?.layers.length ?? 0) + layers.length],
    ['kinds of layers', [...new Set(manifest.layers.map(({ mediaType }) => mediaType))], [MEDIA_TYPE.layer]],
    ['User', made.User, wanted.User],
    ['Entrypoint', made.Entrypoint, wanted.Entrypoint],
    ['Cmd', made.Cmd ?? [], wanted.Cmd ?? []],
    ['WorkingDir', made.WorkingDir, wanted.WorkingDir],
    ['StopSignal', made.StopSignal, wanted.StopSignal],
    ['Env', [...(made.Env ?? [])].sort(), [...(wanted.Env ?? [])].sort()],
    ['Labels', labels, wanted.Labels ?? {}],
  ];
  const found = differences.find(([, is, shall]) => !isDeepStrictEqual(is, shall));
  if (!found) return;
  const [what, is, shall] = found;
  throw new ImageError(
    `${program} made an image with the ${what} ${JSON.stringify(is) ?? 'none'} instead of ${JSON.stringify(shall)}; ` +
      "take another version of it, or leave the back end out: 'spirekit' needs no other program",
  );
}
