/** Folder of the program in an image; it is the working directory too. */
export const APP_FOLDER = '/app';

/** The program in an image that was built here. */
export const MAIN_PROGRAM = `${APP_FOLDER}/main.mjs`;

/** The programs of `@spirekit/runtime` (helper, probe, exporter and others) in an image that was built here. */
export const RUNTIME_PROGRAMS = `${APP_FOLDER}/spirekit/runtime.cjs`;

/** Node.js in an image that has no base. */
export const NODE_PROGRAM = '/usr/local/bin/node';

/** The user and group that programs run as: `nonroot`, as images of the kind have it. */
export const NONROOT_ID = 65532;
