import { ImageError } from '../../image';

/** The parts of esbuild that are used. */
export type Esbuild = Pick<typeof import('esbuild'), 'build' | 'context' | 'version'>;

/** The oldest that is held to: what package.json says of the peer. */
const OLDEST_MINOR = 25;

/**
 * The bundler, which users install themselves. Loaded when it is needed: constructs and other commands do without.
 *
 * @param from what loads it. @default - this file's own `require`
 * @throws {@link ImageError} when it is not installed, or too old
 */
export function loadEsbuild(from: (name: 'esbuild') => unknown = () => require('esbuild')): Esbuild {
  let esbuild: Esbuild;
  try {
    esbuild = from('esbuild') as Esbuild;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') {
      throw new ImageError("package 'esbuild': is not installed; run 'npm install --save-dev esbuild'");
    }
    throw new ImageError(`package 'esbuild': cannot be loaded (${message}); run 'npm install --save-dev esbuild'`);
  }
  const [major = 0, minor = 0] = esbuild.version.split('.').map(Number);
  if (major === 0 && minor < OLDEST_MINOR) {
    throw new ImageError(
      `package 'esbuild': version ${esbuild.version} is older than 0.${OLDEST_MINOR}; run 'npm install --save-dev esbuild@latest'`,
    );
  }
  return esbuild;
}
