import { ImageError, quoted } from '../../image';
import type { BackEndName, ImageBackEnd } from './back-end';
import { buildah } from './buildah';
import { spirekit } from './spirekit';

export type { BackEndName, BackEndTools, BuiltLayer, ImageBackEnd, ImageContent, MadeImage } from './back-end';
export { DOCKERFILE, writeContext } from './context';
export { DOCKERFILE_HEAD } from './dockerfile';

const KNOWN: Readonly<Record<BackEndName, ImageBackEnd>> = { spirekit, buildah };

/** The back end of a name, or the one that is given itself. @throws ImageError if it is none */
export function backEndOf(choice: BackEndName | ImageBackEnd = 'spirekit'): ImageBackEnd {
  if (typeof choice === 'object' && typeof choice?.make === 'function') return choice;
  if (typeof choice === 'string' && Object.hasOwn(KNOWN, choice)) return KNOWN[choice];
  const shown = typeof choice === 'string' ? quoted(choice) : String(choice);
  throw new ImageError(`backend ${shown} is no back end; write ${Object.keys(KNOWN).join(' or ')}`);
}
