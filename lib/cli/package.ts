/** What the command says of itself. */
export interface Manifest {
  readonly version: string;
  /** Where the documents lie; undefined until the package names a home. */
  readonly homepage?: string;
}

/** The manifest of this package, which lies beside the folder of the built code. */
export function manifest(): Manifest {
  // As a module, so that it is part of the bundle where the command is put into an image.
  return require('../../package.json') as Manifest;
}
