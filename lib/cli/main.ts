#!/usr/bin/env node
import { run } from './command';
import { EXIT, messageOf } from './failure';

/** So long the process may take to end by itself once all is done, in milliseconds. */
const GRACE = 1_000;

// By itself Node.js would end with 1, which says that errors were found.
process.on('uncaughtException', (error) => {
  process.stderr.write(`spirekit: ${error?.stack ?? messageOf(error)}\n`, () => process.exit(EXIT.failure));
});

void run(process.argv.slice(2)).then((code) => {
  // Not exit(): what is written to a pipe shall arrive.
  process.exitCode = code;
  // What was written has arrived by now. A program that a kubeconfig names for credentials, and that hangs, must not keep this one alive.
  setTimeout(() => process.exit(code), GRACE).unref();
});
